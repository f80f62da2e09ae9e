class T:
    def __init__(self):
        self._v = 0
        self.gets = 0
    @property
    def v(self):
        """doc"""
        self.gets += 1
        return self._v
    @v.setter
    def v(self, x):
        if x < 0:
            raise ValueError("negative")
        self._v = x
    @v.deleter
    def v(self):
        self._v = -1
    @property
    def ro(self):
        return 7

t = T()
t.v = 5
print(t.v, T.v.__doc__, t.ro, type(T.v).__name__)
del t.v
print(t.v)
for f in (lambda: setattr(t, "v", -5), lambda: setattr(t, "ro", 1), lambda: delattr(t, "ro")):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

def hot(n):
    t = T()
    for i in range(n):
        t.v = t.v + t.ro
    return t.v, t.gets

print(hot(4000))

class Data:
    def __set_name__(self, owner, name):
        self.name = "_" + name
    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        return obj.__dict__.get(self.name, 0)
    def __set__(self, obj, value):
        obj.__dict__[self.name] = value + 1
class NonData:
    def __get__(self, obj, owner):
        return (obj is None, owner.__name__)
class H:
    d = Data()
    e = Data()
    nd = NonData()

h = H()
h.d = 10
h.__dict__["d"] = "shadow"
h.__dict__["nd"] = "wins"
print(h.d, h.e, h.nd, H.nd, H().nd, type(H.d).__name__, h.__dict__)

def hot_desc(n):
    h = H()
    t = 0
    for i in range(n):
        h.d = i
        t += h.d + h.e
    return t

print(hot_desc(4000))

class Lazy:
    def __init__(self, f):
        self.f = f
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, obj, owner):
        v = obj.__dict__[self.name] = self.f(obj)
        return v
class U:
    calls = 0
    @Lazy
    def x(self):
        U.calls += 1
        return 42

def lazies(n):
    t = 0
    u = U()
    for i in range(n):
        if i % 1000 == 0:
            u = U()
        t += u.x
    return t, U.calls

print(lazies(4000))

def property_replaced(n):
    class P:
        x = 1
    p = P()
    t = 0
    for i in range(n):
        t += p.x
        if i == 2000:
            P.x = property(lambda self: 100)
        elif i == 3000:
            P.x = 1000
        elif i == 3500:
            p.x = 7
    return t

print(property_replaced(4000))
