"""TextIOWrapper over streams in memory and files."""
import io
import os
import tempfile


def show(label, function):
    try:
        print(label, repr(function()))
    except Exception as error:
        print(label, type(error).__name__, getattr(error, "strerror", None) or error)


def text(data, **options):
    return io.TextIOWrapper(io.BytesIO(data), **options)


# Line ends.
DATA = b"a\nb\rc\r\nd\r\r\n\ne"
for newline in (None, "", "\n", "\r", "\r\n"):
    stream = text(DATA, encoding="ascii", newline=newline)
    print(repr(newline), list(stream), stream.newlines)
    stream = text(DATA, encoding="utf-8", newline=newline)
    stream._CHUNK_SIZE = 1
    print(repr(newline), list(stream), stream.newlines)
    stream = text(DATA, encoding="latin-1", newline=newline)
    print(repr(newline), [stream.read(1) for _ in range(16)])
    stream = text(DATA.decode().encode("utf-16-le"), encoding="utf-16-le", newline=newline)
    stream._CHUNK_SIZE = 3
    print(repr(newline), list(stream), stream.newlines)
    below = io.BytesIO()
    stream = io.TextIOWrapper(below, encoding="utf-8", newline=newline)
    print(stream.write("x\ny\r\nz\r"), stream.flush(), below.getvalue())
show("newline", lambda: text(b"", newline="x"))
show("newline", lambda: text(b"", newline=3))
show("newline", lambda: text(b"", newline=b"\n"))

# Sizes.
stream = text("zwölf Boxkämpfer\njagen €\n\U0001f600!\n".encode(), encoding="utf-8")
print([stream.readline(3), stream.readline(0), stream.readline(), stream.readline(-1), stream.read(2), stream.read(0)])
print(repr(stream.read()), repr(stream.read()), repr(stream.readline()))
stream = text(b"abc\ndef\n" * 4, encoding="utf-8")
print(stream.readlines(5), stream.readlines(), stream.readlines(None))
show("size", lambda: text(b"abc").read("1"))
show("size", lambda: text(b"abc").readline(2.5))

# Errors.
BAD = b"good\nb\xffd\n\xc3"
for errors in ("strict", "ignore", "replace", "surrogateescape", "backslashreplace"):
    show(errors, lambda: text(BAD, encoding="utf-8", errors=errors).read())
    show(errors, lambda: list(text(BAD, encoding="ascii", errors=errors)))
    show(errors, lambda: [text(BAD, encoding="utf-8", errors=errors).read(n) for n in (2, 6, 7, 20)])
    show(errors, lambda: text(BAD, encoding="cp1252", errors=errors).read())
for errors in ("strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace"):
    for encoding in ("ascii", "latin-1", "utf-8", "utf-16"):
        def write():
            below = io.BytesIO()
            stream = io.TextIOWrapper(below, encoding=encoding, errors=errors)
            stream.write("a\xe4€\ud800\n")
            stream.write("again")
            stream.flush()
            return below.getvalue()
        show((errors, encoding), write)
show("encoding", lambda: text(b"", encoding="no-such"))
show("encoding", lambda: text(b"", encoding="hex"))
show("encoding", lambda: text(b"", encoding="a\0b"))
show("encoding", lambda: text(b"", encoding=8))
show("errors", lambda: text(b"", errors=8))
show("write", lambda: text(b"").write(b"x"))

# Positions.
for encoding in ("utf-8", "latin-1", "utf-16", "utf-8-sig", "utf-32-be", "cp1252"):
    below = io.BytesIO()
    stream = io.TextIOWrapper(below, encoding=encoding, newline="")
    stream.write("eins\nzw\xf6lf\r\ndrei\rvier\n" * 3)
    stream.seek(0)
    places = []
    while True:
        places.append(stream.tell())
        line = stream.readline()
        if not line:
            break
    lines = []
    for place in places:
        stream.seek(place)
        lines.append(stream.readline())
    print(encoding, lines)
    stream.seek(0)
    stream.read(7)
    place = stream.tell()
    rest = stream.read()
    stream.seek(place)
    print(encoding, stream.read() == rest, stream.seek(0, 2) == len(below.getvalue()))
    stream.write("Ende")
    stream.seek(0)
    print(repr(stream.read()[-6:]))
