# A base that is an instance: its class makes what is defined.
class Maker:
    def __init__(self, *args, **keywords):
        self.args, self.keywords = args, keywords
        if len(args) == 3:
            print("made", args[0], [type(base).__name__ for base in args[1]], sorted(k for k in args[2] if not k.startswith("__")), keywords)

one = Maker()
class Derived(one):
    attribute = 1
print(type(Derived).__name__, Derived.args[0], Derived.args[1] == (one,), Derived.args[2]["attribute"])
class Keyed(one, x=1, y=2):
    pass
print(Keyed.keywords)

class Prepared:
    @classmethod
    def __prepare__(cls, name, bases, **keywords):
        print("prepare", cls.__name__, name, len(bases), keywords)
        return {"given": 5}
    def __new__(cls, *args, **keywords):
        if len(args) < 3:
            return object.__new__(cls)
        return (args[0], sorted(k for k in args[2] if not k.startswith("__")), keywords)
two = Prepared()
class Third(two, z=3):
    own = 1
print(Third)

class MoreMaker(Maker):
    pass
three = MoreMaker()
class Both(one, three):
    pass
print(type(Both).__name__)
for bases in [(one, int), (int, one), (None,), ("text",), (two, one)]:
    try:
        class Bad(*bases):
            pass
        print(type(Bad).__name__, Bad)
    except TypeError as error:
        print(type(error).__name__, error)

class Entries:
    def __mro_entries__(self, bases):
        print("entries", len(bases))
        return (Base,)
class Base:
    pass
class Through(Entries()):
    pass
print(Through.__mro__[1].__name__, type(Through.__orig_bases__[0]).__name__)
try:
    class Twice(Entries(), one):
        pass
except TypeError as error:
    print(error)
try:
    class Module(__import__("sys")):
        pass
except TypeError as error:
    print(error)
def function():
    pass
for base in (function, 1.5, [1], {}, NotImplemented):
    try:
        class Odd(base):
            pass
        print(Odd)
    except TypeError as error:
        print(error)
def many():
    n = 0
    for i in range(3000):
        class Inner(one):
            value = i
        n += Inner.args[2]["value"]
    return n
Maker.__init__ = lambda self, *args: setattr(self, "args", args)
print(many())
