# Not under gc: thousands of items, again and again.
# Natives that take all that a generator gives.
import sys


def callers():
    names = []
    frame = sys._getframe(1)
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


def outline(function, *args):
    """The exception that a call raises, with the functions in its traceback."""
    try:
        return function(*args)
    except Exception as error:
        names = []
        traceback = error.__traceback__
        while traceback:
            names.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        return type(error).__name__, str(error), names


def count(n):
    for i in range(n):
        yield i


def fail(n):
    yield from range(n)
    raise LookupError(n)


for n in 0, 1, 3000:
    print(n, sum(count(n)), len(list(count(n))), len(set(count(n))), len(tuple(count(n))), len(frozenset(count(n))))
    print(max(count(n), default="none"), min(count(n), default="none"), any(count(n)), all(count(n)))
    print(sorted(-i for i in count(n))[:3], "".join(str(i) for i in count(n))[:10], len(dict((i, i) for i in count(n))))
    print(outline(max, count(n)) if n else outline(max, count(0)), outline(min, count(n)))

# Sums of all kinds.
print(sum((i % 3 == 0 for i in range(2000)), 5), sum(0.1 for _ in range(2000)), sum(count(100), 0.5))
print(sum(1 << 40 for i in range(3000)), sum(1 << 62 for i in range(3000)), sum(-(1 << 47) for i in range(3000)))
print(sum(i if i < 1990 else 0.25 for i in range(2000)), sum((i if i < 1990 else 1 << 70 for i in range(2000)), True))
print(sum(([i] for i in range(5)), []), sum(x for x in (1, 2.5, 3, 1 << 60, 1e100, -1e100)))
print(outline(sum, (i if i < 1500 else "x" for i in range(2000))), outline(sum, ("a" for _ in range(3))))
print(outline(sum, count(3), "start"), sum(count(3), complex(1, 2)))


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __radd__(self, other):
        return Money(other + self.cents)

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __lt__(self, other):
        return self.cents < other.cents

    def __gt__(self, other):
        return self.cents > other.cents

    def __hash__(self):
        return self.cents % 10

    def __eq__(self, other):
        return callers()[1:] and self.cents == other.cents


print(sum(Money(i) for i in range(1500)).cents, max(Money(i % 70) for i in range(1500)).cents)
print(min(Money(i % 70 + 3) for i in range(1500)).cents, len({Money(i % 33) for i in range(1500)}))
print(len(set(Money(i % 33) for i in range(1500))))

# Which one of equals, and what cannot be compared.
print(max(x for x in (1, True, 1.0)), min(x for x in (1.0, True, 1)), max(x for x in (float("nan"), 1.0)))
print(outline(max, (x for x in (1, "a"))), outline(min, ("a" if i == 1200 else i for i in range(1500))))
print(outline(set, ([i] for i in range(3))), outline(set, (i if i < 1200 else [] for i in range(1500))))
print(outline(max, 1, 2), max(count(5), key=lambda x: -x), max(count(3), count(2), key=lambda g: sum(g)) is not None)

# Stopping early leaves the rest.
numbers = count(4000)
print(any(i == 1500 for i in numbers), next(numbers), all(i < 2500 for i in numbers), next(numbers), sum(numbers))

# Raising in the middle.
for function in list, set, tuple, sum, sorted, max, min, any, all, frozenset, "".join, [].extend, set().update:
    print(outline(function, fail(0 if function in (any, "".join) else 1)))
partial = []
print(outline(partial.extend, fail(1200)), len(partial))
partial = set()
print(outline(partial.update, fail(1200)), len(partial))


# Looking at who calls, and at what is being filled.
def curious(n):
    for i in range(n):
        yield callers() if i == n - 1 else []


def ask(n):
    return [name for names in list(curious(n)) for name in names]


print(ask(2), ask(1500))
growing = []
growing.extend(len(growing) for _ in range(1500))
print(growing[:3], growing[-1])
filled = set()
filled.update(len(filled) for _ in range(1500))
print(len(filled))


# A generator that drains itself, and one that takes a native's place in recursion.
def recursive(depth):
    return 1 + sum(recursive(depth - 1) for _ in range(1)) if depth else 0


print(recursive(300))


def endless():
    return sum(endless() for _ in range(1))


try:
    endless()
except RecursionError as error:
    print("RecursionError")


def own():
    yield 1
    yield sum(me)


me = own()
print(outline(sum, me))


# `return` in a generator, and what is thrown away.
def returning(n):
    yield from count(n)
    return "lost"


print(sum(returning(1500)), list(returning(3)))


# Loops of natives in loops.
def sums(n):
    total = 0
    for i in range(n):
        total += sum(j * i for j in range(5)) + len(set(j % 3 for j in range(6)))
        if any(j > 3 for j in count(i % 6)):
            total -= max(j for j in (i, 7, 3))
    return total


print(sums(3000))


# One place with generators of many kinds.
def many(n):
    makers = [
        lambda i: (j for j in range(i)),
        lambda i: (j * 0.5 for j in range(i)),
        lambda i: count(i),
        lambda i: (True for _ in range(i)),
    ]
    return [sum(sum(makers[i % 4](i % 13)) for i in range(n)), sum(1 for i in range(n))]


print(many(2500))


# The names that the compiler takes for granted may be rebound.
import builtins


def quantified(n):
    return all(i >= 0 for i in range(n)), any(i < 0 for i in range(n)), tuple(i for i in range(n))[-1]


def rebound(n):
    seen = set()
    for i in range(n):
        if i == n - 2:
            builtins.all = lambda items: "rebound"
        seen.add(quantified(3))
    del builtins.all
    return sorted(map(str, seen))


original = all
print(rebound(1500))
builtins.all = original
print(quantified(2000))
