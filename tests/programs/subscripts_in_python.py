# `obj[key]` runs a Python `__getitem__` in a frame of its own: its exceptions, its caller, its changes.
import sys


class Row:
    def __init__(self, cells):
        self.cells = cells

    def __getitem__(self, i):
        return self.cells[i]


def total(row, n):
    result = 0
    for i in range(n):
        result += row[i % 3]
    return result


print(total(Row([1, 2, 3]), 3000), total(Row((1.5, 2.5, 3.5)), 30))


def misses(row, n):
    caught = []
    for i in range(n):
        try:
            row[5 if i % 1000 == 999 else 1]
        except IndexError as error:
            names = []
            trace = error.__traceback__
            while trace is not None:
                names.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
                trace = trace.tb_next
            caught.append((i, str(error), names))
    return caught


for line in misses(Row([1, 2, 3]), 3000):
    print(line)


class Grid:
    def __init__(self, n):
        self.rows = [Row([i * n + j for j in range(n)]) for i in range(n)]

    def __getitem__(self, i):
        return self.rows[i]


def diagonal(grid, n, rounds):
    result = 0
    for _ in range(rounds):
        for i in range(n):
            result += grid[i][i]
    return result


print(diagonal(Grid(5), 5, 700))


# It has a loop, it recurses, it is a generator function, it takes more than a key, it is no function.
class Fib:
    def __getitem__(self, n):
        return n if n < 2 else self[n - 1] + self[n - 2]


print(Fib()[17])


class Sum:
    def __getitem__(self, n):
        result = 0
        for i in range(n):
            result += i
        return result


def sums(n):
    s = Sum()
    result = 0
    for i in range(n):
        result += s[i % 7]
    return result


print(sums(3000))


class Yields:
    def __getitem__(self, n):
        yield n
        yield n + 1


class Default:
    def __getitem__(self, n, more=10):
        return n + more


class Stars:
    def __getitem__(self, *args):
        return args


class Native:
    __getitem__ = len

    def __len__(self):
        return 3


class Static:
    @staticmethod
    def __getitem__(key):
        return key * 2


class Meta(type):
    def __getitem__(cls, key):
        return (cls.__name__, key)


class Has(metaclass=Meta):
    pass


class Subclass(list):
    def __getitem__(self, key):
        return -list.__getitem__(self, key)


def others(n):
    for i in range(n):
        a = sum(Yields()[i])
        b = Default()[i]
        c = Stars()[i, 1]
        try:
            d = Native()[i]
        except TypeError as error:
            d = str(error)
        e = Static()[i]
        f = Has[i]
        g = Subclass([i, 2])[0]
    return a, b, c, d, e, f, g


print(others(2500))


# It changes while the loop runs; the frame's caller is the loop's.
class Changing:
    def __getitem__(self, key):
        return "old"


def change(n):
    seen = {}
    thing = Changing()
    for i in range(n):
        value = thing[i]
        seen[value] = seen.get(value, 0) + 1
        if i == n // 2:
            Changing.__getitem__ = lambda self, key: "new"
        if i == n - 3:
            Changing.__getitem__.__code__ = (lambda self, key: "newest").__code__
    return seen


print(change(4000))


class Looks:
    def __getitem__(self, key):
        frame = sys._getframe()
        return frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_back.f_lineno


def looks(n):
    thing = Looks()
    for i in range(n):
        value = thing[i]
    return value


print(looks(3000))


class Deep:
    def __getitem__(self, key):
        return self[key]


def deep():
    caught = 0
    for _ in range(30):
        try:
            Deep()[0]
        except RecursionError:
            caught += 1
    return caught


print(deep())
