class Point:
    """A point."""
    n = 0
    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        Point.n += 1
    def norm(self):
        return self.x * self.x + self.y * self.y
    def __repr__(self):
        return f"Point({self.x}, {self.y})"
    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)
    def __hash__(self):
        return hash((self.x, self.y))
    @staticmethod
    def make(v):
        return Point(v, v)
    @classmethod
    def origin(cls):
        return cls(0)

p = Point(1, 2)
p.z = 3
print(p, p.norm(), Point.norm(p), p.__dict__, Point.n, Point.__doc__, Point.__name__, Point.__qualname__, Point.__module__, p.__class__ is Point)
print(Point.make(2), Point.origin(), p == Point(1, 2), p != Point(2, 1), {p, Point(1, 2)}, p.norm == p.norm, type(p.norm).__name__)
del p.z
print(hasattr(p, "z"), getattr(p, "q", "dflt"), setattr(p, "w", 5), p.w, vars(p), "x" in dir(p), isinstance(p, (int, Point)), callable(p), callable(Point))
p.n = 100
print(p.n, Point.n, Point.__dict__["n"], p.__dict__)
for f in (lambda: p.missing, lambda: Point.missing, lambda: Point(), lambda: Point(1, 2, 3), lambda: p.norm(1), lambda: delattr(p, "qq"), lambda: p(), lambda: object().x, lambda: setattr(object(), "a", 1), lambda: (5).foo, lambda: setattr(5, "real", 1)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

class Vec:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z
    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z
    def add(self, o):
        return Vec(self.x + o.x, self.y + o.y, self.z + o.z)
    def scale(self, k):
        return Vec(self.x * k, self.y * k, self.z * k)

def walk(n):
    p, v = Vec(0.0, 0.0, 0.0), Vec(1.0, 0.5, 0.25)
    for i in range(n):
        p = p.add(v.scale(0.01))
        if p.dot(p) > 4.0:
            v = v.scale(-1.0)
    return p.x, p.y, p.z

def int_vecs(n):
    v = Vec(1, 2, 3)
    t = 0
    for i in range(n):
        w = v.add(Vec(i, i, i))
        t += w.dot(v)
    return t

class Counter:
    def __init__(self):
        self.n = 0
    def inc(self):
        self.n += 1
        return self

def chain(n):
    c = Counter()
    for i in range(n):
        c.inc().inc().n -= 1
    return c.n

print(walk(4000), int_vecs(4000), chain(4000))

def late_attrs(n):
    objs = []
    for i in range(n):
        c = Counter()
        if i % 2:
            c.a = i
            c.b = 1
        else:
            c.b = i
            c.a = 2
        if i > 3000:
            c.extra = 5
        objs.append(c)
    return sum(o.a + o.b for o in objs), sum(hasattr(o, "extra") for o in objs)

print(late_attrs(3500))
