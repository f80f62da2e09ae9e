a, (b, c), *d = 1, (2, 3), 4, 5, 6
print(a, b, c, d)
*a, b = "xyz"
[a2, *b2] = range(4)
(x), y = {1: 2, 3: 4}
print(a, b, a2, b2, x, y, *[1, 2], *"ab")
print([*range(3), *(4, 5)], {**{"a": 1}, **{"a": 2, "b": 3}}, (*[1], 2), sorted({*"aa", *"b"}))

def f():
    a, b = 1, 2, 3
def g():
    a, b, c = 1, 2
def h():
    a, *b, c = [1]
def i():
    a, b = 5
def j():
    a, b = iter([1])
def k():
    a, = {}
def l():
    (a, b), c = [1], 2
for fn in (f, g, h, i, j, k, l):
    try:
        fn()
    except Exception as e:
        print(type(e).__name__, e)

def hot(n):
    t = 0
    for i in range(n):
        a, b = i, i + 1
        [c, d] = [b, a]
        (e, *rest) = (a, b, c, d)
        x, (y, z) = 1, (2, 3)
        t += a + b - c - d + e + len(rest) + x + y + z
    return t

class Seq:
    def __getitem__(self, i):
        if i < 2:
            return i * 10
        raise IndexError

def kinds(n):
    sources = [(1, 2), [3, 4], "ab", {5: 0, 6: 0}, range(7, 9), Seq()]
    out = 0
    for i in range(n):
        a, b = sources[i % 6] if i > 3000 else sources[0]
        out += hash(a) * 0 + (a if isinstance(a, int) else ord(a))
    return out

def error_late(n):
    for i in range(n):
        try:
            a, b = (i, i) if i < 3500 else (i, i, i)
        except ValueError as e:
            return i, str(e)

print(hot(4000), kinds(5000), error_late(4000))
for i, (p, *q) in enumerate([(1, 2, 3), "ab"]):
    print(i, p, q)
m = [[1, 2], [3, 4]]
m[0][0], m[1] = m[1], m[0][0]
print(m, list(zip(*[(1, 2), (3, 4)])))
