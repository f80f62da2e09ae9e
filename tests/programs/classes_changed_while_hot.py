# What classes have, which classes they come from and what their values are, changed after loops over it got hot: before
# the loop, and in the middle of it.
N = 120


def outcome(function):
    try:
        return function(N)
    except Exception as error:
        return type(error).__name__


def check(title, setup, expression, *changes):
    """Prints what a loop gives for the expression after each change, made outside of the loop and inside."""
    print(title)
    source = f"""{setup}
def f(n):
    result = None
    for i in range(n):
        if i == turn:
            change()
        result = {expression}
    return result
"""
    for inside in False, True:
        space = {"turn": -1, "__name__": "changing"}
        exec(source, space)
        f, results = space["f"], [outcome(space["f"])]
        for change in changes:
            code = compile(change, "change", "exec")

            def make():
                try:
                    exec(code, space)
                except TypeError as error:
                    results.append(type(error).__name__)

            space["change"], space["turn"] = make, N - 40 if inside else -1
            if not inside:
                make()
            results.append(outcome(f))
        print(" ", *results)


check(
    "isinstance",
    """
class A: pass
class B: pass
class C(A): pass
class D(C): pass
o, d = C(), D()
""",
    "isinstance(o, A), isinstance(o, B), isinstance(d, (B, C)), isinstance(D(), A), issubclass(D, B)",
    "C.__bases__ = (B,)",
    "C.__bases__ = (A, B)",
    "o.__class__ = D",
    "d.__class__ = A",
    "C.__bases__ = (A,)",
)
check(
    "methods and values of bases",
    """
class A:
    v = 1
    def m(self): return "A.m"
    def __len__(self): return 1
class B:
    v = 2
    def m(self): return "B.m"
    def __len__(self): return 2
class C(A): pass
class D(C):
    def up(self): return super().m()
o, d = C(), D()
""",
    "o.v, d.v, C.v, o.m(), d.up(), len(o), len(d)",
    "C.__bases__ = (B,)",
    "C.v = 5",
    "type.__setattr__(D, 'm', lambda self: 'set')",
    "B.m = staticmethod(lambda: 'static')",
    "B.m = lambda self: 'again'",
    "o.__dict__[''.join('v')] = 'own'",
    "del C.v",
    "B.__len__ = lambda self: 7",
    "D.__len__ = None",
    "o.__class__ = D",
    "del D.__len__, B.__len__",
)
check(
    "values that become descriptors",
    """
class V: pass
class W: pass
class Base: pass
class Getter:
    def __get__(self, owner, cls): return "base"
class C:
    v = V()
    def __init__(self): self.w = 1
C.w = V()
o = C()
def kind(x): return x if isinstance(x, (str, int)) else type(x).__name__
""",
    "kind(o.v), kind(C.v), kind(o.w), kind(C.w)",
    "V.__get__ = lambda self, owner, cls: 'got'",
    "V.__set__ = lambda self, owner, value: None",
    "del V.__get__",
    "V.__get__ = lambda self, owner, cls: 'once more'",
    "del V.__set__",
    "V.__delete__ = lambda self, owner: None",
    "C.__dict__['w'].__class__ = W",
    "del V.__get__, V.__delete__",
    "W.__get__ = lambda self, owner, cls: 'W'",
    "class X(Base): pass\nC.v = X()",
    "X.__bases__ = (Getter,)",
    "Getter.__set__ = lambda self, owner, value: None\nC.w = X()",
)
check(
    "properties",
    """
class C:
    def __init__(self): self.a = 1
    @property
    def p(self): return self.a
    @classmethod
    def make(cls): return cls.__name__
class D(C): pass
def other(self): return "other"
o, d = C(), D()
""",
    "o.p, d.p, C.make(), d.make()",
    "C.__dict__['p'].__init__(other)",
    "other.__code__ = (lambda self: 'code').__code__",
    "C.p = property(lambda self: self.a + 1)",
    "C.make = classmethod(lambda cls: 'made')",
    "C.__getattr__ = lambda self, name: name",
    "C.p = property(lambda self: self.missing)",
    "del C.__getattr__",
    "del C.p",
    "o.p = 3",
    "C.p = property(lambda self: 'first')",
    "C.a = property(lambda self: 'before')",
    "o.__class__ = D",
)
check(
    "slots",
    """
class C:
    __slots__ = ("a", "b")
class D(C): pass
o, d = C(), D()
o.a, o.b, d.a, d.b = 1, 2, 3, 4
""",
    "o.a, d.a, o.b",
    "member = C.a; C.a = 'class'",
    "d.__dict__['a'] = 'dict'",
    "C.a = member",
    "C.b = C.a",
    "del C.a",
    "D.a = 'D'; C.a = 'C'",
    "del D.a, d.__dict__['a']",
    "C.a = member; del d.a",
)
check(
    "hooks",
    """
class C:
    x = 5
    def __init__(self): self.a = 1
class Hook(C):
    def __getattribute__(self, name): return "hook"
class D(C): pass
o, d = C(), D()
""",
    "o.a, o.x, d.a, C().a",
    "C.__getattr__ = lambda self, name: 'missed ' + name",
    "del o.a",
    "C.__getattribute__ = lambda self, name: 'got ' + name",
    "C.__getattribute__ = object.__getattribute__",
    "D.__bases__ = (Hook,)",
    "del Hook.__getattribute__",
    "C.__init__ = lambda self: setattr(self, 'a', 2)",
    "C.__new__ = lambda cls: d",
    "C.x = property(lambda self: 'x')",
)
check(
    "stores",
    """
class C: pass
class P: pass
o = C()
o.a = 1
def store(value):
    o.a = value
    new = C()
    new.b = value
    return o.__dict__, new.__dict__
""",
    "store(i % 7)",
    "C.__setattr__ = lambda self, name, value: self.__dict__.__setitem__(name, -value)",
    "C.__setattr__ = object.__setattr__",
    "C.a = property(None, lambda self, value: self.__dict__.__setitem__('a', value * 10))",
    "C.b = P()",
    "P.__set__ = lambda self, owner, value: None",
    "del C.a",
    "del P.__set__",
    "P.__setattr__ = lambda self, name, value: None",
    "o.__class__ = P",
)
check(
    "metaclasses",
    """
class Meta(type):
    m = "meta"
class K(metaclass=Meta):
    v = 1
class L(K): pass
k = L()
""",
    "K.v, L.v, K.m, k.v, isinstance(k, K), isinstance(1, K), type(L()) is L",
    "Meta.v = property(lambda cls: 'property')",
    "Meta.__getattribute__ = lambda cls, name: 'got ' + name",
    "del Meta.__getattribute__, Meta.v",
    "K.m = 'own'",
    "Meta.__instancecheck__ = lambda cls, value: value == 1",
    "del Meta.__instancecheck__, K.v",
    "Meta.__getattr__ = lambda cls, name: 'missed'; L.v = 2",
    "Meta.__call__ = lambda cls: 'called'",
)
check(
    "functions",
    """
def g(x, y=1): return x, y
def keywords(x, *, y=1): return x, y
def cell():
    value = 1
    def inner(x=2): return value, x
    return inner
h, other = cell(), cell()
class C:
    def __add__(self, other): return "add"
    def __init__(self, a=1): self.a = a
o = C()
""",
    "g(0), keywords(0), h(), o + 1, C().a, cell()()",
    "g.__defaults__ = (5,)",
    "g.__code__ = (lambda x, y: (y, x)).__code__",
    "keywords.__kwdefaults__ = {'y': 6}",
    "keywords.__kwdefaults__['y'] = 7",
    "h.__closure__[0].cell_contents = 'changed'",
    "h.__code__ = other.__code__; h.__defaults__ = (9,)",
    "C.__add__.__code__ = (lambda self, other: 'code').__code__",
    "C.__init__.__defaults__ = (8,)",
    "def generator(x): yield x\ng.__code__ = generator.__code__\ng = lambda x: 'last'",
    "cell.__code__ = (lambda: o.__add__).__code__\ncell = lambda: lambda: 'cell'",
)
