# needs: attrs
import attr
import attrs
from attrs import define, field, frozen, validators


@define
class Point:
    x: int = field(validator=validators.instance_of(int))
    y: int = field(default=0, converter=int)
    tags: list = field(factory=list)

    @property
    def norm(self):
        return self.x * self.x + self.y * self.y


p = Point(3, "4")
print(p, p.norm, p == Point(3, 4), attrs.asdict(p), attrs.astuple(p))
p.x = 5
print(attrs.evolve(p, y=1))
for wrong in (lambda: Point("a"), lambda: setattr(p, "x", "z"), lambda: setattr(p, "nothing", 1)):
    try:
        wrong()
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, str(error.args[0])[:60])


@frozen(order=True)
class Version:
    major: int
    minor: int = 0


print(sorted([Version(2), Version(1, 5), Version(1)]), hash(Version(1)) == hash(Version(1)))
try:
    Version(1).major = 3
except attrs.exceptions.FrozenInstanceError as error:
    print(type(error).__name__)


@attr.s(auto_attribs=True, slots=True)
class Old:
    a: int
    b: str = attr.ib(default="b", metadata={"doc": "text"})


print(Old(1), [f.name for f in attr.fields(Old)], attr.fields(Old).b.metadata["doc"])
