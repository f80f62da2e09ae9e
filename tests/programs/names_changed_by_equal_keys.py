# Globals, builtins and modules' attributes changed through keys that equal the names but are other objects.
import builtins
import types

N = 3000


class Key(str):
    pass


def fresh(text):
    return "".join(list(text))


def caught(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__


SOURCE = """
def f(n):
    total = 0
    for i in range(n):
        total += VALUE
    return total
"""


def changes(space, key):
    yield "[]=", lambda: space.__setitem__(key, 2)
    yield "update", lambda: space.update({key: 3})
    yield "pairs", lambda: space.update([(key, 4)])
    yield "|=", lambda: space.__ior__({key: 5})
    yield "init", lambda: space.__init__({key: 6})
    yield "pop", lambda: space.pop(key)
    yield "setdefault", lambda: space.setdefault(key, 7)
    yield "del", lambda: space.__delitem__(key)
    yield "exec", lambda: exec("VALUE = 8", space)
    yield "popitem", lambda: [space.popitem() for _ in range(len(space)) if key in space]
    yield "again", lambda: space.setdefault(key, 9)

    def clear():
        kept = {name: value for name, value in space.items() if name != "VALUE"}
        space.clear()
        space.update(kept)

    yield "clear", clear


for first in Key, fresh, str:
    for kind in fresh, Key:
        space = {first("VALUE"): 1}
        exec(SOURCE, space)
        f = space["f"]
        results = [caught(f, N)]
        for name, change in changes(space, kind("VALUE")):
            change()
            results.append((name, caught(f, N)))
        print(first.__name__, kind.__name__, results)


def builtin(n):
    for i in range(n):
        result = abs(-1)
    return result


for kind in fresh, Key, str:
    key, own = kind("abs"), vars(builtins)
    results = [builtin(N)]
    for change in (
        lambda: globals().__setitem__(key, lambda x: 2),
        lambda: globals().pop(key),
        lambda: globals().setdefault(key, lambda x: 3),
        lambda: globals().__delitem__(key),
        lambda: own.__setitem__(key, lambda x: 4),
        lambda: own.pop(key),
        lambda: setattr(builtins, key, lambda x: 5),
        lambda: delattr(builtins, key),
        lambda: own.update({key: lambda x: x * x}),
    ):
        change()
        results.append(caught(builtin, N))
    print(kind.__name__, results)

saved, Anything = dict(vars(builtins)), BaseException
own.clear()
try:
    builtin(N)
except Anything as error:
    missing = error
own.update(saved)
print(type(missing).__name__, missing)

module = types.ModuleType("module")
module.x = 1


def attribute(n):
    for i in range(n):
        result = module.x
    return result


for kind in fresh, Key:
    key, own = kind("x"), vars(module)
    results = [caught(attribute, N)]
    for change in (
        lambda: own.__setitem__(key, 2),
        lambda: delattr(module, key),
        lambda: setattr(module, key, 3),
        lambda: own.clear(),
        lambda: own.__setitem__(kind("__getattr__"), lambda name: ("asked for", name)),
        lambda: own.update({key: 4}),
        lambda: own.pop(key),
        lambda: own.pop("__getattr__"),
        lambda: own.setdefault(key, 1),
    ):
        change()
        results.append(caught(attribute, N))
    print(kind.__name__, results)


def of_the_module(n):
    for i in range(n):
        result = module.__dict__ is own, module.__class__.__name__
    return result


print(of_the_module(N))
own["__dict__"] = own["__class__"] = 5
print(of_the_module(N))

# In the middle of a loop, and while it is being recorded.
TURN = 0


def turned(n):
    total = 0
    for i in range(n):
        if i == TURN:
            globals()[fresh("STEP")] = 1000
        total += STEP
    return total


for TURN in 1, 50, 500, 1038, 1039, 1040, 1041, 2500:
    STEP = 1
    print(TURN, turned(N))

# A function's builtins are those of its making.
space = {"__builtins__": {"abs": lambda x: "first", "range": range}}
exec("def f(n):\n for i in range(n): r = abs(-1)\n return r", space)
exec("def g(n):\n for i in range(n):\n  def h(): return abs(-1)\n  r = h()\n return r", space)
results = []
for change in (
    lambda: None,
    lambda: space["__builtins__"].__setitem__(fresh("abs"), lambda x: "second"),
    lambda: space.__setitem__(fresh("__builtins__"), {"abs": lambda x: "third", "range": range}),
    lambda: space.pop(Key("__builtins__")),
):
    change()
    results.append((space["f"](N), space["g"](N)))
print(results)
