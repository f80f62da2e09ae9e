# Sums of bytes and ranges without a look at each item, and slices with steps of bytes that can be changed.
data = bytes(range(256)) * 3
print(sum(data), sum(bytearray(data)), sum(b""), sum(bytearray()), sum(data, 1 << 62), sum(data, 2.5), sum(data, True))


class Bytes(bytes):
    def __iter__(self):
        return iter([1, 2, 3])


class Array(bytearray):
    def __iter__(self):
        return iter([4, 5, 6])


print(sum(Bytes(data)), sum(Array(data)))
for numbers in (
    range(0), range(10), range(10, 0), range(5, 6), range(1, 100, 7), range(100, 1, -7), range(-(1 << 47), 1 << 47, 1 << 40),
    range((1 << 48) - 3, (1 << 48) + 3), range(1 << 62, (1 << 62) + 3), range(1 << 70, (1 << 70) + 3),
    range(-5, 6, 5),
):
    print(numbers, sum(numbers), sum(numbers, -7), sum(numbers, 1 << 61))


def sliced(make):
    kept = make(range(20))
    found = []
    for start, stop, step in (
        (0, 20, 2), (1, 20, 3), (19, None, -2), (None, None, -1), (5, 5, 2), (5, 3, 2), (3, 100, 7), (-4, None, 2), (0, 20, 100),
        (30, 40, 2), (2, 1000, 1 << 62), (None, -1000, -3),
    ):
        found.append(bytes(kept[start:stop:step]))
        if isinstance(kept, bytearray):
            n = len(kept[start:stop:step])
            kept[start:stop:step] = bytes(range(100, 100 + n))
            found.append(bytes(kept))
            if n and step != 1:
                try:
                    kept[start:stop:step] = bytes(n + 1)
                except ValueError as error:
                    found.append(str(error))
    return found


print(sliced(bytes))
print(sliced(bytearray))
array = bytearray(b"abcdefgh")
array[::2] = array[1::2]
print(array)
array[1::2] = b"WXYZ"
array[2:4] = b""
array[:2] = b"longer than it was"
array[::-3] = memoryview(b"0123456789")[: len(array[::-3])]
print(array)


def sieve(n):
    flags = bytearray([1]) * (n + 1)
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            flags[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return sum(flags) - 2


print([sieve(n) for n in (10, 100, 1000, 10000)])
print("".join("abcdéÿŁ"[i % 7] for i in range(50)).translate({97: "xyz", 98: None, 99: 0x1F600, 0xE9: 0xFF, 100: "ß"}))
print("plain text".translate({ord("t"): 84, ord("x"): 0xE9}), "éa".translate({0xE9: 97, 97: 0xE9}), "".translate({}))
print("abcabc".translate({97: 98, 98: "", 99: 0x4E2D}))
for bad in ({97: -1}, {97: 0x110000}, {97: 1.5}):
    try:
        print("bbabb".translate(bad))
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(bytes.fromhex("00 ff Aa\t0b\n"), bytes.fromhex(""), bytes.fromhex("  "), bytes.fromhex(bytes(range(256)).hex()) == bytes(range(256)))
for bad in ("0", "00 1", "0g", "g0", "0 0", "00é0", "00zz", "a", " a ", "00\u4e2d0"):
    try:
        print(bytes.fromhex(bad))
    except ValueError as error:
        print(repr(bad), error)
print(bytes(range(0, 256, 17)).hex(), bytes(range(20)).hex("-", 3), bytes(range(20)).hex(":", -3))
