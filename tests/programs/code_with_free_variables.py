# exec and eval of code with free variables, keyword arguments that are no strs, cells of classes, frames that are cleared.
import sys
import types


def outer():
    a, b = 2, 3

    def inner():
        nonlocal a
        a = a * b
        return a

    return inner, lambda: a


inner, read = outer()
exec(inner.__code__, {}, closure=inner.__closure__)
print(read())
cells = (types.CellType(5), types.CellType(7))
exec(inner.__code__, {}, closure=cells)
print(cells[0].cell_contents, read())
plain = (lambda: 1).__code__
for wrong in (
    lambda: exec(inner.__code__, {}),
    lambda: exec(inner.__code__, {}, closure=None),
    lambda: exec(inner.__code__, {}, closure=cells[:1]),
    lambda: exec(inner.__code__, {}, closure=list(cells)),
    lambda: exec(inner.__code__, {}, closure=(1, 2)),
    lambda: exec(plain, {}, closure=cells),
    lambda: exec("1", {}, closure=cells),
    lambda: eval(read.__code__, {}),
):
    try:
        wrong()
    except TypeError as error:
        print(error)
print(eval("x + y", globals={"x": 1}, locals={"y": 2}), exec("z = x", globals=(names := {"x": 5})), names["z"])


class Mapping(dict):
    pass


def function(**keywords):
    return keywords


class Plain:
    def __init__(self, **keywords):
        pass


for call in function, dict, {}.update, Plain, str.format, print:
    for bad in {1: 2}, Mapping({None: 2}):
        try:
            call(**bad)
        except TypeError as error:
            print(error if "keywords must be" in str(error) else type(error).__name__)


# Cells of classes
class Late(type):
    def __new__(meta, name, bases, namespace):
        Late.namespace = namespace
        return None


class Lost(metaclass=Late):
    def which(self):
        return __class__


print(Lost)
found = type("Found", (), Late.namespace)
print(found().which() is found, "__classcell__" in vars(found), "__classdictcell__" in vars(found))


class Forgets(type):
    def __new__(meta, name, bases, namespace):
        namespace.pop("__classcell__", None)
        return super().__new__(meta, name, bases, namespace)


try:

    class Forgotten(metaclass=Forgets):
        def which(self):
            return __class__

except RuntimeError as error:
    print(error)


class Other(type):
    def __new__(meta, name, bases, namespace):
        super().__new__(meta, name, bases, dict(namespace))
        return super().__new__(meta, "Second", bases, {})


try:

    class First(metaclass=Other):
        def which(self):
            return __class__

except TypeError as error:
    print(error)
try:
    type("Bad", (), {"__classcell__": 5})
except TypeError as error:
    print(error)


class Generic:
    x: int

    def method[T](self, value: T) -> T:
        return value


print(sorted(name for name in vars(Generic) if "cell" in name), Generic().method(3))


# Frames
def failing(n):
    big = [n] * 3
    if n:
        failing(n - 1)
    raise ValueError("deep")


try:
    failing(3)
except ValueError as error:
    traceback = error.__traceback__
frame = traceback.tb_next.tb_frame
frame.clear()
print(frame.f_locals, frame.f_code.co_name, frame.f_generator)
try:
    sys._getframe().clear()
except RuntimeError as error:
    print(error)


def generate():
    try:
        yield 1
    finally:
        print("closed")


generator = generate()
frame = generator.gi_frame
print(frame.f_generator is generator)
frame.clear()
print(list(generator))
generator = generate()
next(generator)
try:
    generator.gi_frame.clear()
except RuntimeError as error:
    print(error)
generator.close()
while traceback is not None:
    try:
        traceback.tb_frame.clear()
    except RuntimeError as error:
        print(error)
    traceback = traceback.tb_next


# Attributes of methods are their functions'
class Owner:
    def method(self):
        pass

    @classmethod
    def of_class(cls):
        pass


Owner.method.note = "kept"
print(Owner().method.note, hasattr(Owner().method, "other"), hasattr(Owner.of_class, "note"))
try:
    Owner().method.other
except AttributeError as error:
    print(error)
try:
    Owner().method.note = 1
except AttributeError as error:
    print(error)


# Texts of what derives from property
class Derived(property):
    pass


class Slotted(property):
    __slots__ = ("extra", "__doc__")


class Bare(property):
    __slots__ = ()


def getter(self):
    "of the getter"


def silent(self):
    pass


for kind in property, Derived, Slotted, Bare:
    for arguments in dict(doc="told"), dict(fget=getter), dict(fget=silent), dict(fget=getter, doc="told"):
        try:
            made = kind(**arguments)
            print(kind.__name__, made.__doc__, made.getter(silent).__doc__, made.setter(silent).__doc__)
        except AttributeError as error:
            print(kind.__name__, error)
slotted = [Slotted(getter) for _ in range(20)]
for one in slotted:
    one.extra = one
print(all(one.extra is one and one.__doc__ == "of the getter" for one in slotted))


class SlottedStatic(staticmethod):
    __slots__ = ("a", "b", "c", "d")


made = [SlottedStatic(getter) for _ in range(20)]
for one in made:
    one.a = one.b = one.c = one.d = one
print(all(one.a is one.d is one and one.__func__ is getter for one in made))

# Numbers of numbers
class F(float):
    pass


class C(complex):
    pass


for kind in float, complex, F, C:
    for value in 1, 2.5, True, 1 + 2j, "1", None:
        try:
            print(repr(kind.from_number(value)), type(kind.from_number(value)).__name__)
        except TypeError as error:
            print(error)
from _weakref import ref


def parameterized[T, *Ts, **P]():
    pass


for value in *parameterized.__type_params__, int | str, list[int]:
    print(ref(value)() is value, type(value).__module__)


# The variables of a function's body are its own.
def beside():
    seen = None
    kept = None

    def scope():
        nonlocal seen, kept
        own = 1

        def made(x):
            return x * 2

        seen = sorted(locals())
        kept['back'] = locals()

    return scope.__code__


code = beside()
print(code.co_freevars)
values = {'seen': 0, 'kept': {}, 'other': 1}
cells = tuple(types.CellType(values[name]) for name in code.co_freevars)
exec(code, {}, values, closure=cells)
print(sorted(values))
for name, cell in zip(code.co_freevars, cells):
    print(name, sorted(cell.cell_contents))
print(sorted(cells[0].cell_contents['back']))
print(cells[0].cell_contents['back']['made'](4))
