# Not under gc: each look makes a dict of locals, by the thousand.
import sys

N = 3000


def each(function):
    """All that a hot loop over the function gives."""
    seen = set()
    for i in range(N):
        seen.add(function(i))
    return len(seen), min(seen), max(seen)


# Callers: names, lines and instructions of inlined calls.
def callers(*rest):
    f = sys._getframe(1)
    names = []
    while f.f_back is not None and len(names) < 4:
        names.append((f.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno))
        f = f.f_back
    return tuple(names)


def middle(i):
    x = i + 1
    return callers(
        x,
        *(),
    )


def outer(i):
    return middle(i)


def hot_callers(n):
    seen = set()
    for i in range(n):
        seen.add(outer(i)[:3])
    return sorted(seen)


print(hot_callers(N))


# Locals of inlined calls, by a native that calls a native.
def squares(i):
    q = i * i
    r = [q, -q]
    return list(map(eval, ["q + 1", "r[1]", "sorted(locals())"]))[:2] == [q + 1, -q]


def names_of_all(i):
    a, b = i, str(i)
    return ",".join(sorted(locals())) + ",".join(dir()) + ",".join(vars())


def hot_locals(n):
    total, names = 0, set()
    for i in range(n):
        total += squares(i)
        if i & 15 == 3:
            names.add(names_of_all(i))
    return total, names


print(hot_locals(N))


# Objects that a trace keeps virtual are one object, and those who got them may change them.
def grab(depth=1):
    return sys._getframe(depth).f_locals


def virtual(i):
    x = [i, i + 1]
    p = (i, x)
    got = grab()
    got["x"].append(7)
    again = sys._getframe().f_locals
    return len(x) == 3 and got["x"] is x and again["x"] is x and got["p"] is p and p[1] is x and x[2] == 7


class Point:
    def __init__(self, x):
        self.x = x

    def moved(self):
        grab()["self"].x += 1
        return self.x


def virtual_instance(i):
    p = Point(i)
    y = p.moved()
    grab()["p"].x += 10
    return y == i + 1 and p.x == i + 11


def large(i):
    n = (1 << 55) + i
    seen = grab()["n"]
    return seen is n and seen == n


def hot_virtual(n):
    good = 0
    for i in range(n):
        good += virtual(i)
        good += virtual_instance(i)
        good += large(i)
    return good


print(hot_virtual(N))


# In the loop's own frame.
def own(n):
    good = 0
    for i in range(n):
        y = [i]
        z = sys._getframe().f_locals
        z["y"].append(i)
        good += y == [i, i] and z["i"] == i and z["y"] is y
    return good


print(own(N))


# Frame objects stay what they are.
def same_frame():
    return sys._getframe() is sys._getframe()


def caller_is(frame):
    return sys._getframe(1) is frame and sys._getframe().f_back is frame


def identical(i):
    f = sys._getframe()
    return same_frame() and caller_is(f) and f is sys._getframe() and f is not f.f_back


def hot_identity(n):
    good = 0
    for i in range(n):
        good += identical(i)
    return good


print(hot_identity(N))


def keeps_frame():
    a = 1
    f = sys._getframe()
    a = 2
    return f


def finished(i):
    f = keeps_frame()
    return f.f_locals["a"], f.f_lineno - f.f_code.co_firstlineno, f.f_back is sys._getframe()


print(each(finished))

# Namespaces.
other = {"__name__": "other", "K": 5}
exec(
    """
def made(i):
    return type('Q', (), {}).__module__
def spaces(i):
    return globals()['K'], globals()['__name__']
""",
    other,
)
made, spaces = other["made"], other["spaces"]
print(each(made), each(spaces))


def closure(k):
    def inner(i):
        return eval("K", {"K": k}), globals()["N"]

    return inner


print(each(closure(3)))
