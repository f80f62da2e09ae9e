# Not under gc: it imports subprocess and tempfile.
import faulthandler
import os
import signal
import subprocess
import sys
import tempfile


def run(*lines):
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True)
    names = [line.split(" in ")[-1] for line in done.stderr.splitlines() if line.startswith("  File")]
    print(done.returncode < 0, done.stderr.splitlines()[:1], names)


run("import faulthandler, os, signal", "faulthandler.enable()", "def f(): os.kill(os.getpid(), signal.SIGSEGV)", "f()")
run("import faulthandler, os", "faulthandler.enable()", "def g(): os.abort()", "g()")
run("import faulthandler, signal", "faulthandler.enable()", "faulthandler.disable()", "signal.raise_signal(signal.SIGABRT)")

print(faulthandler.unregister(signal.SIGUSR1))
try:
    faulthandler.register(signal.SIGSEGV)
except RuntimeError as error:
    print(error)


def told(file):
    file.seek(0)
    lines = file.read().splitlines()
    file.seek(0)
    file.truncate()
    return [line.split(" in ")[-1] for line in lines]


def send():
    os.kill(os.getpid(), signal.SIGUSR1)


with tempfile.TemporaryFile("w+") as file:
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    send()
    print(told(file))
    print(faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
    called = []
    signal.signal(signal.SIGUSR1, lambda number, frame: called.append(number == signal.SIGUSR1))
    faulthandler.register(signal.SIGUSR1, file, all_threads=False, chain=True)
    send()
    print(called, told(file))
    faulthandler.register(signal.SIGUSR1, file, all_threads=False, chain=False)
    send()
    print(called, told(file))
    faulthandler.unregister(signal.SIGUSR1)
    send()
    print(called, told(file))
