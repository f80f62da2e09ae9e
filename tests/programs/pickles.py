# Not under gc: containers of thousands of items.
# Pickles of all protocols: what they are made of, what they refuse, what else they may hold.
import collections
import copyreg
import datetime
import decimal
import functools
import io
import pickle
import pickletools
import re


class Plain:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__

    class Inner:
        pass

    def method(self):
        return 1


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a

    def __eq__(self, other):
        return self.a == other.a

    def __getstate__(self):
        return (None, {"a": self.a})


class Stated:
    def __getstate__(self):
        return ("state", 1)

    def __setstate__(self, state):
        self.state = state


class Named(tuple):
    def __new__(cls, *items, name):
        self = super().__new__(cls, items)
        self.name = name
        return self

    def __getnewargs_ex__(self):
        return tuple(self), {"name": self.name}


class MyDict(dict):
    pass


class MyList(list):
    pass


class MyInt(int):
    pass


Point = collections.namedtuple("Point", "x y")


def function():
    pass


shared = ["shared"]
loop = []
loop.append(loop)
ring = Plain()
ring.me = ring
held = ([],)
held[0].append(held)
OBJECTS = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**63, -2**63, 2**64, -2**64, 2**2000, -2**2040,
    1.5, -0.0, float("inf"), 1e300, "", "a", "é", "\u20ac\U0001F600", "\ud800", "a\nb\\c\r\x00\x1a", "x" * 300, b"", b"bytes\x00\xff", b"y" * 300,
    bytearray(b"ba"), bytearray(), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [1, 2], {}, {"k": 1}, {1: 2, 3: 4}, set(), {1}, frozenset(), frozenset({5}),
    1j, range(3), slice(1, 2, 3), Ellipsis, NotImplemented, int, type(None), type(...), len, function, Plain, Plain.Inner, Point, Point(1, 2),
    Plain(a=1), Slots(3), MyDict(a=1), MyList([1, 2]), MyInt(7), Named(1, 2, name="n"), [shared, shared], collections.OrderedDict(a=1),
    collections.deque([1, 2], 5), collections.Counter("aab"), datetime.date(2024, 1, 2), datetime.timedelta(1, 2, 3), decimal.Decimal("1.50"),
    functools.partial(int, base=2), ValueError("v", 1), list(range(1500)), {i: str(i) for i in range(1200)}, set(range(1100)),
]
for protocol in range(6):
    same = 0
    for value in OBJECTS:
        data = pickle.dumps(value, protocol)
        back = pickle.loads(data)
        if repr(back) == repr(value) or back == value or callable(value):
            same += 1
        else:
            print(protocol, type(value), ascii(back)[:100])
        file = io.BytesIO()
        pickle.dump(value, file, protocol)
        file.write(b"rest")
        assert file.getvalue()[:-4] == data
        file.seek(0)
        pickle.load(file)
        assert file.read() == b"rest", (protocol, value)
    print(protocol, same, len(OBJECTS))
    back = pickle.loads(pickle.dumps(loop, protocol))
    print(back[0] is back, pickle.loads(pickle.dumps(ring, protocol)).me.me.__class__.__name__, end=" ")
    back = pickle.loads(pickle.dumps(held, protocol))
    print(back[0][0] is back, pickle.loads(pickle.dumps(Stated(), protocol)).state)
    for value in (None, True, 1, -1, 300, 70000, 2**40, -2**70, 1.5, "é\n\ud800", b"b\xff", bytearray(b"q"), (), (1, 2), [1], [1, 2], {1: 2}, {1}, frozenset({1}), 1j, int, loop, held):
        print("  ", pickle.dumps(value, protocol))
print(pickle.loads(pickle.dumps(OBJECTS[20], 2)) == OBJECTS[20])

print("frames")
big = b"z" * 70000
data = pickle.dumps([big, "s" * 70000, 1], 4)
print(len(data), [(opcode.name, position) for opcode, argument, position in pickletools.genops(data) if opcode.name in ("FRAME", "BINBYTES", "BINUNICODE")])
print(len(pickle.dumps(list(range(100000)), 4)), pickle.loads(pickle.dumps([big, bytearray(big)])) == [big, bytearray(big)])


