# What `__annotate__` and `__annotations__` may be set to, of functions, classes and modules; attributes of type parameters.
import types
import typing


def attempt(job):
    try:
        print("gives", job())
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)


def function(): pass
class Class: pass
module = types.ModuleType("module")

for owner in (function, Class, module):
    print(type(owner).__name__)
    attempt(lambda: setattr(owner, "__annotate__", 5))
    attempt(lambda: delattr(owner, "__annotate__"))
    attempt(lambda: setattr(owner, "__annotate__", lambda format: {"a": int}))
    attempt(lambda: owner.__annotations__)
    attempt(lambda: setattr(owner, "__annotate__", None))
    attempt(lambda: owner.__annotations__)
    attempt(lambda: setattr(owner, "__annotate__", lambda format: 5))
    attempt(lambda: owner.__annotations__)
    attempt(lambda: setattr(owner, "__annotations__", {"x": 1}))
    attempt(lambda: owner.__annotations__)
attempt(lambda: setattr(function, "__annotations__", 5))

for parameter in (typing.TypeVar("T"), typing.ParamSpec("P"), typing.TypeVarTuple("Ts")):
    parameter.extra = 3
    print(parameter.extra, parameter.__name__, parameter.__module__)
    attempt(lambda: type("Derived", (type(parameter),), {}))
attempt(lambda: issubclass(5, int))
attempt(lambda: issubclass(typing.Tuple, typing.Tuple))
attempt(lambda: issubclass(5, 5))
attempt(lambda: issubclass(int, 5))
attempt(lambda: issubclass(5, ()))


def named(first, second, *, third=1, **others): pass
def strict(first, second=2, /, *, third=1): pass
attempt(lambda: strict(1, thrd=2))
attempt(lambda: strict(1, secnd=2))
attempt(lambda: (lambda value: value)(valeu=1))
attempt(lambda: int(1, 2, 3))


class Unhashable:
    def __hash__(self): return "a"
attempt(lambda: {Unhashable()})
attempt(lambda: type("Q", (Class,), {}, foo=1))
for source in ([1], [(1, 2), None]):
    try:
        dict(source)
    except TypeError as error:
        print(error, error.__notes__)
