# Not under gc: what it imports takes long already.
# Threads on the same dicts, lists, queues, sets and counters, with a short turn each: nothing is lost, all that dies is finalized
# once.
import collections
import gc
import itertools
import queue
import sys
import threading

N_THREADS, N_ROUNDS = 6, 20
sys.setswitchinterval(1e-5)
print(sys.getswitchinterval())
jobs, results = queue.Queue(5), queue.SimpleQueue()
numbers, pairs, deque, members = {}, [], collections.deque(), set()
lock, condition = threading.RLock(), threading.Condition()
own = threading.local()
total = 0
dead = []
problems = []


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left, self.right = left, right


class Mortal:
    def __init__(self, key):
        self.key, self.me = key, self

    def __del__(self):
        dead.append(self.key)


def tree(depth):
    return Node(tree(depth - 1), tree(depth - 1)) if depth else Node(None, None)


def size(node):
    return 1 + size(node.left) + size(node.right) if node.left else 1


def summing(n):
    total = 0
    for i in range(n):
        yield i
        total += i
    return total


def delegating(n):
    return (yield from summing(n))


def one_round(me, n):
    global total
    for i in range(8):
        numbers[me, i] = n
        numbers[i] = me
        with lock:
            total += 1
    assert all(numbers[me, i] == n for i in range(8))
    pairs.append((me, n))
    deque.append(me)
    members.add((me, n))
    jobs.put((me, n, [me] * 5))
    who, number, data = jobs.get()
    assert data == [who] * 5
    results.put((who, number))
    assert size(tree(3)) == 15
    assert sum(delegating(8)) == 28
    try:
        raise KeyError(me, n)
    except KeyError as error:
        assert error.args == (me, n) and sys.exception() is error
    assert own.me == me
    text = "".join(f"{i}," for i in range(8)) + str(me)
    assert text.split(",")[-1] == str(me)
    Mortal((me, n))
    assert sum(i * 1.5 for i in range(8)) == 42.0
    assert sum({key: value for key, value in zip(range(8), itertools.repeat(me))}.values()) == 8 * me
    with condition:
        condition.notify_all()
        condition.wait(0.0001)


def work(me):
    own.me = me
    try:
        for n in range(N_ROUNDS):
            one_round(me, n)
    except BaseException as error:
        problems.append(repr(error))


threads = [threading.Thread(target=work, args=(me,)) for me in range(N_THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
n_rounds = N_THREADS * N_ROUNDS
print(problems, total == 8 * n_rounds, len(set(pairs)) == len(pairs) == n_rounds, len(members) == n_rounds)
print(collections.Counter(deque) == {me: N_ROUNDS for me in range(N_THREADS)}, jobs.qsize())
print({results.get() for _ in range(n_rounds)} == members, results.empty())
gc.collect()
print(len(dead) == len(set(dead)) == n_rounds)