def tried(call, *arguments, **named):
    try:
        print("   no error", ascii(call(*arguments, **named))[:100])
    except Exception as e:
        message = re.sub("0x[0-9a-f]+", "0x", str(e))
        print("  ", type(e).__module__, type(e).__name__, message[:150], getattr(e, "__notes__", []))


print("refused")
tried(pickle.dumps, 1, 6)
tried(pickle.dumps, lambda: 1)
tried(pickle.dumps, [1, {"key": (0, lambda: 1)}])
tried(pickle.dumps, Plain(a={lambda: 1}))
tried(pickle.dumps, io)
tried(pickle.dumps, (i for i in ()))
tried(pickle.dumps, 1, buffer_callback=len, protocol=4)
tried(pickle.Pickler, 5)
tried(pickle.Unpickler, 5)
for data in (b"", b".", b"N", b"X", b"\x80\x09.", b"\x8c\xffabc.", b"0.", b"(.", b"(t", b"e.", b"]e.", b"Q.", b"h\x00.", b"g5\n.", b"F1x\n.", b"Sabc\n.", b"c__main__\nmissing\n.",
             b"cmissing_module\nname\n.", b"NNR.", b"cbuiltins\nint\nN\x81.", b"NN\x81.", b"\x82\x01.", b"\x82\x00.", b"\x97.",
             b"\x8a\xff.", b"\x8b\xff\xff\xff\xff.", b"K\x01K\x02b.", b"]K\x01K\x02s.", b"K\x01\x93.", b"\xff.", b"~.", b"(lp0\n(K\x01a.", b"Pid\n.", b"}(K\x01u.", b"}K\x01(K\x02a."):
    print(data)
    tried(pickle.loads, data)

print("hooks")


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        return ("id", value.name) if isinstance(value, Named) else None

    def reducer_override(self, value):
        if value is function:
            return int, ("42",)
        return NotImplemented


class Unpickler(pickle.Unpickler):
    def persistent_load(self, id):
        return id

    def find_class(self, module, name):
        print("   find", module, name)
        return super().find_class(module, name)


for protocol in (0, 2, 5):
    out = io.BytesIO()
    Pickler(out, protocol).dump([Named(1, name="n"), function, Plain(a=1)])
    print(protocol, Unpickler(io.BytesIO(out.getvalue())).load()[:2])
pickler = pickle.Pickler(io.BytesIO(), 2)
pickler.dispatch_table = {complex: lambda value: (complex, (value.imag, value.real))}
pickler.dump(1j)
copyreg.pickle(Slots, lambda value: (Slots, (value.a + 1,)))
print(pickle.loads(pickle.dumps(Slots(1))).a)
copyreg.add_extension("__main__", "Plain", 0x1234)
print(pickle.dumps(Plain, 2), pickle.loads(pickle.dumps(Plain, 2)) is Plain)
copyreg.remove_extension("__main__", "Plain", 0x1234)
buffers = []
data = pickle.dumps([pickle.PickleBuffer(b"read-only"), pickle.PickleBuffer(bytearray(b"writable"))], 5, buffer_callback=buffers.append)
print(data, [bytes(buffer.raw()) for buffer in buffers], pickle.loads(data, buffers=buffers)[1] is buffers[1])
tried(pickle.loads, data)
tried(pickle.loads, data, buffers=[])
print(pickle.loads(pickle.dumps(pickle.PickleBuffer(bytearray(b"inline")), 5)))
out = io.BytesIO()
pickler = pickle.Pickler(out)
pickler.dump(shared)
pickler.dump(shared)
out.seek(0)
unpickler = pickle.Unpickler(out)
first = unpickler.load()
print(first, unpickler.load() is first)
print(pickle.loads(b"U\x03ab\xe9.", encoding="latin-1"), pickle.loads(b"U\x03ab\xe9.", encoding="bytes"), pickle.loads(b"c__builtin__\nunicode\n.") is str,
      pickle.dumps(collections.UserDict, 2), pickle.loads(b"(i__main__\nPlain\n.") == pickle.loads(b"(c__main__\nPlain\no.") == Plain())
