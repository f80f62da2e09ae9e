t = (1, "a", 2.5)
print(t, t[0], t[-1], t[1:], t + (4,), t * 2, len(t), 1 in t, t.index("a"), t.count(1), (), (1,), tuple("ab"), t == (1, "a", 2.5))
print((1, 2) < (1, 3), (1,) < (1, 0), () < (0,), (1, 2) == [1, 2], hash((1, "a")) == hash((1, "a")), min((3, 1), (2, 9)))
for f in (lambda: t[5], lambda: t.__setitem__, lambda: t.index(9), lambda: (1,) + [2], lambda: (1, "a") < (1, 2)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

def swaps(n):
    a, b, c = 1, 2, 3
    for i in range(n):
        a, b, c = b, c, (a + b) % 1000
    return a, b, c

def pairs(n):
    p = (0, 0.0)
    for i in range(n):
        p = (p[0] + 1, p[1] + 0.5)
        q = (i, p)
        if q[1][0] != i + 1:
            return "wrong"
    return p

def minmax(items):
    lo = hi = items[0]
    for x in items:
        lo, hi = (x if x < lo else lo), (x if x > hi else hi)
    return lo, hi

def divs(n):
    total = 0
    for i in range(1, n):
        q, r = divmod(n, i)
        total += q - r
    return total

print(swaps(4000), pairs(4000), minmax([(i * 7919) % 5003 for i in range(4000)]), divs(4000))
escaped = [(i, str(i)) for i in range(3000)]
print(escaped[2999], sum(a for a, _ in escaped), len({e for e in escaped}))
