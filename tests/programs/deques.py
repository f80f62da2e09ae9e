"""Deques, as queues and stacks in hot loops, and all that they can do."""
from collections import deque
import copy


def attempt(function, *arguments, **keywords):
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def queue(n):
    d = deque()
    total = 0
    for i in range(n):
        d.append(i)
        if i % 3:
            total += d.popleft()
        if i % 7 == 0:
            d.appendleft(-i)
        if i % 11 == 0 and d:
            total -= d.pop()
    return total, len(d), d[0], d[-1], d[len(d) // 2]


print(queue(3000))


def window(n, width):
    d = deque(maxlen=width)
    sums = 0
    for i in range(n):
        d.append(i)
        sums += sum(d)
    return sums, d


print(window(300, 5))


def against_list(n):
    """The same random changes of a deque and of a list."""
    d, l, seed = deque(), [], 1
    for step in range(n):
        seed = (seed * 1103515245 + 12345) % (1 << 31)
        choice, x = seed >> 8 & 15, seed >> 16 & 63
        if choice < 4:
            d.append(x), l.append(x)
        elif choice < 7:
            d.appendleft(x), l.insert(0, x)
        elif choice == 7 and l:
            assert d.pop() == l.pop()
        elif choice == 8 and l:
            assert d.popleft() == l.pop(0)
        elif choice == 9:
            d.rotate(x - 32)
            if l:
                k = (x - 32) % len(l)
                l = l[-k:] + l[:-k] if k else l
        elif choice == 10:
            d.insert(x - 20, x), l.insert(x - 20, x)
        elif choice == 11 and l:
            del d[x % len(l)], l[x % len(l)]
        elif choice == 12 and l:
            d[x % len(l)] = l[x % len(l)] = seed
        elif choice == 13:
            d.reverse(), l.reverse()
        elif choice == 14 and len(l) > 60:
            d.clear(), l.clear()
        elif choice == 15 and x in l:
            assert d.index(x) == l.index(x) and d.count(x) == l.count(x)
            d.remove(x), l.remove(x)
        if step % 50 == 0:
            assert list(d) == l and list(reversed(d)) == l[::-1] and len(d) == len(l) and d == deque(l), step
    return len(l), sum(l)


print(against_list(2000))

d = deque([1, 2, 3], 5)
print(d, d.maxlen, deque("ab").maxlen, deque(), deque([], 0), deque(range(9), maxlen=3), bool(deque()), bool(d))
print(attempt(deque, 1), attempt(deque, [], -1), attempt(deque, [], "a"), attempt(deque, [], 1, 2), attempt(deque, x=1))
print(attempt(deque().pop), attempt(deque().popleft), attempt(lambda: d[5]), attempt(lambda: d["a"]), attempt(lambda: d[0:1]))
print(attempt(d.remove, 9), attempt(d.index, 9), attempt(d.index, 1, 2), attempt(d.rotate, "a"), attempt(lambda: d + [1]))
print(d + deque([7, 8, 9]), d * 2, 2 * d, d * -1, attempt(lambda: d * "a"), attempt(deque([1], 1).insert, 0, 1))
print(attempt(setattr, d, "maxlen", 1), d == [1, 2, 3], d < deque([1, 5]), d >= deque([1]), attempt(lambda: d < 1), attempt(hash, d))
print(d.copy(), copy.copy(d), copy.deepcopy(deque([[1], [2]], 3)), 2 in d, 9 in d, d.count(2), d.extendleft("xyz"), d)
d += d
print(d, deque([1, 2], 3) * 3)
d *= 0
print(d, d.extend(deque([4])), d)


def changed_while_iterated():
    d = deque(range(5))
    for x in d:
        d.append(x)


def popped_while_iterated():
    d = deque(range(5))
    iterator = iter(d)
    d.pop()
    return next(iterator)


print(attempt(changed_while_iterated), attempt(popped_while_iterated))


class Clears:
    def __init__(self, d):
        self.d = d

    def __eq__(self, other):
        self.d.clear()
        return False


for name in ("__contains__", "count", "index", "remove"):
    victim = deque([1, 2, 3, 4])
    print(attempt(getattr(victim, name), Clears(victim)), victim)

d = deque([1])
d.append(d)
print(d, deque([deque(maxlen=2)]))


class Own(deque):
    """With attributes, and a place for one more."""


class Slotted(deque):
    __slots__ = ("label", "other")


own = Own([1, 2], 3)
own.x = [5]
print(own, own.x, own.copy(), type(own.copy()), own + own, own * 2, own.__dict__, own.__reduce__()[1:3])
slotted = Slotted("ab")
slotted.label = ["kept"]
print(slotted, slotted.label, attempt(lambda: slotted.other), attempt(setattr, slotted, "more", 1))
junk = [Own([i, [i]], 3) for i in range(200)]
for i, one in enumerate(junk):
    one.name = "n%d" % i
    one.append(one)
del junk[::2]
print(junk[50].name, junk[50][0], own.x, slotted.label)

iterator = iter(deque([1, 2, 3]))
print(next(iterator), iterator.__length_hint__(), iterator.__reduce__()[1], list(iterator), list(iterator))
print(attempt(type(iterator), [1]), list(type(iterator)(deque("abc"), 1)), type(iterator).__name__, type(reversed(d)).__name__)
print(deque.__module__, deque.__name__, deque[int], attempt(deque.append, 1, 2), attempt(deque.__new__, int), attempt(d.append))
d.__init__([3, 4], 1)
print(d, d.maxlen)
