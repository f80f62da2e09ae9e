# Not under gc: it waits for a time.
# `faulthandler.dump_traceback_later` tells where all threads stand once its time is over, unless it is taken back.
import faulthandler
import os
import re
import sys
import tempfile
import threading
import time


def shown(file):
    file.seek(0)
    text = file.read().decode().replace(__file__, "FILE")
    text = re.sub(r' File ".*(threading.py)", line \d+ in (.*)', r" \1 in \2", re.sub("0x[0-9a-f]+", "0x", text))
    print(re.sub(r" \[.*?\]", "", text))


def sleep(seconds):
    time.sleep(seconds)


with tempfile.TemporaryFile() as file:
    faulthandler.dump_traceback_later(0.02, file=file)
    sleep(0.06)
    shown(file)
with tempfile.TemporaryFile() as file:
    faulthandler.dump_traceback_later(0.02, file=file)
    faulthandler.cancel_dump_traceback_later()
    faulthandler.dump_traceback_later(9, file=file)
    faulthandler.dump_traceback_later(0.03, True, file.fileno())
    sleep(0.13)
    faulthandler.cancel_dump_traceback_later()
    file.seek(0)
    print(file.read().count(b"Timeout (0:00:00.030000)!\n") >= 2)
with tempfile.TemporaryFile() as file:
    go, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: (ready.set(), go.wait()))
    thread.start()
    ready.wait()
    faulthandler.dump_traceback(file)
    faulthandler.dump_traceback(file, all_threads=False)
    go.set()
    thread.join()
    file.seek(0)
    text = file.read().decode()
    print(text.index("\nThread 0x" if text[0] != "T" else "Thread 0x") < text.index("\nCurrent thread 0x") < text.index("Stack (most"))
for timeout in 0, -1:
    try:
        faulthandler.dump_traceback_later(timeout)
    except ValueError as error:
        print(error)
sys.stderr = None
try:
    faulthandler.dump_traceback_later(1)
except RuntimeError as error:
    print(error)
with tempfile.TemporaryFile() as file:
    pid = os.fork()
    if pid == 0:
        source = f"faulthandler.dump_traceback_later(0.01, file={file.fileno()}, exit=True)\nwhile 1: pass"
        exec(compile(source, "é" * 600, "exec"))
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    file.seek(0)
    print(file.read().decode().splitlines()[2][-30:])
