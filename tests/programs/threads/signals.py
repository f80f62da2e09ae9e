# Signals are the main thread's, whatever it waits for, and whoever sends them.
import _thread
import signal
import threading
import time

main = threading.main_thread().ident
log = []
signal.signal(signal.SIGUSR1, lambda number, frame: log.append(threading.get_ident() == main))


def send(number=signal.SIGUSR1):
    time.sleep(0.02)
    signal.pthread_kill(main, number)


def sending(number=signal.SIGUSR1):
    thread = threading.Thread(target=send, args=(number,))
    thread.start()
    return thread


lock = threading.Lock()
lock.acquire()
thread = sending()
start = time.monotonic()
print(lock.acquire(timeout=0.3), time.monotonic() - start >= 0.3, log)
thread.join()

for wait in (lambda: lock.acquire(), lambda: time.sleep(20), lambda: threading.Event().wait(), busy := lambda: [None for _ in iter(int, 1)]):
    thread = sending(signal.SIGINT)
    try:
        wait()
        print("not interrupted")
    except KeyboardInterrupt:
        print("interrupted")
    thread.join()


def interrupt():
    time.sleep(0.02)
    _thread.interrupt_main()


thread = threading.Thread(target=interrupt)
thread.start()
try:
    while True:
        pass
except KeyboardInterrupt:
    print("by a thread")
thread.join()
signal.signal(signal.SIGINT, signal.SIG_IGN)
_thread.interrupt_main()
print("ignored")
signal.signal(signal.SIGINT, signal.default_int_handler)
_thread.interrupt_main(signal.SIGUSR1)
print(log)
for number in (0, 65, 1000):
    try:
        _thread.interrupt_main(number)
    except ValueError as error:
        print(error)


def set_handler():
    try:
        signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    except ValueError as error:
        log.append(str(error))


thread = threading.Thread(target=set_handler)
thread.start()
thread.join()
print(log[-1])
