# A process is copied beside threads: the copy has the one that copied it.
import os
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def in_child(body):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            body()
            sys.stdout.flush()
        finally:
            os._exit(7)
    print("child ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


stop = threading.Event()


def busy():
    n = 0
    while not stop.is_set():
        n += 1


threads = [threading.Thread(target=busy) for _ in range(3)] + [threading.Thread(target=stop.wait)]
for thread in threads:
    thread.start()


def look():
    print(threading.active_count(), threading.current_thread() is threading.main_thread(), threads[0].is_alive())
    more = threading.Thread(target=lambda: print("a thread of the child"))
    more.start()
    more.join()
    n = 0
    for i in range(50000):
        n += i
    print(n)


in_child(look)
print(threading.active_count())


# The thread that copies the process is the main one there.
own = threading.local()
own.name = "main"


def from_thread():
    own.name = "copying"
    main = threading.main_thread()

    def body():
        print(threading.main_thread() is threading.current_thread(), threading.active_count(), own.name)
        more = threading.Thread(target=lambda: (main.join(), print("the main thread is over", hasattr(own, "name"))))
        more.start()
        more.join()

    in_child(body)


thread = threading.Thread(target=from_thread)
thread.start()
thread.join()


# What other threads are in the middle of is not done in the child.
def holding():
    try:
        stop.wait()
    finally:
        results.append("left")


def generator():
    try:
        yield 1
    finally:
        results.append("closed")


def in_generator():
    for _ in generator():
        stop.wait()


results = []
more = [threading.Thread(target=holding), threading.Thread(target=in_generator)]
for thread in more:
    thread.start()
time.sleep(0.02)


def collect():
    import gc
    gc.collect()
    print("in the child", results)


in_child(collect)
stop.set()
for thread in threads + more:
    thread.join()
print(sorted(results))

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    idle = threading.Event()
    thread = threading.Thread(target=idle.wait)
    thread.start()
    in_child(lambda: None)
    idle.set()
    thread.join()
print([str(one.message).replace(str(os.getpid()), "PID") for one in seen])
