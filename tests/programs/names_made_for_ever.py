# Not under gc: it makes too much.
# A program may make names of attributes and keywords for ever: they are found, in whatever way they are looked for, and memory
# does not grow with them.
import gc
import sys
from operator import attrgetter, methodcaller
from types import ModuleType, SimpleNamespace


class Plain:
    kept = "kept"


class Hooked:
    def __getattr__(self, name):
        if name.startswith("no"):
            raise AttributeError(name)
        return "hook " + name

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)


class Slotted:
    __slots__ = ("one", "__dict__")


def keywords(one=1, **others):
    return one, others


N = 24_000
found = missing = 0
for i in range(N):
    name = "made_%d" % i
    it = Plain()
    setattr(it, name, i)
    it.later = i + 1
    found += getattr(it, name) == i and it.later == i + 1 and hasattr(it, name) and vars(it) == {name: i, "later": i + 1}
    missing += getattr(it, name + "_", None) is None and not hasattr(it, "x" + name)
    if i % 3 == 0:
        delattr(it, name)
        missing += not hasattr(it, name)
print(found, missing)

for i in (0, 1, N + 5, N + 6):
    name = "made_%d" % i
    for owner in (Plain(), Hooked(), Slotted(), Plain, ModuleType("module"), SimpleNamespace(), ValueError(), lambda: None):
        setattr(owner, name, i)
        print(getattr(owner, name), name in vars(owner), attrgetter(name)(owner), end="; ")
        try:
            getattr(owner, "no" + name)
        except AttributeError as error:
            print(error, error.name == "no" + name, end="; ")
        delattr(owner, name)
        print(hasattr(owner, "no" + name), name in vars(owner))
        try:
            delattr(owner, name)
        except AttributeError as error:
            print(error)
    slotted = Slotted()
    slotted.one = name
    setattr(slotted, name, 1)
    print(slotted.one == name, vars(slotted), "{0.%s} {0.one}" % name)
    print(("{0.%s} {0.one}" % name).format(slotted) == "1 " + name)
    print(keywords(**{name: 1, "one": 2}), keywords(**{"on" + "e": i}))
    try:
        (lambda one: one)(1, **{name: 2})
    except TypeError as error:
        print(error)
    setattr(Plain, name, lambda self: name)
    print(methodcaller(name)(Plain()) == name, getattr(Plain(), name)() == name)
    exec(f"plain = Plain(); plain.{name} = 5; print(plain.{name}, vars(plain)); del plain.{name}; print(plain.{name}())")
    delattr(Plain, name)

# What is set by a name that nobody knows yet is found by the name in code that comes later.
it = Plain()
setattr(it, "unknown" + str(N), "early")
exec(f"print(it.unknown{N}); it.unknown{N} = 'late'")
print(getattr(it, "unknown" + str(N)), vars(it))
setattr(Plain, "method" + str(N), lambda self: "early")
exec(f"print(Plain().method{N}())\nfor i in range(3000): Plain().method{N}()")
setattr(Plain, "method" + str(N), lambda self: "late")
exec(f"print(Plain().method{N}())")


def memory():
    gc.collect()
    with open("/proc/self/statm") as statistics:
        return int(statistics.read().split()[1]) * 4


def run(n, start):
    for i in range(start, start + n):
        it = Plain()
        setattr(it, f"name{i}", i)
        getattr(it, f"other{i}", None)
        keywords(**{f"keyword{i}": i})
        delattr(it, f"name{i}")


if sys.platform == "linux":
    run(30_000, 0)
    before = memory()
    run(30_000, 30_000)
    grown = memory() - before
    print("steady" if grown < 3_000 else f"grew by {grown} KB")
else:
    print("steady")

# Attributes in ever new orders.
names = [f"order{i}" for i in range(12)]
state = 12345
for i in range(6_000):
    it = Plain()
    order = list(names)
    for k in range(11, 0, -1):
        state = (state * 1103515245 + 12345) % 2**31
        j = state % (k + 1)
        order[k], order[j] = order[j], order[k]
    for name in order:
        setattr(it, name, name)
    assert list(vars(it)) == order
    assert it.order0 == "order0" and it.order11 == "order11"
    it.__class__ = type("Other", (Plain,), {}) if i % 1000 == 999 else Plain
    assert list(vars(it)) == order
print("in order")