stream = text(b"abc\ndef\n")
next(stream)
show("tell", stream.tell)
list(stream)
show("tell", stream.tell)
show("seek", lambda: stream.seek(1, 1))
show("seek", lambda: stream.seek(1, 2))
show("seek", lambda: stream.seek(-1))
show("seek", lambda: stream.seek(0, 9))
show("seek", lambda: stream.seek(0, 1))

# What lies below.
stream = text(b"abc")
print(stream.errors, stream.line_buffering, stream.write_through, stream.closed, stream.seekable(), stream.readable())
show("name", lambda: stream.name)
show("fileno", stream.fileno)
below = stream.detach()
print(type(below).__name__)
for name in ("read", "readline", "flush", "close", "detach", "seekable", "fileno"):
    show(name, getattr(stream, name))
show("closed", lambda: stream.closed)
show("encoding", lambda: stream.errors)
stream = text(b"abc")
stream.close()
print(stream.closed)
for name in ("read", "readline", "flush", "close", "seekable", "readable", "fileno", "isatty", "tell", "__iter__"):
    show(name, getattr(stream, name))
show("next", lambda: next(stream))
show("write", lambda: stream.write("x"))
stream = io.TextIOWrapper.__new__(io.TextIOWrapper)
for name in ("read", "readline", "flush", "detach", "tell", "close"):
    show(name, getattr(stream, name))
show("repr", lambda: repr(stream))
show("chunk", lambda: setattr(text(b""), "_CHUNK_SIZE", 0))
show("chunk", lambda: delattr(text(b""), "_CHUNK_SIZE"))

# Changes.
below = io.BytesIO()
stream = io.TextIOWrapper(below, encoding="ascii", newline="\n")
stream.write("one\n")
stream.reconfigure(encoding="utf-8", newline="\r\n")
stream.write("zw\xf6lf\n")
stream.reconfigure(line_buffering=True)
stream.write("three\nfour")
print(below.getvalue(), stream.encoding, stream.errors, stream.line_buffering)
stream.reconfigure(errors="replace", write_through=True)
stream.write("five")
print(below.getvalue(), stream.encoding, stream.errors, stream.write_through)
stream = text(b"abc\ndef\n", encoding="ascii")
stream.readline()
show("reconfigure", lambda: stream.reconfigure(encoding="utf-8"))
show("reconfigure", lambda: stream.reconfigure(newline="x"))
show("reconfigure", lambda: stream.reconfigure(encoding=3))
show("reconfigure", lambda: stream.reconfigure(line_buffering=True))


# Classes of Python, below and above.
class Below(io.BytesIO):
    def read1(self, size=-1):
        print("read1", size)
        return super().read1(3)

    def close(self):
        print("close")
        super().close()


class Above(io.TextIOWrapper):
    def readline(self, size=-1):
        return super().readline(size).upper()


with Above(Below(b"ab\ncdef\ngh"), encoding="utf-8") as stream:
    print(list(stream))


class Odd:
    def readable(self):
        return True

    def writable(self):
        return False

    seekable = writable
    closed = False

    def read(self, size=-1):
        return "text"

    def flush(self):
        pass

    def close(self):
        if not self.closed:
            self.closed = True
            raise OSError("close")


stream = io.TextIOWrapper(Odd(), encoding="utf-8")
show("odd", lambda: stream.read(1))
show("odd", lambda: stream.readline())
show("odd", lambda: stream.write("x"))
show("odd", stream.close)
del stream

# Files.
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "file")
    with open(path, "w", encoding="utf-8") as file:
        print(file.mode, file.buffer.mode, file.buffer.raw.mode, file.name == path, file.isatty())
        print(file.write("zw\xf6lf\n" * 3), file.tell())
        file.writelines(["a\n", "b\n"])
        show("read", file.read)
    with open(path, encoding="utf-8") as file:
        print(file.readline(), file.tell(), file.read(3), file.tell(), file.readlines())
        show("write", lambda: file.write("x"))
    with open(path, "r+", encoding="utf-8") as file:
        file.seek(0, 2)
        file.write("Ende\n")
        file.seek(0)
        print(file.read().splitlines())
        print(file.truncate(7), file.seek(0), repr(file.read()))
    with open(path, "a+", encoding="utf-8") as file:
        print(file.tell(), file.write("more"), file.seek(0), repr(file.read()))
    with open(path, "w+", encoding="utf-16") as file:
        file.write("ab")
        file.seek(0)
        print(repr(file.read()))
    with open(path, "a", encoding="utf-16") as file:
        file.write("cd")
    print(open(path, "rb").read())
    show("exists", lambda: open(path, "x", encoding="utf-8").errno)
