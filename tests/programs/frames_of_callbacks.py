# Not under gc: each look makes a dict of locals, by the thousand.
import sys

N = 3000


# A sort key and other natives that call back.
def caller_name(depth=1):
    return sys._getframe(depth + 1).f_code.co_name


def key(x):
    k = x
    return (caller_name(), -x, caller_name(2))


def sorting(i):
    v = i % 5
    s = sorted([v, v + 1, v + 2], key=key)
    return s == [v + 2, v + 1, v] and key(1)[2]


def hot_sort(n):
    seen = set()
    for i in range(n):
        seen.add(sorting(i))
    return sorted(seen)


print(hot_sort(N))


# Runs inside of runs.
def inner_loop(n, depth):
    out = ()
    for j in range(n):
        w = j
        if j == n - 1:
            out = names(depth)
    return out


def names(depth):
    f, out = sys._getframe(1), []
    while f is not None and f.f_code.co_name != "<module>":
        out.append((f.f_code.co_name, sorted(k for k in f.f_locals if len(k) == 1)))
        f = f.f_back
    return tuple(map(str, out))


def nest(a, d):
    if d == 0:
        return inner_loop(40, d)
    b = [a, d]
    return list(map(lambda e: nest(e, d - 1), b[:1]))[0]


def hot_nest(n):
    seen = set()
    for i in range(n):
        c = [i]
        seen.add(nest(i, 2))
        assert c == [i]
    return sorted(seen)


print(*hot_nest(600), sep="\n")


# Iterators that look, the last time too.
class Looks:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        values = sys._getframe(1).f_locals
        values["box"].append(self.n)
        if self.n < 0:
            raise StopIteration
        return self.n


def loops(i):
    box = [i]
    t = 0
    for x in Looks(i % 3):
        t += x
    return len(box) == i % 3 + 2 and box[0] == i


def loops_through_native(i):
    box = [i]
    t = 0
    for x in map(int, Looks(i % 3)):
        t += x
    for k, x in enumerate(map(int, Looks(i % 3))):
        t += k
    return len(box) == 2 * (i % 3) + 3 and box[0] == i


def hot_iterators(n):
    good = 0
    for i in range(n):
        good += loops(i)
        good += loops_through_native(i)
    return good


print(hot_iterators(N))


# Special methods, properties, comparisons, in the middle of expressions.
class Sees:
    def __init__(self, v):
        self.v = v

    @property
    def seen(self):
        return sys._getframe(1).f_locals["here"]

    def __getattr__(self, name):
        return sys._getframe(1).f_locals[name]

    def __eq__(self, other):
        sys._getframe(1).f_locals["here"].append(1)
        return True

    def __contains__(self, item):
        return item is sys._getframe(1).f_locals["here"][0]

    def __getitem__(self, key):
        return sys._getframe(1).f_lineno - key

    def __add__(self, other):
        return sys._getframe(1).f_locals["here"][:1] + other

    def __str__(self):
        return sys._getframe(1).f_code.co_name

    def __bool__(self):
        return "here" in sys._getframe(1).f_locals


def special(i):
    here = [i]
    s = Sees(i)
    ok = s.seen is here and s.here is here
    ok &= s == 1 and len(here) == 2 and i in s
    ok &= s[sys._getframe().f_lineno] == 0 and s + [5] == [i, 5]
    ok &= f"{s}" == "special" and str(s) == "special" and bool(s)
    return ok


def hot_special(n):
    good = 0
    for i in range(n):
        good += special(i)
    return good


print(hot_special(N))
