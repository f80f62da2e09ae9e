# Modules of other classes, and chains of tracebacks that a program changes.
import sys
import types


class Module(types.ModuleType):
    @property
    def computed(self):
        return f"computed for {self.__name__}"

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return f"{name} by the class"


module = types.ModuleType("changed")
module.kept = 1
module.__class__ = Module
print(module.computed, module.kept, module.other, type(module).__name__, isinstance(module, Module))
module.more = 2
print(sorted(name for name in vars(module) if not name.startswith("_")))
sys.modules[__name__].__class__ = Module
print(sys.modules[__name__].computed, sys.modules[__name__].anything)
me = sys.modules[__name__]
total = 0
for i in range(3000):
    total += len(me.computed)
print(total, me.total == total)
module.__class__ = types.ModuleType
print(type(module).__name__, hasattr(module, "computed"))
for wrong in 5, int, dict:
    try:
        module.__class__ = wrong
    except TypeError as error:
        print(error)
try:
    (5).__class__ = Module
except TypeError as error:
    print(error)


def depth(n):
    if n:
        depth(n - 1)
    else:
        raise ValueError("deep")


def names(traceback):
    found = []
    while traceback is not None:
        found.append((traceback.tb_frame.f_code.co_name, traceback.tb_lineno))
        traceback = traceback.tb_next
    return found


try:
    depth(3)
except ValueError as error:
    traceback = error.__traceback__
print(len(names(traceback)))
traceback.tb_next = traceback.tb_next.tb_next.tb_next
print([name for name, line in names(traceback)])
print(traceback.tb_next.tb_frame.f_globals is globals())
try:
    raise KeyError("x").with_traceback(traceback)
except KeyError as error:
    print([name for name, line in names(error.__traceback__)])
for wrong in 5, "x":
    try:
        traceback.tb_next = wrong
    except TypeError as error:
        print(error)
try:
    del traceback.tb_next
except TypeError as error:
    print(error)
for loop in traceback, traceback.tb_next:
    try:
        traceback.tb_next.tb_next = loop
    except ValueError as error:
        print(error)
made = types.TracebackType(traceback, sys._getframe(), 8, 42)
print(made.tb_next is traceback, made.tb_lasti, made.tb_lineno, made.tb_frame is sys._getframe())
for wrong in (5, sys._getframe(), 1, 1), (None, 5, 1, 1), (None, sys._getframe(), "a", 1):
    try:
        types.TracebackType(*wrong)
    except TypeError as error:
        print("TypeError")


class Slots:
    __slots__ = ("a",)


class Watched(Slots):
    __slots__ = ()

    def __setattr__(self, name, value):
        super().__setattr__(name, value)


for made in Slots(), Watched():
    made.a = 1
    try:
        made.b = 1
    except AttributeError as error:
        print(error)
