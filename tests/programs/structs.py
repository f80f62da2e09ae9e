"""The module struct: formats, byte orders, and what does not fit."""
import struct


def attempt(function, *arguments, **keywords):
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for code in "bBhHiIlLqQnN":
    print(code, struct.calcsize(code), [attempt(struct.pack, code, x) for x in (0, -1, 127, 255, 65535, 1 << 31, 1 << 63, 1 << 64, "a", 1.5)])
for order in "<>=!@":
    print(order, struct.pack(order + "bhilqe", 1, 2, 3, 4, 5, 0.5), struct.calcsize(order + "bhilq"), struct.pack(order + "3xf?", 1.5, []))
for x in (1.5, 65504.0, 65519.9, 65520.0, 1e39, 6e-8, 2e-8, -0.0, float("inf"), float("nan"), "x"):
    print(x, [attempt(struct.pack, "<" + code, x) for code in "efd"])
print([struct.unpack("<e", struct.pack("<H", half))[0] for half in (0, 1, 0x3FF, 0x400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x8001)])
print(struct.pack("5s2s0s", b"abc", b"abc", b"x"), struct.pack("5p2p0p", b"abc", b"abc", b"x"), struct.pack("3c", b"a", b"b", b"c"))
print(attempt(struct.pack, "c", b"ab"), attempt(struct.pack, "s", "a"), attempt(struct.pack, "p", 1), len(struct.pack("300p", b"a" * 299)))
print(attempt(struct.calcsize, "z"), attempt(struct.calcsize, "5"), attempt(struct.calcsize, "<P"), attempt(struct.calcsize, 1), struct.calcsize(b"i"))
print(struct.calcsize("b0i"), struct.calcsize("bi"), struct.calcsize("ib"), attempt(struct.calcsize, "9223372036854775807i"), struct.calcsize(" i  h "))
print(attempt(struct.pack, "i"), attempt(struct.pack, "i", 1, 2), attempt(struct.unpack, "i", b"123"), attempt(struct.unpack, "i", "abcd"))
print(struct.unpack("<bBhHiIqQ?", bytes(range(200, 231))), struct.unpack("5p", b"\3abcd"), struct.unpack("3c2s", b"abcde"))
print(struct.unpack_from("<i", b"abcdefgh", 2), struct.unpack_from("<i", b"abcd", -4), struct.unpack_from("<h", buffer=b"abcdef", offset=4))
for offset in (1, -5, -2, 10, "x"):
    print(attempt(struct.unpack_from, "i", b"abcd", offset))
print(attempt(struct.pack_into, "i", b"abcd", 0, 7), attempt(struct.pack_into, "i"), attempt(struct.pack_into, "i", b""))
print(list(struct.iter_unpack("<h", b"abcdef")), attempt(struct.iter_unpack, "h", b"abc"), attempt(struct.iter_unpack, "", b""))
iterator = struct.iter_unpack("<h", b"abcdef")
print(iterator.__length_hint__(), next(iterator), iterator.__length_hint__(), type(iterator).__name__, attempt(type(iterator)))
record = struct.Struct("<ih")
print(record.size, record.format, record, record.pack(1, 2), record.unpack(b"abcdef"), record.unpack_from(b"abcdefgh", 1), list(record.iter_unpack(b"abcdef")))
print(attempt(record.pack, 1), attempt(record.unpack, b""), attempt(setattr, record, "size", 1), attempt(struct.Struct, "z"), struct.Struct(format=b"h").format)
print(struct.error.__mro__, struct.error.__module__, issubclass(struct.error, Exception), struct.Struct.__module__, struct.__all__)


class Named(struct.Struct):
    def __init__(self, name):
        super().__init__("<q")
        self.name = [name]


class Index:
    def __index__(self):
        return 7


named = [Named("n%d" % i) for i in range(200)]
del named[::2]
print(named[30].name, named[30].pack(5), named[30].size, struct.pack("<iq", Index(), True))


def there_and_back(n):
    total = 0
    for i in range(n):
        a, b, c = struct.unpack("<Hid", struct.pack("<Hid", i, -i, i / 2))
        total += a + b + c
    return total


def by_struct(n):
    pack, unpack, seen = record.pack, record.unpack, 0
    for i in range(n):
        seen ^= unpack(pack(i * 1000, i % 100))[0]
    return seen


print(there_and_back(2000), by_struct(2000))
numbers = range(-(1 << 15), 1 << 15, 4097)
print([struct.unpack(">h", struct.pack(">h", x))[0] - x for x in numbers], struct._clearcache())
room = bytearray(8)
print(struct.pack_into("<i", room, 2, 5), room, attempt(struct.pack_into, "i", room, 6, 5), struct.pack_into("<i", room, -4, 7), room)
for offset in (-9, -2, 100, "x", 1 << 70):
    print(attempt(struct.pack_into, "i", room, offset, 7))
print(record.pack_into(room, 1, 1, 2), room, struct.unpack("<2h", memoryview(room)[:4]), struct.pack("3s", bytearray(b"abc")))
