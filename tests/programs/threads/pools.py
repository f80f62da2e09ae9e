# Not under gc: importing concurrent.futures takes minutes there.
# Executors of threads: results, exceptions, order, cancelling, shutting down.
import concurrent.futures as futures
import threading
import time


def square(n):
    time.sleep(0.001 * (n % 3))
    return n * n


def fail(n):
    raise ValueError(n)


with futures.ThreadPoolExecutor(4, thread_name_prefix="worker") as pool:
    print(list(pool.map(square, range(20))))
    jobs = [pool.submit(square, n) for n in range(10)]
    print(sorted(job.result() for job in futures.as_completed(jobs)))
    failing = pool.submit(fail, 7)
    print(repr(failing.exception()), failing.done(), failing.cancelled())
    try:
        failing.result()
    except ValueError as error:
        print("raised", error, error.__traceback__ is not None)
    done, pending = futures.wait(jobs, timeout=5)
    print(len(done), len(pending))
    names = {pool.submit(lambda: threading.current_thread().name).result() for _ in range(5)}
    print(all(name.startswith("worker_") for name in names))

gate = threading.Event()
pool = futures.ThreadPoolExecutor(1)
first = pool.submit(gate.wait)
second = pool.submit(square, 3)
print(second.cancel(), second.cancelled(), first.running())
try:
    first.result(timeout=0.01)
except futures.TimeoutError as error:
    print(type(error).__name__)
gate.set()
print(first.result())
pool.shutdown()
try:
    pool.submit(square, 1)
except RuntimeError as error:
    print(error)

log = []
with futures.ThreadPoolExecutor(2, initializer=lambda tag: log.append(tag), initargs=("begun",)) as pool:
    pool.submit(square, 1).add_done_callback(lambda job: log.append(job.result()))
print(log[0], log[-1])


def broken():
    raise RuntimeError("cannot begin")


import logging
logging.disable(logging.CRITICAL)
with futures.ThreadPoolExecutor(1, initializer=broken) as pool:
    try:
        pool.submit(square, 1).result()
    except futures.thread.BrokenThreadPool as error:
        print(type(error).__name__)

# Work in work; results in the order of asking.
with futures.ThreadPoolExecutor(3) as outer, futures.ThreadPoolExecutor(3) as inner:
    print(list(outer.map(lambda n: inner.submit(square, n).result(), range(6))))
