"""BufferedReader, BufferedWriter, BufferedRandom and BufferedRWPair."""
import io
import os
import tempfile


def show(label, function):
    try:
        print(label, repr(function()))
    except Exception as error:
        print(label, type(error).__name__, getattr(error, "strerror", None) or error, getattr(error, "characters_written", ""))


class Raw(io.RawIOBase):
    """Gives pieces, and takes some bytes of what is written."""

    def __init__(self, pieces=(), takes=None):
        self.pieces = list(pieces)
        self.takes = takes
        self.calls = []
        self.written = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        self.calls.append(len(buffer))
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            return None
        part = piece[:len(buffer)]
        if len(part) < len(piece):
            self.pieces.insert(0, piece[len(part):])
        buffer[:len(part)] = part
        return len(part)

    def write(self, data):
        data = bytes(data)
        if self.takes == 0:
            return None
        if self.takes is not None:
            data = data[:self.takes]
        self.written.append(data)
        return len(data)


reader = io.BufferedReader(Raw([b"abc", b"d", b"efg\nhi", b"jkl\n", b"m"]), 8)
print(reader.read(2), reader.peek(), reader.peek(1), reader.read1(1), reader.read(3), reader.readline(), reader.read1(), reader.read1(10))
print(reader.readline(3), reader.read(), reader.read(), reader.read1(), reader.readline())
reader = io.BufferedReader(Raw([b"abc", None, b"de", None, None]), 4)
print(reader.read(2), reader.read(10), reader.read(10), reader.read(10), reader.read(), reader.read1(4))
reader = io.BufferedReader(Raw([b"0123456789" * 3]), 4)
target = bytearray(7)
print(reader.read(1), reader.readinto(target), target, reader.readinto1(target), target, reader.readinto(bytearray()))
print([line for line in io.BufferedReader(Raw([b"a\nb", b"\n\nc"]), 2)], reader.readlines(3))
show("size", lambda: reader.read(-2))
show("size", lambda: io.BufferedReader(Raw(), 0))
show("size", lambda: io.BufferedReader(Raw(), -5))
show("size", lambda: io.BufferedReader(Raw(), 2**80))
show("write", lambda: reader.write(b"x"))
show("truncate", lambda: reader.truncate())
show("seek", lambda: reader.seek(0))
show("whence", lambda: reader.seek(0, 7))
show("pickle", lambda: __import__("pickle").dumps(reader))

writer = io.BufferedWriter(Raw(), 4)
print(writer.write(b"ab"), writer.write(b"cd"), writer.raw.written, writer.write(b"e"), writer.raw.written, writer.write(b"0123456789"), writer.raw.written)
writer.flush()
print(writer.raw.written, writer.write(bytearray(b"xy")), writer.write(memoryview(b"z")))
raw = writer.detach()
print(raw.written)
show("write", lambda: writer.write(b"x"))
show("raw", lambda: writer.raw)
show("flush", writer.flush)
writer = io.BufferedWriter(Raw(takes=3), 4)
print(writer.write(b"0123456789"), writer.raw.written, writer.flush(), writer.raw.written)
writer = io.BufferedWriter(Raw(takes=0), 4)
print(writer.write(b"012"))
show("blocks", lambda: writer.write(b"345"))
show("blocks", lambda: writer.write(b"6"))
show("blocks", writer.flush)
writer.raw.takes = None
show("text", lambda: writer.write("x"))
show("read", lambda: writer.read())
writer.close()
print(writer.raw.written, writer.closed)
show("closed", lambda: writer.write(b"x"))
show("closed", writer.flush)
show("closed", writer.close)

random = io.BufferedRandom(io.BytesIO(b"0123456789"), 4)
print(random.read(2), random.write(b"ab"), random.tell(), random.read(2), random.seek(1), random.peek()[:2], random.write(b"X"), random.read())
print(random.raw.getvalue(), random.seek(-2, 2), random.read1(9), random.truncate(3), random.tell(), random.seek(0), random.read())
print(random.seek(0), random.write(b"long text"), random.seek(-3, 1), random.readline(), random.raw.getvalue())
print(random.readable(), random.writable(), random.seekable())
random.close()
for name in ("read", "peek", "readline", "flush", "tell", "close", "read1", "truncate", "isatty", "fileno"):
    show(name, getattr(random, name))
