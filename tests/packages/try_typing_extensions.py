# needs: typing-extensions
import typing_extensions as te
from typing import get_type_hints


class Movie(te.TypedDict, total=False):
    name: te.Required[str]
    year: int


print(Movie(name="x"), Movie.__required_keys__, Movie.__optional_keys__)


@te.runtime_checkable
class Closer(te.Protocol):
    def close(self) -> None: ...


class File:
    def close(self):
        pass


print(isinstance(File(), Closer), isinstance(3, Closer))


@te.deprecated("old")
def f(x: te.Annotated[int, "meta"]) -> te.Literal["a"]:
    return "a"


print(get_type_hints(f, include_extras=True), f.__deprecated__)


class Point(te.NamedTuple):
    x: int
    y: int = 0


print(Point(1), te.get_origin(te.Literal[1]), te.get_args(te.Annotated[int, 3]), te.is_typeddict(Movie))
T = te.TypeVar("T", default=int)
P = te.ParamSpec("P")
print(T, T.__default__, P, te.Self, te.Never, te.get_overloads(f))
