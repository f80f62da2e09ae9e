# Formats of what derives from numbers and strs, and the words of some errors.
import enum
import sys
import warnings


class Int(int):
    def __str__(self):
        return "an int"


class Float(float):
    def __str__(self):
        return "a float"


class Text(str):
    def __str__(self):
        return "a text"


class Complex(complex):
    def __str__(self):
        return "a complex"


for value in Int(1), Float(2.5), Text("x"), Complex(1j), True, 5, "x":
    print(f"{value}", format(value), "{}".format(value), "{!s}".format(value), f"{value:>8}", type(value).__format__(value, ""))


class Number(enum.IntEnum):
    ONE = 1

    def __str__(self):
        return self.name.lower()


class Plain(enum.IntEnum):
    ONE = 1


class Name(enum.StrEnum):
    ONE = "first"

    def __str__(self):
        return self.name.lower()


class Flag(enum.IntFlag):
    R = 4

    def __str__(self):
        return self.name


print(f"{Number.ONE} {Plain.ONE} {Name.ONE} {Flag.R}", "{} {} {} {}".format(Number.ONE, Plain.ONE, Name.ONE, Flag.R))
total = 0
for i in range(2000):
    total += len(f"{Number.ONE}{Plain.ONE}")
print(total)


# Context managers of the other kind
class Neither:
    pass


class Synchronous:
    def __enter__(self):
        pass

    def __exit__(self, *args):
        pass


class Asynchronous:
    async def __aenter__(self):
        pass

    async def __aexit__(self, *args):
        pass


class Half:
    def __enter__(self):
        pass

    async def __aenter__(self):
        pass


for kind in Neither, Synchronous, Asynchronous, Half:
    try:
        with kind():
            print(kind.__name__, "entered")
    except TypeError as error:
        print(error)

    async def enter():
        async with kind():
            print(kind.__name__, "entered, asynchronously")

    try:
        enter().send(None)
    except StopIteration:
        pass
    except TypeError as error:
        print(error)


class Base:
    pass


for owner in list, [], Neither, Neither(), 5:
    try:
        super(Base, owner)
    except TypeError as error:
        print(error)
for base in 2**100, -(2**100), 1, 37, -1:
    try:
        int("1", base)
    except ValueError as error:
        print(error)
print(type.__type_params__, int.__type_params__, Base.__type_params__)
try:
    float(2) ** 2, pow(0.0, -1)
except ZeroDivisionError as error:
    print(error)


class Owner:
    class Inner:
        empty = property()


for act in lambda o: o.empty, lambda o: setattr(o, "empty", 1), lambda o: delattr(o, "empty"):
    try:
        act(Owner.Inner())
    except AttributeError as error:
        print(error)

# Warnings of the compiler that are errors
warnings.simplefilter("error", SyntaxWarning)
for source in "assert (1, 'x')", "def f():\n    return x is 'a'":
    try:
        compile(source, "file", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset, error.filename)

print(sys.gettrace(), sys.settrace(None), sys.getprofile(), sys.setprofile(None))
for text in "\U000102ff", "\u0378", "a\u00ad", "\u200b", "\ue000", "\u4e00", "\u00e9", "\u2028":
    print(ascii(text), text.isprintable(), repr(text) == f"'{text}'")


class Annotated(enum.Enum):
    value_of: int

    ONE = 1


exec("from __future__ import annotations\nclass Later(enum.Enum):\n    size: Missing\n    ONE = 1\nprint(Later.__annotations__, list(Later))")
