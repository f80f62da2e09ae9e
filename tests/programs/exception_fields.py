# Exceptions' fields: slots of their own, set by __init__ or __new__, assignable afterwards.
def say(function, *args, **keywords):
    try:
        result = function(*args, **keywords)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(result)


e = OSError(9999, "text", "file", None, "other")
print(type(e).__name__, e.args, e.errno, e.strerror, e.filename, e.filename2, e)
e.errno, e.strerror = 7, "new"
print(e, e.args)
e.filename = None
print(e)
print(OSError("one").errno, OSError("one"), OSError(1, 2, 3, 4, 5, 6), OSError(9999, "text", None).args)
say(lambda: e.characters_written)
e.characters_written = 3
print(e.characters_written, BlockingIOError(11, "x", 5).characters_written)
say(OSError, 1, x=2)


class InitOnly(OSError):
    def __init__(self, *args):
        pass


class NewToo(OSError):
    def __new__(cls, *args):
        return super().__new__(cls)

    def __init__(self, a, b, c):
        super().__init__(a, b)


print(InitOnly(9999, "b").args, InitOnly(9999, "b").errno, NewToo(9999, "b", "c").args, NewToo(9999, "b", "c").errno)

e = SyntaxError("m", ("folder/f.py", 1, 2, "t", 5, 6))
print(e, e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e.print_file_and_line)
e.filename, e.lineno, e.msg = "x", 4, 7
print(e)
del e.msg
print(e, e.msg)
say(SyntaxError, "m", (1, 2))
say(SyntaxError, "m", ("f", 1, 2, "t", 5))
try:
    compile("a b", "name", "exec")
except SyntaxError as error:
    print(error.args[1][:3], error.lineno)

print(UnicodeEncodeError("ascii", "a\u1234", 1, 2, "r"), "|", UnicodeDecodeError("ascii", b"abc", 0, 3, "r"))
print(UnicodeTranslateError("abc", 0, 1, "r"))
say(UnicodeEncodeError, "a", "b", 1, 2)
say(UnicodeEncodeError, "a", "b", 1, 2, 3)
say(UnicodeDecodeError, "ascii", "abc", 0, 5, "r")
try:
    "ab\xe9\xe8c".encode("ascii")
except UnicodeEncodeError as error:
    print(error.encoding, error.object, error.start, error.end, error.reason, error)
    error.start, error.end, error.reason = 0, 1, "because"
    print(error)
    say(setattr, error, "start", "x")
try:
    b"ab\xff".decode()
except UnicodeDecodeError as error:
    print(error.encoding, error.object, error.start, error.end, error.reason, error)

e = StopIteration(1, 2)
print(e.value, StopIteration().value, StopIteration.__new__(StopIteration, 5).value)
e.args = (5,)
print(e.value)
e.value = 7
print(e.value, e.args)
print(SystemExit(1, 2).code, SystemExit().code, SystemExit(4).code)
e = ImportError("m", name="n", path="p", name_from="f")
print(e, e.msg, e.name, e.path, e.name_from, e.__dict__, ImportError("a", "b").msg)
say(ImportError, "m", x=1)
say(NameError, "m", obj=1)
say(ValueError, "m", x=1)
print(str(KeyError("a")), str(KeyError("a", "b")), repr(str(KeyError())))

g = ExceptionGroup("m", [ValueError(1)])
print(g, g.message, g.exceptions, g.args)
say(setattr, g, "message", "x")
say(delattr, g, "exceptions")
say(ExceptionGroup, "m")
say(ExceptionGroup, "a", ValueError())

for bases in ((OSError, SyntaxError), (KeyError, OSError), (UnicodeEncodeError, UnicodeDecodeError), (ValueError, OSError),
              (ExceptionGroup, OSError), (AttributeError, NameError), (StopIteration, SystemExit)):
    say(lambda: type("X", bases, {}).__base__)


class Both(KeyError, OSError):
    pass


print(Both(1, 2).errno, Both(1, 2).args)

print(ValueError(3).__reduce__(), OSError(9999, "b", "c").__reduce__(), ImportError("a", name="q").__reduce__())
e = ValueError(3)
e.__setstate__({"more": 6})
print(e.more, e.__reduce__())
say(e.__setstate__, 5)


class Empty:
    __slots__ = ()


def names():
    for attempt in (lambda: Empty().missing, lambda: Empty.absent, lambda: unknown_name, lambda: setattr(1, "x", 2)):
        try:
            attempt()
        except AttributeError as error:
            yield error.name, type(error.obj).__name__
        except NameError as error:
            yield error.name
    try:
        from sys import nothing_of_the_kind
    except ImportError as error:
        yield error.name, error.name_from


print(list(names()))




def generator(n):
    yield n
    return n + 1


def hot(n):
    total = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                raise OSError(9999, "x", i)
            if i % 3 == 1:
                Empty().gone
            raise StopIteration(i)
        except OSError as error:
            total += error.filename
            error.errno = i
            total += error.errno
        except AttributeError as error:
            total += len(error.name)
        except StopIteration as error:
            total += error.value
        it = generator(i)
        next(it)
        try:
            next(it)
        except StopIteration as stop:
            total += stop.value
    return total


print(hot(3000))