show("seek", lambda: random.seek(0))

pair = io.BufferedRWPair(Raw([b"abc\n", b"de"]), Raw(), 5)
print(pair.peek()[:2], pair.read(1), pair.read1(9), pair.write(b"xy"), pair.readable(), pair.writable(), pair.seekable(), pair.isatty(), pair.closed)
print(pair.readline(), pair.flush(), pair.close(), pair.closed)
show("pair", lambda: io.BufferedRWPair(io.BytesIO(), 3))
show("pair", lambda: io.BufferedRWPair.__new__(io.BufferedRWPair).read())

for kind in (io.BufferedReader, io.BufferedWriter, io.BufferedRandom):
    empty = kind.__new__(kind)
    show("new", empty.flush)
    show("new", empty.close)
    show("new", lambda: empty.closed)
    show("no raw", lambda: kind(3))


class Reader(io.BufferedReader):
    def readline(self, size=-1):
        return b"line\n" if self.read(1) else b""


print(list(Reader(Raw([b"xy"]))))


class Liar(Raw):
    def readinto(self, buffer):
        return len(buffer) + 1

    def write(self, data):
        return -1

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        return -1

    def tell(self):
        return -1


show("liar", lambda: io.BufferedReader(Liar()).read(3))
show("liar", lambda: io.BufferedReader(Liar()).seek(3))
show("liar", lambda: io.BufferedReader(Liar()).tell())


def write_to_liar():
    writer = io.BufferedWriter(Liar())
    writer.write(b"abc")
    try:
        writer.flush()
    finally:
        writer.raw.write = len


show("liar", write_to_liar)


class Failing(Raw):
    def close(self):
        super().close()
        raise ValueError("close")

    def write(self, data):
        raise OSError("write")


writer = io.BufferedWriter(Failing())
writer.write(b"x")
try:
    writer.close()
except ValueError as error:
    print(error, repr(error.__context__))

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "file")
    with open(path, "wb") as file:
        print(type(file).__name__, file.mode, file.raw.mode, file.name == path)
        file.write(b"line\n" * 5)
    with open(path, "rb", buffering=3) as file:
        print(type(file).__name__, file.readline(), file.tell(), file.seek(1), file.read(5), file.seek(2, 1), file.read(), file.seek(0, 2))
    with open(path, "r+b") as file:
        print(type(file).__name__, file.read(2), file.write(b"XX"), file.tell(), file.seek(0), file.read(6), file.truncate(), file.seek(0), file.read())
    with open(path, "rb", buffering=0) as file:
        print(type(file).__name__, file.read(2), file.readline(), file.readall())
    show("mode", lambda: open(path, "rwb"))
    show("mode", lambda: open(path, "bt"))
    show("mode", lambda: open(path, "rr"))
    show("mode", lambda: open(path, ""))
    show("mode", lambda: open(path, "r", buffering=0))
    show("mode", lambda: open(path, "rb", encoding="utf-8"))
    show("mode", lambda: open(path, "rb", errors="strict"))
    show("mode", lambda: open(path, "rb", newline=""))
    show("mode", lambda: open(path, 3))
    show("closefd", lambda: open(path, closefd=False))
    show("file", lambda: open(3.5))
    show("file", lambda: open(-1))
    show("folder", lambda: open(folder).errno)
    def opener(name, flags):
        print("opener", name == path, flags & os.O_ACCMODE)
        return os.open(path, flags)
    with open(path, "rb", opener=opener) as file:
        print(file.read(2))
    show("opener", lambda: open(path, opener=lambda name, flags: -7))
    show("opener", lambda: open(path, opener=lambda name, flags: "x"))
    fd = os.open(path, os.O_RDONLY)
    with open(fd, "rb", closefd=False) as file:
        print(file.name == fd, file.read(3))
    print(os.read(fd, 3))
    os.close(fd)
    print(io.open is open, io.open_code(path).read(2), io.text_encoding("x"), io.DEFAULT_BUFFER_SIZE)
print(io.UnsupportedOperation.__mro__, io.BlockingIOError is BlockingIOError)
