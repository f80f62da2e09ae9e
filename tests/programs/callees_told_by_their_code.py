# Calls of ever other functions with the same code, and of many codes at one place.


def adder(n):
    def add(x, y=n, *, unused=None):
        return x + y + n
    return add


def plus(n):
    def add(x, y=n):
        return x * 2 + y + n
    return add


def call_each(function, values):
    total = 0
    for value in values:
        total += function(value)
    return total


print([call_each(plus(n), range(40)) for n in range(60)])
print([call_each(adder(n), range(40)) for n in range(10)])


# A function that is made anew for each call, without a closure: its defaults are its own.
def rounds():
    totals = []
    for n in range(200):
        f = lambda x, y=n, z=(n, n + 1): x + y + z[1]
        totals.append(call_each(f, (1, 2, 3)))
    return totals[::20], sum(totals)


print(rounds())


# Defaults that change between calls: another number, another tuple, none.
def scaled(x, by=2, more=10):
    return x * by + more


def scaled_often(functions):
    total = 0
    for f in functions:
        total = (total * 31 + f(3)) % 1_000_003
    return total


def copy_of(f):
    return type(f)(f.__code__, f.__globals__, f.__name__, f.__defaults__, f.__closure__)


copies = [copy_of(scaled) for _ in range(300)]
print(scaled_often(copies))
for i, f in enumerate(copies):
    f.__defaults__ = (i, i + 1)
print(scaled_often(copies))
for f in copies[200:]:
    f.__defaults__ = (1, 2, 3)
print(scaled_often(copies))
copies[250].__defaults__ = None
try:
    scaled_often(copies)
except TypeError as error:
    print(error)
copies[250].__defaults__ = (5,)
try:
    scaled_often(copies)
except TypeError as error:
    print(error)


# The code changes while the loop runs.
def first(x):
    return x


def second(x):
    return -x


def switched():
    f = copy_of(first)
    total = 0
    for i in range(3000):
        if i == 2000:
            f.__code__ = second.__code__
        total += f(i)
    return total


print(switched())

# Many targets at one call: more than a chain of guards is made for.
makers = []
for i in range(24):
    scope = {}
    exec(f"def f(x, k={i}): return (x * {i} + k) % 7", scope)
    makers.append(scope["f"])


class Bound:
    def __init__(self, by, offset=1):
        self.by = by
        self.offset = offset

    def scale(self, x, more=3):
        return x * self.by + self.offset + more

    def __call__(self, x):
        return x - self.by


targets = makers + [Bound(2).scale, Bound(3), len, abs, Bound(4, 5).scale, int]


def megamorphic(n):
    total = 0
    for i in range(n):
        f = targets[i % len(targets)]
        total = total * 3 + (f("abc") if f is len else f(i))
        total %= 1_000_003
    return total


print(megamorphic(9000))


# Attributes of objects of many classes at one place.
classes = [type(f"C{i}", (), {"value": lambda self, i=i: i, "constant": i, "__slots__": ("own",)}) for i in range(20)]
objects = []
for i, c in enumerate(classes):
    o = c()
    o.own = i * 10
    objects.append(o)


def many_shapes(n):
    total = 0
    for i in range(n):
        o = objects[i % 20]
        total += o.value() + o.constant + o.own
    return total


print(many_shapes(6000))


# What is raised inside of such a call, and seen there.
import sys


def failing(n):
    def inner(x, limit=n):
        if x > limit:
            raise ValueError(f"{x} > {limit} in {sys._getframe().f_back.f_code.co_name}")
        return x
    return inner


def until_failure(n):
    f = failing(n)
    total = 0
    try:
        for i in range(n + 5):
            total += f(i)
    except ValueError as error:
        return total, str(error), error.__traceback__.tb_next.tb_frame.f_code.co_name
    return total


print([until_failure(n) for n in (10, 500, 501, 502, 503, 504, 505)])


# Constructors with defaults, of plain classes.
class Point:
    def __init__(self, x, y=0, z=None):
        self.x = x
        self.y = y
        self.z = z


def points(n):
    total = 0
    for i in range(n):
        p = Point(i)
        q = Point(i, i + 1)
        r = Point(i, p, q)
        total += p.x + q.y + r.z.y - r.y.x + (p.z is None)
    return total


print(points(3000))
Point.__init__.__defaults__ = (7, 8)
print(points(3000))
try:
    Point.__init__.__defaults__ = (7,)
    print(points(3))
except TypeError as error:
    print(error)
