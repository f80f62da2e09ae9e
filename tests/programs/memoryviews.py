# Views of memory: formats, casts, slices, dimensions, release.
def ask(function, *args):
    try:
        result = function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return about(result) if isinstance(result, memoryview) else result


def about(view):
    return view.format, view.shape, view.strides, view.itemsize, view.nbytes, view.readonly, view.tolist() if view.nbytes < 60 else len(view)


data = bytearray(range(24))
view = memoryview(data)
print(about(view), view.ndim, view.suboffsets, view.c_contiguous, view.f_contiguous, view.contiguous, view.obj is data, repr(view)[:10])
print(about(memoryview(b"abc")), memoryview(b"abc").toreadonly().readonly, about(view.toreadonly()[:2]))

print("casts")
for form in "cbB?hHiIqQefd":
    source = view if form != "?" else memoryview(bytes([0, 1, 1, 0]))
    print(form, ask(source.cast, form), ask(source.cast("B").cast, "@" + form).__class__)
for args in (("x",), ("<i",), ("",), ("ii",), (3,), ("i", [2, 3]), ("i", (3, 2)), ("i", [7]), ("B", [2, 3, 4]), ("B", [0]), ("B", [-1]), ("B", ["a"]), ("B", 3), ("q", []), ("B", [1] * 65)):
    print(args[0], ask(view.cast, *args))
print(ask(view.cast("i").cast, "h"), ask(view.cast("i", [2, 3]).cast, "i", [3, 2]), ask(view[:7].cast, "h"), ask(view[::2].cast, "h"), ask(view[:0].cast, "i"), ask(view[:0].cast, "B", [1]))

print("items")
grid = view.cast("h", [3, 4])
cube = view.cast("B", (2, 3, 4))
point = view[:4].cast("i", [])
for owner in (view, view[::-3], grid, cube, point, view.cast("q"), view.cast("c")):
    for key in (0, -1, 30, slice(1, 3), slice(None, None, -2), (1, 2), (0,), (1, 2, 3), (0, 0, 9), (), ..., (slice(0, 1), slice(0, 1)), (0, slice(1)), "x", None, 2**70):
        print(ask(owner.__getitem__, key), end=" ")
    print(ask(len, owner), ask(list, owner), ask(lambda: 3 in owner))

print("assignment")
for form in "cbB?hHiIqQefd":
    for value in (0, -1, 200, 40000, 2**31, 2**63, 2**64, True, 1.5, 1e300, float("-inf"), b"a", b"ab", "a", None):
        target = memoryview(bytearray(16)).cast(form)
        try:
            target[1] = value
            print(target[1], end=" ")
        except Exception as error:
            print(type(error).__name__, error, end=" ")
    print()
for key, value in ((slice(0, 2), b"XY"), (slice(0, 2), b"XYZ"), (slice(None, None, 12), b"PQ"), (slice(0, 2), 5), (slice(0, 2), memoryview(b"abcd")[::2]), (slice(0, 2), memoryview(bytes(8)).cast("i")), ((0, 0), 1), ((0,), 7), ("x", 1), (99, 1), ((slice(0, 1), slice(0, 1)), b"")):
    print(ask(view.__setitem__, key, value), end=" ")
print(bytes(view[:14]))
view[2:6] = view[:4]
view[5:1:-1] = view[0:4]
print(bytes(view[:8]), ask(view.__delitem__, 0), ask(memoryview(b"a").__setitem__, 0, 1), ask(grid.__setitem__, 0, 1), ask(grid.__setitem__, (2, 3), -5), ask(grid.__setitem__, slice(0, 1), grid[0:1]), grid[2, 3], ask(point.__setitem__, (), 77), point[()])

print("copies")
for owner in (grid, cube, view[::5], point, grid[::2], grid[::-1]):
    print(owner.tobytes(), owner.tobytes("F"), owner.tobytes(order="A"), owner.tobytes(None), owner.hex(":", 4), owner.c_contiguous, owner.f_contiguous, owner.shape, owner.strides)
