# Bytearrays as they change.
def ask(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


b = bytearray(b"abc")
for name, *args in [("append", 100), ("append", 256), ("append", "x"), ("append", Index(101)), ("extend", b"fg"), ("extend", [104, 105]), ("extend", "no"), ("extend", 3), ("extend", [1, 300]),
                    ("insert", 0, 64), ("insert", -1, 33), ("insert", 99, 63), ("insert", 0, -1), ("pop",), ("pop", 0), ("pop", 99), ("remove", 33), ("remove", 200), ("remove", 999),
                    ("reverse",), ("resize", 12), ("resize", 4), ("resize", -1), ("copy",), ("clear",), ("pop",), ("resize", 2)]:
    print(name, ask(getattr(b, name), *args), b, len(b))

print("items and slices")
for key in (0, -1, 5, Index(1), 9, "a", 1.5, slice(1, 3), slice(None, None, -1), slice(0, 6, 2), slice(4, 1), slice(5, None, -2), 2**70):
    for value in (None, 65, 300, b"xy", b"xyz", "s", [1, 2, 3], 7.5, memoryview(b"abcdef")[::3]):
        b = bytearray(b"012345")
        result = ask(b.__delitem__, key) if value is None else ask(b.__setitem__, key, value)
        print(key if not isinstance(key, (slice, Index)) else type(key).__name__, result, b, end="; ")
    print(ask(bytearray(b"012345").__getitem__, key))

b = bytearray(b"0123456789")
b[2:4] = b
print(b)
b[:] = (n for n in range(65, 70))
b += b"-"
b += bytearray(b"+")
b *= 2
print(b, b * 0, 2 * bytearray(b"ab"), bytearray(b"a") + memoryview(b"b"), ask(b.__iadd__, "x"), ask(b.__iadd__, 5))
del b[::3]
del b[:2]
del b[-2:]
print(b, b[0], b[::-1], 67 in b, b"C" in b)

print("iterating while it changes")
b = bytearray(b"abc")
seen = []
for byte in b:
    seen.append(byte)
    if len(b) < 6:
        b.append(byte - 32)
print(seen, b)
iterator = iter(b)
print(next(iterator), iterator.__length_hint__(), type(iterator).__name__)
b.clear()
print(list(iterator), iterator.__length_hint__())


class Shrinks:
    def __init__(self, owner):
        self.owner = owner

    def __index__(self):
        self.owner.clear()
        return 1


b = bytearray(b"abc")
print(ask(b.__setitem__, 2, Shrinks(b)), b)
b = bytearray(b"abc")
print(ask(b.__setitem__, Shrinks(b), 7), b)
b = bytearray(b"abc")
print(ask(b.find, b"c", Shrinks(b)), b)
b = bytearray(b"abc")
print(ask(b.insert, Shrinks(b), 120), b)
b = bytearray(b"abcd")
print(ask(b.__getitem__, slice(Shrinks(b), 4)), b)


class Named(bytearray):
    label = "class"

    def __init__(self, *args, label=None):
        super().__init__(*args)
        if label:
            self.label = label

    def append(self, item):
        super().append(item ^ 32)


n = Named(b"xy", label="own")
n.append(65)
print(n, n.label, Named().label, type(n.copy()), type(n[:1]), n == b"xya", isinstance(n, bytearray), n.__reduce_ex__(4)[1:], bytearray(b"q").__reduce__(), bytearray().__reduce_ex__(3))
n.__init__(b"again")
print(n, ask(hash, n), ask(lambda: {n: 1}), n == bytearray(b"again"), n != b"again", n < b"b", n >= "x" if False else ask(lambda: n >= "x"))
print(bytearray.__doc__ is not None, bytearray.append.__doc__ is not None, bytearray.__hash__, bytearray.__iadd__ is not None)
print(ask(bytearray, b"a", "ascii"), ask(bytearray, "a"), ask(lambda: bytearray(nonsense=1)), ask(bytearray, 1, 2, 3, 4), bytearray(source=b"x"))


def queue(rounds):
    # Bytes come at the end and go at the front.
    buffer, total = bytearray(), 0
    for i in range(rounds):
        buffer += b"%d;" % i
        if len(buffer) > 300:
            at = buffer.find(b";", 100) + 1
            total += len(buffer[:at].split(b";")) + buffer[0]
            del buffer[:at]
    return total, len(buffer), bytes(buffer[-5:])


def sieve(limit):
    flags = bytearray([1]) * (limit + 1)
    flags[0:2] = b"\0\0"
    for i in range(2, int(limit**0.5) + 1):
        if flags[i]:
            flags[i * i :: i] = bytes(len(flags[i * i :: i]))
    return sum(flags), flags.count(1), flags.rfind(1)


print(queue(3000), sieve(3000))


def letters(rounds):
    data = bytearray(b"the quick brown fox")
    total = 0
    for i in range(rounds):
        at = i % len(data)
        data[at] = (data[at] + i) & 127
        total += data[-at] + len(data)
    return total, data


print(letters(3000))
