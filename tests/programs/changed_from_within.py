# Objects that change while they are asked: bytearrays, exceptions, classes' bases.
class Clears:
    def __init__(self, data):
        self.data = data

    def __index__(self):
        self.data.clear()
        return 65

    def __buffer__(self, flags):
        self.data.clear()
        return memoryview(b"A")

    def __repr__(self):
        self.data.clear()
        return "E"


class Lies(bytes):
    def __len__(self):
        return 1


def show(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


def attempt(function):
    # Whether the data may be cleared meanwhile is not the same everywhere.
    data = bytearray(b"A%a" * 1000)
    try:
        function(data, Clears(data))
    except (BufferError, ValueError, TypeError):
        pass
    print(type(data).__name__)


attempt(lambda data, evil: data.find(evil))
attempt(lambda data, evil: data.count(evil))
attempt(lambda data, evil: data.rindex(evil))
attempt(lambda data, evil: evil in data)
attempt(lambda data, evil: data.split(evil))
attempt(lambda data, evil: data.rsplit(evil))
attempt(lambda data, evil: data % evil)
attempt(lambda data, evil: data.join(x for x in [evil, evil]))
show(lambda: b"ab".hex(Lies(b"")).encode())


class Text(str):
    def __str__(self):
        del error.object
        return self


error = UnicodeEncodeError(Text("utf-8"), "x", 0, 1, "why")
show(lambda: str(error))
note = ValueError(1)
note.__notes__ = 42
show(lambda: note.add_note("x"))
imported = ImportError("a", name="b", path="c")
imported.__init__()
print(imported.args, imported.msg, imported.name, imported.path)


def catch(classes):
    for _ in range(100):
        try:
            try:
                raise ValueError
            except classes:
                result = "caught"
        except TypeError as error:
            result = error
    print(result)


catch((ValueError, 42))
catch(((ValueError,), KeyError))
catch((KeyError, ValueError))
is_ready = False


class Meta(type):
    def mro(cls):
        global is_ready
        if is_ready and cls.__name__ == "C":
            is_ready = False
            C.__bases__ = (B2,)
        return super().mro()


class A(metaclass=Meta):
    pass


class B1(A):
    pass


class B2(A):
    pass


class C(A):
    pass


is_ready = True
C.__bases__ = (B1,)
B1.__bases__ = (C,)
print(C.__bases__, B2.__subclasses__(), B1.__bases__, C.__subclasses__(), B1.__mro__)


class Loops(type):
    def mro(cls):
        if is_looping:
            if cls.__name__ == "D1":
                D2.__bases__ = (D1,)
            if cls.__name__ == "D2":
                D1.__bases__ = (D2,)
        return super().mro()


is_looping = False


class D(metaclass=Loops):
    pass


class D1(D):
    pass


class D2(D):
    pass


is_looping = True
try:
    D1.__bases__ += ()
except TypeError as error:
    print(error)
