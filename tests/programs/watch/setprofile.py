# What a profile function is told of.
import sys

events = []


def profiler(frame, event, arg):
    name = frame.f_code.co_name
    if event.startswith("c_"):
        arg = arg.__qualname__
    elif not isinstance(arg, (int, str, type(None))):
        arg = type(arg).__name__
    events.append((name, event, arg))


def show(function, *args):
    events.clear()
    sys.setprofile(profiler)
    try:
        function(*args)
    except Exception as error:
        events.append(("raised", type(error).__name__))
    finally:
        sys.setprofile(None)
    print(function.__name__)
    for event in events:
        print("   ", *event)


def callee(x):
    return x


def plain():
    callee(1)
    len("abc")
    "abc".upper()
    [].append(1)
    list.append([], 1)
    sorted([2, 1], key=callee)
    dict(a=1)
    max(1, 2, key=callee)
    print(end="")


def raising():
    try:
        int("x")
    except ValueError:
        pass
    try:
        [].index(1)
    except ValueError:
        pass
    1 / 0


def gen(n):
    for i in range(n):
        yield i


def generators():
    for x in gen(2):
        pass
    g = gen(3)
    next(g)
    g.close()


class A:
    def __init__(self):
        self.x = 1

    @property
    def p(self):
        return self.x

    def __add__(self, other):
        return 1


def objects():
    a = A()
    a.p
    a + 1
    isinstance(a, A)


show(plain)
show(raising)
show(generators)
show(objects)


def failing(frame, event, arg):
    raise RuntimeError("no")


sys.setprofile(failing)
try:
    callee(1)
except RuntimeError as error:
    print("caught", error, sys.getprofile())
sys.setprofile(profiler)
print(sys.getprofile() is profiler)
sys.setprofile(None)
print(sys.getprofile())


def hot(n):
    total = 0
    for i in range(n):
        total += callee(i)
    return total


print(hot(5000))
counts = {}


def count(frame, event, arg):
    counts[event] = counts.get(event, 0) + 1


sys.setprofile(count)
print(hot(3000))
sys.setprofile(None)
print(counts["call"], counts["return"])
print(hot(5000))
