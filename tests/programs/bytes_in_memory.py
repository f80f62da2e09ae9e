"""BytesIO: reading, writing, positions, exports, errors, state."""

import io


def tell(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, error)


stream = io.BytesIO(b"abc\ndef\n\nxyz")
for method, *arguments in [
    ("read", "x"), ("read", 2), ("readline",), ("readlines", 3), ("seek", -1), ("seek", -1, 1), ("seek", -100, 2),
    ("seek", 0, 3), ("seek", "a"), ("truncate", -1), ("write", "abc"), ("fileno",), ("detach",),
    ("isatty",), ("__getstate__",), ("__setstate__", 1), ("__setstate__", (1, 2, 3)), ("__setstate__", (b"q", -1, None)),
    ("__setstate__", (b"q", 1, 3)), ("__setstate__", (b"qrs", 1, {"z": 1})), ("tell",), ("__getattribute__", "z"),
    ("writelines", [b"a", 1]), ("getvalue",), ("readinto", b"a"), ("readinto", bytearray(3)), ("seek", 7), ("read",),
    ("write", b"!"), ("getvalue",), ("seek", 2), ("truncate",), ("getvalue",), ("readable",), ("writable",), ("seekable",),
    ("flush",), ("close",), ("close",), ("read",), ("getvalue",), ("getbuffer",), ("flush",), ("__iter__",), ("readable",),
    ("__enter__",), ("tell",), ("__getstate__",), ("write", b"a"), ("seek", 0),
]:
    print(method, end=" ")
    tell(getattr(stream, method) if method != "__iter__" else lambda: None, *arguments)
print(stream.closed)

for arguments in [(1,), ("text",), (None,), (b"q",), (bytearray(b"r"),), (memoryview(b"stu")[::2],)]:
    tell(lambda: io.BytesIO(*arguments).getvalue())
tell(lambda: io.BytesIO(initial_bytes=b"named").getvalue())

# While its memory is given out it is not resized, nor closed.
stream = io.BytesIO(b"abc")
view = stream.getbuffer()
view[1] = ord("X")
for method, *arguments in [("write", b"long enough"), ("truncate", 1), ("close",), ("getvalue",), ("read",)]:
    tell(getattr(stream, method), *arguments)
print(view.readonly, view.format, len(view), bytes(view))
view.release()
tell(stream.write, b"0123456789")
print(stream.getvalue(), stream.tell())

with io.BytesIO(b"one\ntwo\nthree") as lines:
    print(list(lines), lines.read1(), lines.readline())
print(lines.closed)


class Derived(io.BytesIO):
    def __init__(self, data):
        super().__init__(data)
        self.extra = len(data)

    def read(self, size=-1):
        return super().read(size).upper()


derived = Derived(b"letters")
print(derived.read(3), derived.extra, derived.__dict__, derived.getvalue(), isinstance(derived, io.BufferedIOBase))
print(issubclass(io.BytesIO, io.IOBase), io.BytesIO.__module__, io.UnsupportedOperation.__mro__)


class Raw(io.RawIOBase):
    """Gives what it holds in small pieces."""

    def __init__(self, data):
        self.data = data

    def readable(self):
        return True

    def readinto(self, buffer):
        piece = self.data[: min(len(buffer), 3)]
        buffer[: len(piece)] = piece
        self.data = self.data[len(piece):]
        return len(piece)


raw = Raw(b"first\nsecond\nthird")
print(raw.read(2), raw.readline(), raw.readline(4), raw.readlines(), raw.read(1))
print(Raw(b"all of it").readall(), Raw(b"and this").read())
for method in ["seek", "tell", "truncate", "fileno", "detach", "isatty", "writable", "flush", "close", "close", "read", "flush"]:
    print(method, end=" ")
    tell(lambda: getattr(raw, method)(*[0] * (method == "seek")))

total = 0
stream = io.BytesIO()
for i in range(200):
    total += stream.write(b"%d\n" % i)
stream.seek(0)
print(total, sum(int(line) for line in stream))
