class A:
    tag = "A"
    def who(self):
        return "A"
    def chain(self):
        return ["A"]
class B(A):
    def who(self):
        return "B" + super().who()
    def chain(self):
        return ["B"] + super().chain()
class C(A):
    tag = "C"
    def chain(self):
        return ["C"] + super().chain()
class D(B, C):
    def chain(self):
        return ["D"] + super(D, self).chain()

d = D()
print(d.who(), d.chain(), d.tag, [c.__name__ for c in D.__mro__], D.__bases__, issubclass(D, A), isinstance(d, (C,)), A.__subclasses__())
try:
    class X(A, B):
        pass
except TypeError as e:
    print(str(e).split("\n")[0])

class Shape:
    def area(self):
        raise NotImplementedError
    def double(self):
        return self.area() * 2
class Sq(Shape):
    def __init__(self, s):
        self.s = s
    def area(self):
        return self.s * self.s
class Rect(Shape):
    def __init__(self, w, h):
        self.w, self.h = w, h
    def area(self):
        return self.w * self.h
class Unit(Sq):
    def __init__(self):
        super().__init__(1)
    def double(self):
        return super().double() + 0.5

def poly(n):
    shapes = [Sq(2), Rect(2, 3), Unit(), Sq(5)]
    t = 0
    for i in range(n):
        t += shapes[i % 4].double() if i > 2000 else shapes[0].double()
    return t

def supers(n):
    t = 0
    u = D()
    for i in range(n):
        t += len(u.chain()) + len(u.who())
    return t

print(poly(4000), supers(3000))
try:
    Shape().double()
except NotImplementedError as e:
    print("NotImplementedError", e)

class Base:
    subs = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__()
        cls.kw = kw
        Base.subs.append(cls.__name__)
class S1(Base, x=1):
    pass
class S2(S1):
    pass
print(Base.subs, S1.kw, S2.kw)

class MyInt(int):
    def __add__(self, o):
        return MyInt(int.__add__(self, o) + 1)
class MyList(list):
    def append(self, x):
        super().append(x * 2)
class MyDict(dict):
    def __getitem__(self, k):
        return "got " + str(dict.get(self, k))
class MyStr(str):
    def shout(self):
        return self.upper() + "!"

def subs(n):
    x = MyInt(0)
    l = MyList()
    for i in range(n):
        x = x + 1
        if i % 100 == 0:
            l.append(i)
    return x, type(x).__name__, l[-1], len(l)

print(subs(3500), MyDict(a=1)["a"], MyDict()["zz"], MyStr("a").shout(), MyInt(3) * 2, type(MyInt(3) * 2).__name__, isinstance(MyInt(1), int), MyInt(5) == 5, {MyInt(5): 1}[5])

class New:
    def __new__(cls, *args):
        if args == (0,):
            return "not an instance"
        self = super().__new__(cls)
        self.made = True
        return self
    def __init__(self, *args):
        self.args = args
print(New(0), New(1).made, New(1, 2).args, object.__new__(New).__dict__)
