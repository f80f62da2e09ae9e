# What classes, their metaclasses and modules have, read in hot loops and changed under them.
import abc
import enum
import math
import types


class Static:
    @staticmethod
    def twice(x):
        return 2 * x

    @classmethod
    def name_of(cls, x):
        return (cls.__name__, x)

    factor = 3


class Derived(Static):
    pass


def use(owner, n):
    total = 0
    for i in range(n):
        total += owner.twice(i) * owner.factor + len(owner.name_of(i)[0])
    return total


for owner in (Static, Derived, Static(), Derived()):
    print(use(owner, 500))


def changing(owner, n):
    total = 0
    for i in range(n):
        if i == n // 2:
            Static.twice = staticmethod(lambda x: -x)
        if i == n // 2 + 10:
            Static.name_of = classmethod(lambda cls, x: (cls.__name__ * 2, x))
        if i == n // 2 + 20:
            Static.factor = 5
        total += owner.twice(i) * owner.factor + len(owner.name_of(i)[0])
    return total


print(changing(Derived(), 3000), changing(Derived, 3000))
# A staticmethod may get another function.
wrapper = Static.__dict__["twice"]


def rewrapped(owner, n):
    total = 0
    for i in range(n):
        if i == n // 2:
            wrapper.__init__(lambda x: 1000 + x)
        total += owner.twice(i)
    return total


print(rewrapped(Derived, 3000), rewrapped(Static(), 10))
instance = Derived()
print(use(instance, 300))
instance.twice = lambda x: 0
print(use(instance, 300))


class Meta(type):
    def __call__(cls, *args):
        return super().__call__(*args)

    @property
    def doubled(cls):
        return cls.n * 2


class Counted(metaclass=Meta):
    n = 4

    @staticmethod
    def three():
        return 3

    @classmethod
    def own(cls):
        return cls.n


class OtherMeta(type):
    n = property(lambda cls: 100)


def read(cls, n, at=None, do=None):
    total = 0
    for i in range(n):
        if i == at:
            do()
        total += cls.n + cls.three() + cls.own()
    return total


print(read(Counted, 500), Counted.doubled)


def change_metaclass():
    Counted.__class__ = OtherMeta


print(read(Counted, 3000, 2000, change_metaclass))
Counted.__class__ = Meta
print(read(Counted, 500))


def add_property():
    Meta.n = property(lambda cls: 50)


print(read(Counted, 3000, 2000, add_property))
del Meta.n
print(read(Counted, 500))


def custom_getattribute():
    Meta.__getattribute__ = lambda cls, name: 9 if name == "n" else type.__getattribute__(cls, name)


print(read(Counted, 3000, 2000, custom_getattribute))
del Meta.__getattribute__
print(read(Counted, 500))


class Shape(abc.ABC):
    SIDES = 0

    @classmethod
    def sides(cls):
        return cls.SIDES

    @abc.abstractmethod
    def area(self): ...


class Square(Shape):
    SIDES = 4

    def area(self):
        return self.sides() * Square.SIDES


def areas(n):
    s = Square()
    return sum(s.area() + Square.sides() + Shape.SIDES for _ in range(n))


print(areas(2000))
Shape.SIDES = 1
Square.SIDES = 5
print(areas(2000))


class Color(enum.Enum):
    RED = 1
    GREEN = 2


class Flag(enum.IntFlag):
    A = 1
    B = 2


def colors(n):
    counts = [0, 0]
    for i in range(n):
        color = Color.RED if i % 3 else Color.GREEN
        counts[color is Color.RED] += color.value
    return counts


print(colors(2000), Flag.A | Flag.B)
try:
    Color.RED = 3
except AttributeError as error:
    print(error)

module = types.ModuleType("module")
module.limit = 10
module.count = 0


def module_variables(n):
    total = 0
    for i in range(n):
        module.count += 1
        if module.count % 7 == 0:
            module.limit = module.count
        total += module.limit + math.floor(math.pi)
    return total, module.count


print(module_variables(3000))
module.limit = "text"
try:
    module_variables(10)
except TypeError as error:
    print(error)
del module.limit
try:
    module_variables(3)
except AttributeError as error:
    print(error)
