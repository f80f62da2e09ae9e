# Not under gc: what it imports takes long already, in each of its processes.
# Programs whose pipes threads serve; pools of processes.
import multiprocessing
import subprocess
import threading


def programs():
    data = bytes(range(256)) * 2000
    done = subprocess.run(["cat"], input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    print(done.returncode, done.stdout == data, done.stderr)
    process = subprocess.Popen(["sh", "-c", "cat; echo err >&2"], stdin=-1, stdout=-1, stderr=-1, text=True)
    print(process.communicate("some text\n", timeout=60))
    try:
        subprocess.run(["sleep", "10"], timeout=0.05)
    except subprocess.TimeoutExpired as error:
        print(type(error).__name__)
    results = []

    def ask(n):
        results.append(subprocess.check_output(["echo", str(n)], text=True))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sorted(results))


def square(n):
    return n * n


def fail(n):
    raise ValueError(n)


def put(queue, lock, n):
    with lock:
        queue.put((n, "put"))


def pools():
    for method in ("fork",):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(method, pool.map(square, range(8)), pool.apply_async(square, (9,)).get(60))
            try:
                pool.apply(fail, (3,))
            except ValueError as error:
                print(repr(error))
        queue, lock = context.Queue(), context.RLock()
        process = context.Process(target=put, args=(queue, lock, 5))
        process.start()
        print(queue.get(timeout=60))
        process.join()
        print(process.exitcode, lock.acquire(), lock.acquire(False))
        for _ in range(2):
            lock.release()
        try:
            lock.release()
        except AssertionError as error:
            print(error)
        semaphore = context.BoundedSemaphore(2)
        print([semaphore.acquire(timeout=0.01) for _ in range(3)])
        for _ in range(2):
            semaphore.release()
        try:
            semaphore.release()
        except ValueError as error:
            print(error)


if __name__ == "__main__":
    programs()
    pools()
