# Threads that start, run, count under a lock, and are joined.
import threading
import _thread
import queue
import time


def counting():
    lock = threading.Lock()
    total = 0

    def work():
        nonlocal total
        for _ in range(300):
            with lock:
                total += 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(total, [thread.is_alive() for thread in threads])


def raising():
    seen = []

    def hook(args):
        seen.append((args.exc_type.__name__, str(args.exc_value), args.thread.name))

    def fail():
        raise ValueError("from a thread")

    before, threading.excepthook = threading.excepthook, hook
    thread = threading.Thread(target=fail, name="failing")
    thread.start()
    thread.join()
    threading.excepthook = before
    print(seen)


def errors():
    for what in (
        lambda: _thread.allocate_lock().release(),
        lambda: _thread.RLock().release(),
        lambda: _thread.start_new_thread(1, ()),
        lambda: _thread.start_new_thread(print, []),
        lambda: threading.Thread().join(),
        lambda: threading.current_thread().join(),
        lambda: _thread.allocate_lock().acquire(False, 1),
        lambda: _thread.allocate_lock().acquire(True, -2),
        lambda: _thread.allocate_lock().acquire(True, 1e300),
        lambda: _thread.stack_size(-1),
        lambda: _thread.local() if hasattr(_thread, "local") else _thread._local(1),
    ):
        try:
            what()
        except Exception as error:
            print(type(error).__name__, error)


def timeouts():
    lock = threading.Lock()
    lock.acquire()
    start = time.monotonic()
    print(lock.acquire(timeout=0.02), time.monotonic() - start >= 0.02, lock.acquire(False))
    again = threading.RLock()
    with again, again:
        answers = []
        thread = threading.Thread(target=lambda: answers.append(again.acquire(timeout=0.01)))
        thread.start()
        thread.join()
        print(answers)


def signalling():
    ready, go = threading.Event(), threading.Event()
    log = []

    def work():
        log.append("ready")
        ready.set()
        go.wait()
        log.append("went")

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    log.append("go")
    go.set()
    thread.join()
    print(log)


def queues():
    for make in (queue.Queue, queue.SimpleQueue):
        jobs, results = make(), make()

        def work():
            while (job := jobs.get()) is not None:
                results.put(job * job)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(100):
            jobs.put(n)
        for _ in threads:
            jobs.put(None)
        for thread in threads:
            thread.join()
        print(sum(results.get() for _ in range(100)), results.empty(), results.qsize())
        try:
            results.get(timeout=0.01)
        except queue.Empty:
            print("empty")


def locals_of_threads():
    class Own(threading.local):
        kind = "class"

        def __init__(self, start):
            self.value = start

    own = Own(5)
    own.value += 1
    seen = []

    def work(n):
        seen.append((n, own.value, own.kind))
        own.value = n
        seen.append((n, own.value, sorted(vars(own))))

    for n in range(2):
        thread = threading.Thread(target=work, args=(n,))
        thread.start()
        thread.join()
    print(own.value, seen)
    plain = threading.local()
    plain.here = 1
    thread = threading.Thread(target=lambda: seen.append(hasattr(plain, "here")))
    thread.start()
    thread.join()
    print(seen[-1], plain.here)


def barrier():
    meet = threading.Barrier(4)
    order = []

    def work(n):
        meet.wait()
        order.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sorted(order))


def numbers():
    inside = []
    thread = threading.Thread(target=lambda: inside.append((threading.get_ident(), threading.current_thread())))
    thread.start()
    thread.join()
    print(inside[0][0] == thread.ident, inside[0][1] is thread, thread.ident != threading.get_ident())
    print(threading.main_thread() is threading.current_thread(), threading.active_count())


for test in (counting, raising, errors, timeouts, signalling, queues, locals_of_threads, barrier, numbers):
    test()
