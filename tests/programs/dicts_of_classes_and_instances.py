# A class's __dict__ is a live read-only view; an instance's can be set to another dict, or deleted.
from types import MappingProxyType


def say(function, *args):
    try:
        result = function(*args)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(result)


class Thing:
    x = 1


view = Thing.__dict__
Thing.y = 2
print(type(view), view["y"], "y" in view, view.get("z", 3), "__qualname__" in view)
say(lambda: view.__setitem__("a", 1))
say(setattr, Thing, "__dict__", {})

p = MappingProxyType({1: 2})
print(p, str(p), len(p), list(p), list(reversed(p)), p | {3: 4}, {3: 4} | p, p == {1: 2}, p == p, p.copy(), {}.keys().mapping)
print(p.keys(), p.values(), p.items(), dict(p), {**p}, MappingProxyType[int], isinstance(p, dict))
say(hash, p)
say(MappingProxyType, 5)
say(MappingProxyType, [1])
say(lambda: p[5])
say(lambda: p | 5)


def update():
    q = p
    q |= {1: 2}


def store():
    p[1] = 2


say(update)
say(store)


class Mapping:
    def __getitem__(self, key):
        return key

    def keys(self):
        return "K"

    def __len__(self):
        return 4

    def __repr__(self):
        return "Mapping()"


q = MappingProxyType(Mapping())
print(q, q[4], q.keys(), len(q))
say(q.items)

a = Thing()
a.own = 1
d = {"other": 2}
a.__dict__ = d
print(a.other, hasattr(a, "own"), a.__dict__ is d, vars(a) is d)
a.more = 3
d["late"] = 4
print(d, a.late)
del a.__dict__
print(a.__dict__, hasattr(a, "late"), d)
say(setattr, a, "__dict__", 5)


class Fixed:
    __slots__ = ("s",)


class Loose(Fixed):
    pass


say(setattr, Fixed(), "__dict__", {})
say(setattr, 1, "__dict__", {})
b = Loose()
b.s, b.t = 1, 2
b.__dict__ = {"u": 3}
print(b.s, hasattr(b, "t"), b.u)


def function():
    pass


function.__dict__ = {"attribute": 1}
print(function.attribute)
say(delattr, function, "__dict__")


class Text(str):
    pass


t = Text("t")
t.__dict__ = {"v": 1}
print(t, t.v)


def hot(n):
    shared, total = {"common": 1}, 0
    thing = Thing()
    for i in range(n):
        thing.value = i
        if i % 50 == 0:
            thing.__dict__ = {"value": -i}
        total += thing.value
        if i % 70 == 0:
            thing.__dict__ = shared
        total += getattr(thing, "common", 0)
        if i % 90 == 0:
            del thing.__dict__
    return total, sorted(shared)


print(hot(3000))


class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    z = 1


print(type(WithMeta.__dict__), WithMeta.__dict__["z"], "__dict__" in WithMeta.__dict__, "__dict__" in Meta.__dict__)
