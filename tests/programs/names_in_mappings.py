"""Names stored, deleted and imported where the namespace is no dict, or where a function has none of its own."""
import sys
import types


class Mapping:
    def __init__(self):
        self.items = {}

    def __getitem__(self, key):
        return self.items[key]

    def __setitem__(self, key, value):
        print("set", key)
        self.items[key] = value

    def __delitem__(self, key):
        print("del", key)
        del self.items[key]


class Dict(dict):
    def __delitem__(self, key):
        print("del", key)
        super().__delitem__(key)


for make in (Mapping, Dict):
    exec("x = 1\nprint(x)\ndel x\nfor i in range(3): y = i\ndel y, i", {}, make())
    try:
        exec("del nothing", {}, make())
    except NameError as error:
        print(error)

star = types.ModuleType("star")
star.a, star.b, star._c = 1, 2, 3
sys.modules["star"] = star
mapping = Mapping()
exec("from star import *", {}, mapping)
print(sorted(mapping.items))
for wrong in ([5], ["a", b"b"], ["nothing"]):
    star.__all__ = wrong
    try:
        exec("from star import *", {}, {})
    except (TypeError, AttributeError) as error:
        print(type(error).__name__, error)
del star.__all__
star.__dict__[7] = 8
try:
    exec("from star import *", {}, {})
except TypeError as error:
    print(error)


class Meta(type):
    def __prepare__(name, bases):
        return Mapping()

    def __new__(meta, name, bases, namespace):
        return type.__new__(meta, name, bases, dict(namespace.items))


class Made(metaclass=Meta):
    one = 1
    two = 2
    del one


print(hasattr(Made, "one"), Made.two)

# A function of code that has no fast locals keeps its names among the globals.
code = compile("a = 5\nprint(a)\nfor b in range(3000): c = b\ndel a\nfrom star2 import *", "code", "exec")
star2 = types.ModuleType("star2")
star2.starred = 1
sys.modules["star2"] = star2
names = {}
print(types.FunctionType(code, names)(), sorted(name for name in names if name != "__builtins__"))

print((-0.0) ** float("-inf"), 0.0 ** float("-inf"))


class WithNew(list):
    def __new__(cls, items, extra=None):
        self = super().__new__(cls, items)
        self.extra = extra
        return self


made = WithNew([1, 2], extra=3)
print(made, made.extra)
try:
    list.__init__([], extra=3)
except TypeError as error:
    print(error)
