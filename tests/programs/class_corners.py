# What classes, `super` and subclasses of built-in types do in their corners.
import types
import warnings


class Proxy:
    """Says that it is of the class of what it stands for."""

    def __init__(self, target):
        self._Proxy__target = target

    def __getattribute__(self, name):
        if name.startswith("_Proxy__"):
            return object.__getattribute__(self, name)
        return getattr(self.__target, name)


class Base:
    def f(self):
        return "Base.f"


class Derived(Base):
    def f(self):
        return super(Derived, self).f() + " Derived.f"

    def g(self):
        return super().f() + " Derived.g"

    def own(self):
        return super().__thisclass__.__name__, super().__self__ is self


derived, proxy = Derived(), Proxy(Derived())
for i in range(64):
    assert Derived.f(derived) == Derived.f(proxy) == "Base.f Derived.f"
    assert Derived.g(proxy if i % 3 else derived) == "Base.f Derived.g"
print(Derived.f(proxy), derived.own())
try:
    Derived.f(3)
except TypeError as error:
    print(error)
try:
    Derived.g(Proxy(3))
except TypeError as error:
    print(error)


class Plain:
    def attributes(self):
        return super().__dict__


try:
    Plain().attributes()
except AttributeError as error:
    print(error)


class Super(super):
    def __init__(self, label, *arguments):
        super(Super, self).__init__(*arguments)
        self.label = label


view = Super("label", Derived, derived)
print(view.label, view.f(), view.__self_class__.__name__)
empty = super.__new__(super)
print(empty.__thisclass__, empty.__self__)

# Operations give exact objects.


class Text(str):
    pass


class Number(int):
    pass


for _ in range(40):
    text, nothing = Text("abc"), Text("")
    results = [text + "", "" + text, text + nothing, nothing + text, nothing + "", text.__add__("")]
    assert {type(result) for result in results} == {str}
span = range(Number(2), Number(9), Number(3))
print({type(part) for part in (span.start, span.stop, span.step)}, span)

# Classes that name the same slots are laid out alike.


class AB:
    __slots__ = ["a", "b"]


class BA:
    __slots__ = ["b", "a"]


class CB:
    __slots__ = ["c", "b"]


class Referable(CB):
    __slots__ = ["__weakref__"]


class WithDict(CB):
    __slots__ = ["__dict__"]


class Both(CB):
    __slots__ = ["__dict__", "__weakref__"]


class Open(CB):
    pass


class E1(AB):
    __slots__ = ["e"]


class E2(BA):
    __slots__ = ["e"]


def reclass(value, cls):
    try:
        value.__class__ = cls
    except TypeError as error:
        return str(error)
    return type(value).__name__


value = AB()
value.a, value.b = 1, 2
value.__class__ = BA
print(value.a, value.b, type(value).__name__)
for value, cls in [(AB(), CB), (Referable(), WithDict), (WithDict(), Both), (Open(), Both), (Both(), Open), (E1(), E2)]:
    print(reclass(value, cls))

# The dict of a class whose metaclass derives from what has a dict.


class Mixin:
    pass


class Meta(Mixin, type):
    pass


class OfMeta(metaclass=Meta):
    x = 1


print(type(OfMeta.__dict__).__name__, OfMeta.__dict__["x"])
try:
    OfMeta.__dict__ = {}
except (AttributeError, TypeError) as error:
    print(type(error).__name__)

# What the machine wraps itself.


class Wrapped:
    def __new__(cls, x: int):
        return object.__new__(cls)

    def __class_getitem__(cls, item: str):
        return item


print(Wrapped.__dict__["__new__"].__annotations__, Wrapped.__dict__["__class_getitem__"].__annotations__)
Wrapped.__dict__["__new__"].note = 5
print(Wrapped.__dict__["__new__"].note)


class Unequal:
    __eq__ = property(lambda self: self.missing)


print(Unequal() == Unequal(), Unequal() == 1)


class Mixed(int):
    __eq__ = str.__eq__
    __hash__ = int.__hash__


try:
    print(Mixed(1) == Mixed(1))
except TypeError as error:
    print(error)


class Nameless:
    def __call__(self, owner):
        return owner


class Named(Nameless):
    __name__ = "called"
    __qualname__ = "Named"


print(repr(types.MethodType(Nameless(), 1)))
named = Named()
named.__name__ = "called so"
print(repr(types.MethodType(named, 1)))

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    type("Odd", (), {1: 2, "x": 3})
print([(warning.category.__name__, str(warning.message)) for warning in caught])


class Asks(type):
    def mro(cls):
        seen.append(cls.__mro__)
        return type.mro(cls)


seen = []


class Asked(metaclass=Asks):
    pass


print(seen, [cls.__name__ for cls in Asked.__mro__])

for source in ["for (not 1) in []: pass", "for (a and b) in []: pass", "[x for (-a) in b]", "for ((lambda: 1)) in a: pass"]:
    try:
        compile(source, "source", "exec")
    except SyntaxError as error:
        print(error.msg, error.offset, error.end_offset)
for escaped in [rb"\N{}", rb"\N{", rb"\N", rb"a\N{}b", rb"\N{abc", rb"\N{zz}"]:
    try:
        escaped.decode("unicode_escape")
    except UnicodeDecodeError as error:
        print(error)
    print(escaped.decode("unicode_escape", "replace"))

# What adds no memory to an object is pickled by its attributes.
import datetime
import pickle


class Zone(datetime.tzinfo):
    __reduce__ = object.__reduce__

    def __init__(self, name):
        self.name = name


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    print(pickle.loads(pickle.dumps(Zone("here"), protocol)).name)
