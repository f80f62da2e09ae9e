"""Arrays of machine numbers: every type code, in loops that get hot and out of them."""
from array import array, typecodes
import copy


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def put(a, i, x):
    a[i] = x
    return a[i]


def cut(a, i):
    del a[i]
    return a


print(typecodes)
for code in "bBhHiIlLqQfd":
    a = array(code, range(10))
    total = 0
    for turn in range(150):
        for i in range(len(a)):
            a[i] = a[i] + (1 if turn % 3 else -1 if turn > 100 else 0)
            a[i] = min(a[i], 100)
            total += a[-1 - i]
    print(code, a.itemsize, a, total, a.buffer_info()[1])
    print([attempt(put, a, 0, x) for x in (True, -1, 255, 256, 65536, 1 << 31, 1 << 32, 1 << 63, 1 << 64, "x", None)])


def kinds_change(arrays):
    """One place that sees arrays of many kinds, and no array."""
    total = 0.0
    for turn in range(400):
        for a in arrays:
            a[turn % 4] = a[(turn + 1) % 4]
            total += a[turn % 4]
    return total


print(kinds_change([array("d", [1.5, 2, 3, 4])]))
print(kinds_change([array("d", [1.5, 2, 3, 4]), array("i", [1, 2, 3, 4]), [1, 2.5, 3, 4], array("f", [0.5] * 4)]))


def out_of_range(a, n):
    got = 0
    for i in range(n):
        try:
            got += a[i]
        except IndexError:
            got -= 1
    return got


print(out_of_range(array("h", range(2500)), 2600))


def does_not_fit():
    a = array("b", [0] * 4)
    n = 0
    try:
        for n in range(1000):
            a[n % 4] = n // 7
    except OverflowError as error:
        print(n, a, error)


does_not_fit()


def grows():
    """The memory moves while a loop looks into it."""
    a = array("q", [1])
    total = 0
    for i in range(3000):
        a.append(i * i)
        total += a[i] + a[-1]
        if i % 500 == 0:
            del a[: len(a) // 2]
            a.extend(range(i))
    return len(a), total


def grows_safely():
    a = array("d")
    for i in range(2000):
        a.append(i / 2)
    return sum(a), a[1999], len(a)


print(attempt(grows), grows_safely())


def ints_into_floats(a):
    for i in range(3000):
        a[i % 8] = i if i % 2 else i * 0.5
    return a


print(ints_into_floats(array("d", [0.0] * 8)), ints_into_floats(array("f", [0.0] * 8)))


def large(a):
    """Beyond what small ints hold."""
    x = 0
    for i in range(2000):
        a[i % 5] = (i << 52) & ((1 << 63) - 1)
        x ^= a[i % 5]
    return x, a


print(large(array("Q", [0] * 5)), large(array("q", [0] * 5)))
huge = array("Q", [(1 << 64) - 1] * 4)
print(sum([huge[i % 4] for i in range(1500)]))


class Own(array):
    """Asked for its items by Python code."""

    def __getitem__(self, i):
        return super().__getitem__(i) * 2


own = Own("i", range(20))
own.name = "own"
print(sum([own[i % 20] for i in range(1500)]), own.name, own, type(own[:]), own + own)

a = array("i", range(10))
print(a[2:5], a[::-3], a[5:2], attempt(a.__getitem__, "x"), attempt(a.__getitem__, 10), attempt(a.__getitem__, 1 << 70))
a[2:4] = array("i", [7, 8, 9])
a[::4] = array("i", [-1, -2, -3])
print(a, attempt(a.__setitem__, slice(1, 2), [1]), attempt(a.__setitem__, slice(0, 9, 2), array("i", [1])))
print(attempt(a.__setitem__, slice(1, 2), array("h", [1])), cut(a, slice(1, 9, 3)), cut(a, slice(None, 2)), cut(a, -1))
a += array("i", [4])
a *= 2
print(a, a * 0, 3 * a[:2], a.count(4), a.index(4), a.index(4, 6), attempt(a.index, 99), 4 in a, 4.0 in a, "4" in a)
print(attempt(a.remove, 99), a.pop(), a.pop(0), attempt(array("i").pop), a.insert(-100, 5), a.insert(100, 6), a)
a.reverse()
print(a, a.tolist(), a.tobytes(), attempt(a.frombytes, b"123"), a.frombytes(b"\1\0\0\0"), a)
a.byteswap()
print(a, attempt(a.fromlist, [1, "x"]), attempt(a.fromlist, (1,)), len(a), attempt(a.extend, array("d")), a.clear(), a)
print(array("u", "a\u00e9\U0001f600"), array("w", "ab").tounicode(), attempt(array, "i", "ab"), attempt(array("i").fromunicode, "x"))
print(array("i", [1, 2]) < array("i", [1, 3]), array("i", [1]) == array("d", [1.0]), array("b") != array("b"), array("d", [float("nan")]) == array("d", [float("nan")]))
print(attempt(lambda: array("i") < [1]), attempt(hash, a), attempt(array, "x"), attempt(array), attempt(lambda: a + [1]), attempt(lambda: a * 1.5))
print(copy.copy(array("d", [1.5])), copy.deepcopy(array("d", [1.5])), array("i", b"\1\0\0\0\2\0\0\0"), array("h", array("b", [1, -1])))
print(array("i", [1]).__reduce_ex__(2), array("i", [1]).__reduce_ex__(3)[1])
iterator = iter(array("i", [1, 2, 3]))
print(next(iterator), iterator.__reduce__(), list(iterator), list(iterator), list(reversed(array("i", [1, 2]))))
print(array.__name__, array.__module__, type(iterator).__name__, array[int], issubclass(Own, array), repr(array("d")))


class Stream:
    def __init__(self, data):
        self.data = data

    def read(self, n):
        got, self.data = self.data[:n], self.data[n:]
        return got

    def write(self, data):
        self.data += data


stream = Stream(b"")
array("h", range(6)).tofile(stream)
a = array("h")
print(stream.data, a.fromfile(stream, 4), a, attempt(a.fromfile, stream, 4), a)
a = array("h", [1, 2, 3])
with memoryview(a) as view:
    view[1] = 500
    print(a, view.format, view.itemsize, view.tolist(), attempt(a.append, 1), attempt(a.pop), attempt(cut, a, 0), a.byteswap())
print(a.append(1), a, bytes(a), array("i", bytearray(4)), bytearray(array("B", b"ab")), a.frombytes(memoryview(b"\1\0")), a)
