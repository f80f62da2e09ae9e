"""StringIO and IncrementalNewlineDecoder."""
import io
import pickle


def show(label, function):
    try:
        print(label, repr(function()))
    except Exception as error:
        print(label, type(error).__name__, error)


for newline in (None, "", "\n", "\r", "\r\n"):
    stream = io.StringIO("a\nb\rc\r\nd\r\r\n\ne", newline=newline)
    print(repr(newline), list(stream), repr(stream.getvalue()), stream.newlines)
    print(stream.write("x\ny\r"), stream.write("\nz"), repr(stream.getvalue()), stream.tell(), stream.newlines)
stream = io.StringIO("zw\xf6lf")
print(stream.read(2), stream.write("€"), stream.getvalue(), stream.tell(), stream.read(), stream.seek(0), stream.readline(3), stream.readline())
print(stream.seek(8), stream.write("\U0001f600"), repr(stream.getvalue()), stream.truncate(3), stream.tell(), stream.getvalue())
print(stream.seek(0, 2), stream.seek(0, 1), stream.seek(0), stream.truncate(), repr(stream.getvalue()))
show("seek", lambda: stream.seek(-1))
show("seek", lambda: stream.seek(1, 1))
show("seek", lambda: stream.seek(1, 2))
show("seek", lambda: stream.seek(0, 5))
show("seek", lambda: stream.seek("1"))
show("truncate", lambda: stream.truncate(-2))
show("write", lambda: stream.write(b"x"))
show("write", lambda: stream.write(None))
show("init", lambda: io.StringIO(3))
show("init", lambda: io.StringIO("", 3))
show("init", lambda: io.StringIO("", "x"))
print(stream.readable(), stream.writable(), stream.seekable(), stream.isatty(), stream.line_buffering, stream.encoding, stream.errors, stream.closed)
show("fileno", stream.fileno)
show("detach", stream.detach)
stream = io.StringIO()
print(stream.writelines(["a\n", "b\n", "c"]), repr(stream.getvalue()), stream.seek(0), stream.readlines(), stream.seek(0), stream.readlines(1))
stream.seek(0)
for line in stream:
    print(repr(line), stream.tell())
stream.extra = [1]
stream.seek(2)
copy = pickle.loads(pickle.dumps(stream))
print(copy.getvalue() == stream.getvalue(), copy.tell(), copy.extra)
print(io.StringIO("x\ny", newline="\r\n").__getstate__())
show("state", lambda: stream.__setstate__(("x", "\n", -1, None)))
show("state", lambda: stream.__setstate__((3, "\n", 0, None)))
show("state", lambda: stream.__setstate__(3))
stream.__setstate__(("no\nmatter", "\n", 3, {"y": 2}))
print(repr(stream.read()), stream.y)
stream.close()
for name in ("read", "readline", "getvalue", "tell", "close", "flush", "readable", "__iter__", "__enter__", "truncate"):
    show(name, getattr(stream, name))
show("write", lambda: stream.write("x"))
show("next", lambda: next(stream))
show("new", lambda: io.StringIO.__new__(io.StringIO).read())


class Loud(io.StringIO):
    def readline(self, size=-1):
        return super().readline(size).upper()

    def write(self, text):
        return super().write(text + "!")


stream = Loud("a\nb\n")
print(list(stream), print("hi", 3, file=stream), repr(stream.getvalue()))

decoder = io.IncrementalNewlineDecoder(None, translate=True)
print([decoder.decode(part) for part in ("a\r", "\nb\r", "c\n", "\r", "\r\n")], decoder.newlines, decoder.getstate())
print(repr(decoder.decode("x\r")), decoder.getstate(), repr(decoder.decode("", final=True)), decoder.newlines, decoder.reset(), decoder.newlines)
decoder.setstate((b"", 1))
print(repr(decoder.decode("\nx")), decoder.getstate())
decoder = io.IncrementalNewlineDecoder(None, translate=False)
print([decoder.decode(part) for part in ("a\r", "\nb\r", "c\n", "€\r", "\u1234")], decoder.newlines)
import codecs
decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")(), translate=True)
print([decoder.decode(part) for part in (b"a\xc3", b"\xa4\r", b"\n", b"\xe2")], decoder.getstate())
show("state", lambda: decoder.setstate(3))
show("state", lambda: decoder.setstate((1,)))
show("text", lambda: io.IncrementalNewlineDecoder(None, True).decode(b"x"))
show("new", lambda: io.IncrementalNewlineDecoder.__new__(io.IncrementalNewlineDecoder).decode("x"))
