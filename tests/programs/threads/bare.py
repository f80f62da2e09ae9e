# Threads of `_thread` alone, which is little enough to be collected at every allocation: what each holds stays alive.
import _thread

N_THREADS, N_ROUNDS = 4, 6
lock, done = _thread.allocate_lock(), [_thread.allocate_lock() for _ in range(N_THREADS)]
shared, counts, problems = {}, [0] * N_THREADS, []
total = 0


def numbers(n):
    for i in range(n):
        yield [i, str(i)]


def deep(n, value):
    held = [value, n]
    if n:
        assert deep(n - 1, value) == n - 1
    assert held == [value, n]
    return n


def work(me):
    global total
    try:
        for n in range(N_ROUNDS):
            key = f"{me}-{n}"
            shared[key] = [me, n]
            with lock:
                total += 1
            for pair in numbers(3):
                lock.acquire()
                lock.release()
                assert pair == [pair[0], str(pair[0])]
            deep(5, key)
            try:
                raise ValueError(key)
            except ValueError as error:
                assert error.args == (key,)
            assert shared[key] == [me, n]
            counts[me] += 1
    except BaseException as error:
        problems.append(error)
    finally:
        done[me].release()


for me in range(N_THREADS):
    done[me].acquire()
    _thread.start_new_thread(work, (me,))
for me in range(N_THREADS):
    done[me].acquire()
print(problems, total, counts)
print(len(shared), all(shared[f"{me}-{n}"] == [me, n] for me in range(N_THREADS) for n in range(N_ROUNDS)))
own = _thread._local()
own.value = [1]
handles = [_thread.start_joinable_thread(lambda: problems.append(hasattr(own, "value"))) for _ in range(2)]
for handle in handles:
    handle.join()
print(problems, own.value, [handle.is_done() for handle in handles])
