"""FileIO: modes, descriptors, openers, what is refused."""

import io
import os

path = f"/tmp/descriptor_files_{os.getpid()}"


def tell(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, str(error).replace(path, "PATH"))


def shown(file):
    return repr(file).replace(path, "PATH")


for mode in ["w", "r", "a", "r+", "w+", "a+", "rb", "wb+"]:
    file = io.FileIO(path, mode)
    print(mode, file.mode, file.readable(), file.writable(), file.seekable(), shown(file), file.closefd, file.closed)
    for method, *arguments in [
        ("tell",), ("write", b"abcd"), ("write", "text"), ("seek", 1), ("read", 2), ("readall",), ("read",), ("truncate", 3),
        ("seek", 0, 2), ("readinto", bytearray(4)), ("isatty",), ("readline",), ("flush",),
    ]:
        print("", method, end=" ")
        tell(getattr(file, method), *arguments)
    file.close()
    file.close()
    print(shown(file), file.closed)
    for method in ["read", "readall", "tell", "fileno", "isatty", "seekable", "readable", "truncate", "__enter__"]:
        print("", method, end=" ")
        tell(getattr(file, method))

tell(io.FileIO, path, "x")
os.remove(path)
with io.FileIO(path, "x") as file:
    print(file.mode, file.write(b"made"))

for arguments in [
    ("/tmp",), (-1,), (path + "/none",), (path, "z"), (path, "rw"), (path, "r++"), (path, ""), (path, "r", False), (1.5,),
    ("a\0b",), (None,), (1000,),
]:
    tell(io.FileIO, *arguments)
tell(lambda: io.FileIO(path, opener=lambda name, flags: -1))
tell(lambda: io.FileIO(path, opener=lambda name, flags: "no"))

with io.FileIO(path, opener=os.open) as file:
    print(file.read())

# Closing does not close a descriptor that is only lent.
reader, writer = os.pipe()
lent = io.FileIO(writer, "w", closefd=False)
lent.write(b"through ")
lent.close()
owner = io.FileIO(writer, "w")
print(owner.seekable(), owner.name == writer, owner.write(b"a pipe"))
owner.close()
tell(os.close, writer)
with io.FileIO(reader) as file:
    tell(file.seek, 0)
    print(file.read(7), file.readall(), file.read(1))

# Nothing there yet.
reader, writer = os.pipe()
os.set_blocking(reader, False)
with io.FileIO(reader) as file:
    print(file.read(1), file.readall(), file.readinto(bytearray(2)))
os.close(writer)

with open(path, "wb", buffering=0) as file:
    print(type(file), file.write(b"line 1\nline 2\n"))
with open(os.open(path, os.O_RDONLY)) as file:
    print(file.read().split("\n"), file.fileno() > 2)
with open(path, opener=lambda name, flags: os.open(name, flags)) as file:
    print(file.readline())
tell(lambda: open(path, buffering=0))

# One that nobody closes is closed as it dies.
import gc


def opened(depth):
    """A descriptor of a stream that is dead. It is made deep in the stack: nothing later has a stale word of it."""
    return next(map(opened, [depth - 1])) if depth else io.FileIO(path).fileno()


fd = opened(20)
gc.collect()
tell(os.fstat, fd)


class Derived(io.FileIO):
    pass


with Derived(path) as derived:
    print(shown(derived))
    derived.extra = 1
    del derived.name
    print(repr(derived).replace(str(derived.fileno()), "FD"))
    print(derived.extra, derived.readlines())
os.remove(path)
