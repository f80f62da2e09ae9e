# Signals: handlers run between instructions, in loops too, and may raise.
import _signal as signal
import os
import time

seen = []


def handler(number, frame):
    seen.append((number, frame is not None, frame.f_code.co_name))


print(signal.getsignal(signal.SIGUSR1), signal.signal(signal.SIGUSR1, handler), signal.getsignal(signal.SIGUSR1) is handler)
os.kill(os.getpid(), signal.SIGUSR1)
print(seen)
signal.raise_signal(signal.SIGUSR1)
print(len(seen))


def spin():
    n = 0
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    while not done:
        n += 1
    return n > 0


done = []
signal.signal(signal.SIGALRM, lambda number, frame: done.append(frame.f_code.co_name))
print(spin(), done)


class Stop(Exception):
    pass


def stop(number, frame):
    raise Stop("in time")


signal.signal(signal.SIGALRM, stop)


def loop():
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    total = 0
    try:
        while True:
            total += 1
    except Stop as error:
        return str(error), total > 0


print(loop())
try:
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(60)
except Stop:
    print("sleep was cut short")
done.clear()
signal.signal(signal.SIGALRM, lambda number, frame: done.append(1))
start = time.monotonic()
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
time.sleep(0.05)
left = signal.setitimer(signal.ITIMER_REAL, 0)
print(time.monotonic() - start >= 0.05, len(done) > 1, left[1], signal.getitimer(signal.ITIMER_REAL))
r, w = os.pipe()
done.clear()
signal.signal(signal.SIGALRM, lambda number, frame: os.write(w, b"x"))
signal.setitimer(signal.ITIMER_REAL, 0.01)
print(os.read(r, 1))
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
signal.signal(signal.SIGINT, lambda number, frame: print("handled", number))
signal.raise_signal(signal.SIGINT)
print(signal.signal(signal.SIGINT, signal.SIG_IGN) is not None, signal.raise_signal(signal.SIGINT))
signal.signal(signal.SIGINT, signal.default_int_handler)
print(signal.signal(signal.SIGUSR1, signal.SIG_DFL) is handler, signal.getsignal(signal.SIGUSR1))

signal.signal(signal.SIGUSR2, lambda number, frame: seen.append("second"))
print(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]))
signal.raise_signal(signal.SIGUSR2)
print(signal.sigpending(), seen[-1] != "second", signal.sigwait({signal.SIGUSR2}) == signal.SIGUSR2, signal.sigpending())
signal.raise_signal(signal.SIGUSR2)
print(signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR2]), seen[-1])
print(signal.sigtimedwait([signal.SIGUSR2], 0), signal.alarm(100), signal.alarm(0) > 90)
os.set_blocking(w, False)
print(signal.set_wakeup_fd(w), end=" ")
signal.raise_signal(signal.SIGUSR2)
print(os.read(r, 10) == bytes([signal.SIGUSR2]), signal.set_wakeup_fd(-1) == w)
print(signal.strsignal(signal.SIGTERM), signal.SIGKILL in signal.valid_signals(), signal.siginterrupt(signal.SIGUSR2, False))


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(attempt(signal.signal, 0, handler), attempt(signal.signal, 65, handler), attempt(signal.signal, signal.SIGUSR1, 5))
print(attempt(signal.signal, signal.SIGKILL, handler), attempt(signal.getsignal, 100), attempt(signal.setitimer, 9, 1))
print(attempt(signal.sigwait, [0]), attempt(signal.set_wakeup_fd, 999), attempt(signal.set_wakeup_fd, r).replace(str(r), "R"), attempt(signal.strsignal, 0))
