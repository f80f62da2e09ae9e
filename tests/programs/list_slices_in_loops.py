"""Slices and list methods in hot loops: bounds, temporaries, aliases, and what happens in their middle."""
import sys


def flips(n, k):
    perm = list(range(n))
    for i in range(300):
        perm[: k + 1] = perm[k::-1]
        k = (k * 7 + i) % n
    return perm


print(flips(9, 3), flips(1, 0), flips(40, 39))


def rotate(n):
    a = list(range(n))
    out = []
    for i in range(200):
        a[1:] = a[:-1]
        a[0] = i
        b = a[2:5]
        b[1:3] = a[:2]
        out.append(b[1] + b[-1])
        a[0:3] = a[1:4]
        a[:-3] = a[3:]
        a[-4:] = a[-1:-5:-1]
    return a, out[-5:]


print(rotate(10))


def bounds(lists):
    """Bounds change their sign, their type and their distance from the end while the loop is hot."""
    a = list(range(8))
    out = []
    for start, stop in lists:
        out.append(a[start:stop])
        out.append(a[start:stop:-1])
        out.append(a[:stop])
        out.append(a[start:])
        out.append(a[::-1])
    return out


pairs = [(1, 5)] * 60 + [(-3, -1)] * 60 + [(5, 1)] * 60 + [(None, None), (0, 0), (8, 8), (9, 20), (-20, 3), (True, 7)] * 20
result = bounds(pairs)
print(len(result), sum(map(len, result)), result[::97])


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        a_list.append(self.value)
        return self.value


a_list = []
print(bounds([(Index(1), Index(6))] * 40)[-5:], len(a_list))


class Offset:
    """`k + offset` runs Python code while the slice that is stored waits on the stack."""

    def __init__(self, n):
        self.n = n

    def __radd__(self, other):
        frame = sys._getframe(1)
        self.n += 1
        if self.n == 150:
            raise ValueError("in the middle")
        target = frame.f_locals["perm"]
        target[0], target[-1] = target[-1], target[0]
        return other + 1


def observed(offset, rounds):
    perm = list(range(6))
    k = 4
    for _ in range(rounds):
        perm[: k + offset] = perm[k::-1]
    return perm


print(observed(1, 99), observed(Offset(0), 99), observed(1, 98))
try:
    observed(Offset(100), 99)
except ValueError as error:
    print(repr(error), error.__traceback__.tb_next is not None)


def mixed(offsets):
    perm = list(range(6))
    k = 4
    for offset in offsets:
        perm[: k + offset] = perm[k::-1]
    return perm


print(mixed([1] * 101 + [Offset(0)] * 3 + [1] * 51 + [0] * 3 + [1] * 60 + [1.5][:0] + [2] * 3))
try:
    mixed([1] * 100 + [1.5])
except TypeError as error:
    print(repr(error))


class Sub(list):
    def __getitem__(self, key):
        return "sub"

    def __setitem__(self, key, value):
        self.append(value)

    def pop(self, *args):
        return "popped"


def kinds(values):
    out = []
    for value in values:
        try:
            part = value[1:3]
            value[1:3] = part
            out.append((part, len(value)))
        except TypeError as error:
            out.append(repr(error))
    return out


print(kinds([[1, 2, 3, 4]] * 50 + [Sub([1, 2]), (1, 2, 3), "text", [9], []])[-6:])


def unequal():
    a = list(range(10))
    lengths = []
    for i in range(120):
        a[2:5] = a[1:4] if i % 40 else [i] * (i // 40 + 4)
        lengths.append(len(a))
        if len(a) > 12:
            a[4:8] = []
    return a, lengths[::20]


print(unequal())


def methods(n):
    """Bound methods kept in variables, bound anew in each call."""
    items = list(range(n))
    insert, pop, append = items.insert, items.pop, items.append
    seen = 0
    for i in range(150):
        insert(i % n, pop(0))
        insert(-1, pop())
        append(pop(-2))
        seen += len(items) + items[i % n]
        insert(100, i)
        insert(-100, i)
        pop(0)
        pop()
    return items, seen


for n in (3, 5, 8):
    print(methods(n))


def drain(lists):
    out = []
    for items in lists:
        try:
            while True:
                out.append(items.pop())
        except IndexError as error:
            out.append(str(error))
        try:
            items.pop(3)
        except IndexError as error:
            out.append(str(error))
    return out


print(drain([[1, 2, 3]] * 3 + [list("abc") for _ in range(50)])[-4:])


def receivers(values):
    """One bound method, receivers of several classes."""
    out = []
    for value in values:
        try:
            out.append(value.pop(0))
        except (IndexError, KeyError, TypeError) as error:
            out.append(repr(error))
    return out


print(receivers([list(range(60))] * 60 + [Sub([1]), {0: "zero"}, {1, 2}, [], bytearray(b"x")])[-6:])


def grown(n):
    """Lists that are stored to while something else holds their old items."""
    a, b = [0], []
    for i in range(n):
        before = len(a)
        a.append(i)
        b.append(a[before] + a[-1] + len(a))
        a.insert(0, b[-1])
        if len(a) > 20:
            a[10:] = []
            b = b[-3:]
    return a, b


print(grown(200))


def iterated():
    a = [1, 2, 3]
    n = 0
    for x in a:
        n += x
        if n < 400:
            a.append(x)
            a[:2] = a[1::-1]
    return len(a), n


print(iterated())
