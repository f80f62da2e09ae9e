# Generic aliases, unions, type parameters and what `typing` makes of them.
import copy
import types
import typing
from typing import Generic, NamedTuple, ParamSpec, TypeVar, TypeVarTuple, Union


def shown(function):
    try:
        result = function()
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print(repr(result))


shown(lambda: list[int])
shown(lambda: dict[str, list[int]])
shown(lambda: tuple[int, ...])
shown(lambda: tuple[()])
shown(lambda: list[int]())
shown(lambda: list[int].append)
shown(lambda: list[int].__origin__)
shown(lambda: list[int].__args__)
shown(lambda: list[int] == list[int])
shown(lambda: list[int] == list[str])
shown(lambda: hash(list[int]) == hash(list[int]))
shown(lambda: list[int][int])
shown(lambda: isinstance([], list[int]))
shown(lambda: issubclass(list, list[int]))
shown(lambda: copy.copy(list[int]))
shown(lambda: [*tuple[int, str]])
shown(lambda: types.GenericAlias(list, (int,)))
shown(lambda: type(list[int]))


class Derived(list[int]):
    pass


shown(lambda: Derived.__mro__)
shown(lambda: Derived.__orig_bases__)
shown(lambda: Derived([1]))

shown(lambda: int | str | None)
shown(lambda: (int | str) | (str | float))
shown(lambda: int | int)
shown(lambda: (int | str) == (str | int))
shown(lambda: hash(int | str) == hash(str | int))
shown(lambda: isinstance(3, int | str))
shown(lambda: isinstance(3.0, int | str))
shown(lambda: issubclass(bool, int | str))
shown(lambda: int | 3)
shown(lambda: list[int] | None)
shown(lambda: (int | str).__args__)
shown(lambda: type(int | str))
shown(lambda: Union[int, str, int])
shown(lambda: Union[int])
shown(lambda: Union[()])

T = TypeVar("T")
K = TypeVar("K", bound=int)
V = TypeVar("V", int, str)
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")
shown(lambda: (T, K, V, P, Ts))
shown(lambda: (K.__bound__, V.__constraints__, T.__module__, T.__default__, T.has_default()))
shown(lambda: TypeVar("X", int))
shown(lambda: TypeVar("X", covariant=True, contravariant=True))
shown(lambda: TypeVar("X", covariant=True))
shown(lambda: dict[T, list[K]])
shown(lambda: dict[T, list[K]].__parameters__)
shown(lambda: dict[T, list[K]][str, int])
shown(lambda: dict[T, list[K]][str])
shown(lambda: (T | None)[int])
shown(lambda: T | int)
shown(lambda: tuple[*Ts][int, str])
shown(lambda: (P.args, P.kwargs, P.args == P.args))
shown(lambda: typing.Callable[P, T][[int, str], float])
shown(lambda: typing.Callable[[int, T], T][str])


class Box[X]:
    def __init__(self, value: X):
        self.value = value


shown(lambda: Box[int])
shown(lambda: Box.__type_params__)
shown(lambda: Box.__orig_bases__)
shown(lambda: Box[int](3).value)
shown(lambda: Box[int](3).__orig_class__)
shown(lambda: Box.__mro__)


class Old(Generic[T, K]):
    pass


shown(lambda: Old[str, int])
shown(lambda: Old[str])
shown(lambda: Old.__parameters__)


def function[A: int, B: (int, str), *Cs, **D](a: A, b: B) -> A:
    return a


a, b, cs, d = function.__type_params__
shown(lambda: (a, b, cs, d))
shown(lambda: (a.__bound__, b.__constraints__, a.__infer_variance__))


def defaults[A = int, *Bs = *tuple[int, str], **C = [int]]():
    pass


shown(lambda: [p.__default__ for p in defaults.__type_params__])

type Tree[X] = X | list[Tree[X]]
shown(lambda: Tree)
shown(lambda: Tree.__value__)
shown(lambda: Tree.__type_params__)
shown(lambda: Tree[int])
shown(lambda: Tree[int].__origin__ is Tree)
type Plain = int
shown(lambda: Plain[int])
shown(lambda: Plain | None)
shown(lambda: typing.TypeAliasType("Named", int).__value__)


class Point(NamedTuple):
    x: int
    y: str = "origin"


shown(lambda: Point(1))
shown(lambda: Point.__annotations__)
shown(lambda: typing.get_type_hints(Point))
shown(lambda: typing.Optional[int])
shown(lambda: typing.Literal[1, "a", 1])
shown(lambda: typing.Annotated[int, "note"])
shown(lambda: typing.NoDefault)


def in_a_loop():
    n = 0
    for i in range(3000):
        n += len((list[int] if i % 2 else dict[str, int]).__args__)
        n += isinstance(i, int | str)
    return n


shown(in_a_loop)

match types.SimpleNamespace(a=1, b=[2]):
    case types.SimpleNamespace(a=1, b=[x]):
        print("namespace", x)
shown(lambda: types.SimpleNamespace(a=1, b="x"))
shown(lambda: types.SimpleNamespace({"q": 1}) == types.SimpleNamespace(q=1))
print((int | str) | 3, "x" | (int | str), (int | str) | None)
