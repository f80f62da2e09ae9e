"""print, input and the standard streams, those that a program puts in their place too."""
import builtins
import contextlib
import io
import sys


def show(label, function):
    try:
        print(label, repr(function()), file=sys.__stdout__)
    except Exception as error:
        print(label, type(error).__name__, error, file=sys.__stdout__)


for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(type(stream).__name__, type(stream.buffer).__name__, type(stream.buffer.raw).__name__, stream.name, stream.mode,
          stream.buffer.name, stream.fileno(), stream.closed, stream.readable(), stream.writable(), stream.newlines)
print(sys.stdout is sys.__stdout__, sys.stderr.errors, sys.stderr.line_buffering, sys.stdout.buffer.raw.closefd)
print("a", 1, -5, 2.5, None, 10**30, "zw\xf6lf €", sep="|", end="!\n")
print()
print(sep=3 and None, end=None)
show("sep", lambda: print(1, sep=3))
show("end", lambda: print(1, end=b""))
sys.stdout.write("text\n")
sys.stdout.flush()
sys.stdout.buffer.write(b"bytes\n")
sys.stdout.buffer.flush()
sys.stdout.writelines(["x\n", "y\n"])

out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("one", 2)
    print("three", end="")
    sys.displayhook([1])
    sys.displayhook(None)
print(repr(out.getvalue()), builtins._)


class Writes:
    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)


sys.stdout = writes = Writes()
print("a", 3, sep="-")
show("flush", lambda: print("b", flush=True))
sys.stdout = None
print("nothing")
sys.stdout = sys.__stdout__
print(writes.parts)
del sys.stdout
show("lost", lambda: print("x"))
sys.stdout = sys.__stdout__

sys.stdin = io.StringIO("first\nsecond\n\nlast")
show("input", lambda: input("? "))
print()
show("input", input)
show("input", input)
show("input", input)
show("input", input)
sys.stdin = None
show("input", input)
sys.stdin = sys.__stdin__
show("stdin", lambda: sys.stdin.read())
show("stdin", lambda: sys.stdin.readline())
show("stdin", input)
show("stdin", lambda: sys.stdin.write("x"))
show("stdout", lambda: sys.stdout.read())
show("file", lambda: print("x", file=3))
print("to a file", file=sys.stdout, flush=True)


class Shouts(io.TextIOWrapper):
    def write(self, text):
        return super().write(text.upper())


below = io.BytesIO()
with Shouts(below, encoding="utf-8", write_through=True) as stream:
    print("quiet", 1, file=stream)
    print(below.getvalue())
closed = io.StringIO()
closed.close()
show("closed", lambda: print("x", file=closed))
