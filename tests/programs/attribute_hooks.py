class G:
    def __init__(self):
        self.real = 1
        self.log = []
    def __getattr__(self, name):
        if name.startswith("x"):
            return name * 2
        raise AttributeError(f"no {name}")

class GA:
    def __getattribute__(self, name):
        if name == "magic":
            return 42
        return object.__getattribute__(self, name)

class SA:
    def __setattr__(self, name, v):
        object.__setattr__(self, name, v * 2)
    def __delattr__(self, name):
        object.__setattr__(self, name, "deleted")

g = G()
print(g.real, g.xy, hasattr(g, "q"), getattr(g, "q", 0), GA().magic)
try:
    g.zzz
except AttributeError as e:
    print(e)
s = SA()
s.a = 5
print(s.a)
del s.a
print(s.a)

def hot(n):
    g, ga, s = G(), GA(), SA()
    ga.n = 1
    t = 0
    for i in range(n):
        t += g.real + len(g.xyz) + ga.magic + ga.n
        s.v = i
        t += s.v
    return t

def appears(n):
    class Late:
        pass
    o = Late()
    o.a = 1
    t = 0
    for i in range(n):
        try:
            t += o.a + getattr(o, "b", 0)
            t += o.c
        except AttributeError:
            t += 5
        if i == 2000:
            Late.__getattr__ = lambda self, name: 1000
        elif i == 3000:
            del Late.__getattr__
            o.b = 7
        elif i == 3500:
            Late.__getattribute__ = lambda self, name: 3
    return t

print(hot(3500), appears(4000))

class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "_t", target)
    def __getattr__(self, name):
        return getattr(self._t, name)
    def __setattr__(self, name, v):
        setattr(self._t, name, v)

def proxied(n):
    class T:
        def __init__(self):
            self.n = 0
        def inc(self):
            self.n += 1
    p = Proxy(T())
    for i in range(n):
        p.inc()
        p.n = p.n + 1
    return p.n

print(proxied(3000))
names = ["a", "b", "c"]
class Bag:
    pass
bag = Bag()
for i in range(3000):
    setattr(bag, names[i % 3], getattr(bag, names[(i + 1) % 3], 0) + 1)
print(bag.__dict__)