print(ask(view.tobytes, "Q"), ask(bytes, view[::6]), ask(bytearray, view[::6]), ask(b"".join, [view[::6]]), ask(b"".join, [view[:3]]), ask(int.from_bytes, view[:2], "little"))

print("comparison and hash")
print(memoryview(b"abc") == b"abc", memoryview(b"abc") == bytearray(b"abc"), memoryview(b"abc") != memoryview(b"abd"), memoryview(b"abc") == "abc", memoryview(b"ab") == b"abc", b"abc" == memoryview(b"abc"))
ints = memoryview(bytes([1, 0, 0, 0, 2, 0, 0, 0])).cast("i")
print(ints == memoryview(bytes([1, 2])), ints == memoryview(bytes([1, 2])).cast("c"), memoryview(bytes([1])).cast("?") == memoryview(b"\1"), grid == cube, grid == view.cast("h", [3, 4]), grid == view.cast("h", [4, 3]), ask(lambda: ints < ints))
nan = memoryview(bytearray(8)).cast("d")
nan[0] = float("nan")
print(nan == nan, nan.cast("B") == nan.cast("B"), memoryview(bytes(8)).cast("d") == memoryview(bytes(4)).cast("f"))
print(hash(memoryview(b"abc")) == hash(b"abc"), hash(memoryview(b"abcd")[::2]) == hash(b"ac"), ask(hash, view), ask(hash, memoryview(bytes(4)).cast("i")), ask(hash, memoryview(bytearray(b"a")).toreadonly()))
print(view.count(255), view.cast("H").count(0), ask(view.index, 8), ask(view.index, 8, 9), ask(view.index, 8, -24, -1), ask(grid.index, 1), ask(point.count, 1), list(reversed(view[:3])), sum(view[10:]), max(view))

print("release")
with memoryview(data) as inner:
    part = inner[2:4]
    print(inner[0])
print(ask(inner.__getitem__, 0), part.tolist(), repr(inner)[:10], ask(inner.release))
for name in ("obj", "nbytes", "itemsize", "ndim", "format", "readonly", "shape", "strides", "suboffsets", "contiguous"):
    print(ask(getattr, inner, name) == "ValueError: operation forbidden on released memoryview object", end=" ")
for f in (len, bytes, memoryview, iter, hash, list, lambda v: v.tolist(), lambda v: v.cast("B"), lambda v: v.__enter__(), lambda v: v.hex(), lambda v: v.toreadonly(), lambda v: v.tobytes(), lambda v: v.__setitem__(0, 0)):
    print(ask(f, inner) == "ValueError: operation forbidden on released memoryview object", end=" ")
print(inner == inner, inner == part, part == b"\2\3")


class Releases:
    def __index__(self):
        self.view.release()
        return 1


for attempt in (lambda v, key: v[key], lambda v, key: v.__setitem__(0, key), lambda v, key: v.__setitem__(key, 1)):
    key = Releases()
    key.view = memoryview(bytearray(b"abc"))
    print(ask(attempt, key.view, key))

print(ask(type, "M", (memoryview,), {}), memoryview[int].__class__ is not None, ask(memoryview), ask(memoryview, 3), memoryview(object=b"a").tolist(), memoryview.__doc__ is not None)
print([name for name in dir(memoryview) if not name.startswith("_")])


def checksum(view):
    total = 0
    for i in range(len(view)):
        total = (total * 31 + view[i]) & 0xFFFFFFFF
    for byte in view[::-1]:
        total ^= byte
    return total


def transposed(source, rows, columns):
    target = memoryview(bytearray(rows * columns * 4)).cast("i", [columns, rows])
    for row in range(rows):
        for column in range(columns):
            target[column, row] = source[row, column]
    return target


numbers = memoryview(bytearray(4000)).cast("i")
for i in range(len(numbers)):
    numbers[i] = i * i % 1009
print(checksum(numbers.cast("B")), checksum(numbers[::3]), transposed(numbers.cast("B").cast("i", [25, 40]), 25, 40).tobytes()[:24].hex(), sum(numbers))
