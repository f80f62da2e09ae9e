# What is exported cannot be resized; it can when nobody has an export any more, released or forgotten.
def ask(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def changes(b):
    return [ask(f) for f in (
        lambda: b.append(1), lambda: b.extend(b"x"), lambda: b.extend(b""), lambda: b.pop(), lambda: b.clear(), lambda: b.insert(0, 1), lambda: b.resize(9), lambda: b.resize(len(b)),
        lambda: b.__imul__(2), lambda: b.__imul__(1) is b, lambda: b.__iadd__(b), lambda: b.__init__(b"q"), lambda: b.__setitem__(slice(0, 1), b"xy"), lambda: b.__setitem__(slice(0, 1), b"y"),
        lambda: b.__delitem__(0), lambda: b.__delitem__(slice(0, 3, 2)), lambda: b.remove(b[0]), lambda: b.__setitem__(0, 65), lambda: b.reverse())]


b = bytearray(b"abcd")
view = memoryview(b)
for line in changes(b):
    print(line)
print(b, view.tolist())
half = view[1:3].cast("b")
view.release()
print(ask(b.append, 1), half.tolist())
half.release()
print(ask(b.append, 1), b)
print(ask(b.__iadd__, memoryview(b)), ask(b.extend, memoryview(b)), ask(b.extend, b), b)
with memoryview(b) as first, memoryview(b) as second:
    print(ask(b.clear))
print(ask(b.clear), b)

print("in loops")


def exported_in_a_loop(rounds):
    b = bytearray(b"0123456789")
    refused = 0
    for i in range(rounds):
        b.append(i & 255)
        with memoryview(b) as view:
            try:
                b.append(1)
            except BufferError:
                refused += 1
            total = view[-1] + view[0]
        del b[0]
    return refused, total, len(b)


def forgotten_in_a_loop(rounds):
    b = bytearray(b"0123456789")
    for i in range(rounds):
        sum(memoryview(b)[2:5])
        b += b"x"
    return len(b)


print(exported_in_a_loop(20), forgotten_in_a_loop(20))

print("__buffer__")


class Exporter:
    def __init__(self, data):
        self.data = data
        self.log = []

    def __buffer__(self, flags):
        self.log.append(flags)
        return memoryview(self.data)

    def __release_buffer__(self, view):
        self.log.append(view.tobytes())


exporter = Exporter(bytearray(b"xyz"))
print(bytes(exporter), b"-".join([exporter, b"q"]), b"a" + exporter, b"y" in b"xyz", b"axyz".endswith(exporter), exporter.log)
exporter.log.clear()
with memoryview(exporter) as view:
    view[0] = 65
    part = view[1:]
    print(ask(exporter.data.append, 1), part.tolist(), exporter.log)
print(exporter.log)
part.release()
print(exporter.log, ask(exporter.data.append, 1), exporter.data, b"-Ayz\1-".find(exporter), bytearray(exporter))


class Bad:
    def __buffer__(self, flags):
        return b"no view"


class Odd(bytearray):
    def __buffer__(self, flags):
        return super().__buffer__(flags)[::-1] if flags & 0x18 == 0x18 else super().__buffer__(flags)


print(ask(memoryview, Bad()), ask(bytes, Bad()), memoryview(Odd(b"abc")).tolist(), b"".join([Odd(b"abc")]))
print(b"ab".__buffer__(0).tolist(), ask(b"ab".__buffer__, 1), bytearray(b"ab").__buffer__(1).readonly, hasattr(bytes, "__release_buffer__"), memoryview(b"ab").__buffer__(0).tolist())
b = bytearray(b"ab")
view = b.__buffer__(0)
print(ask(b.append, 1))
b.__release_buffer__(view)
print(ask(b.append, 1), ask(view.tolist), b)

