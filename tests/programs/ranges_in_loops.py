def f(n):
    t = []
    s = 0
    for i in range(n):
        for j in range(i % 4):
            s += j
        for j in range(i, i + 3):
            s += j
        for j in range(i, i - 5, -2):
            s += j * 3
        for j in reversed(range(i % 5)):
            s = s * 3 + j & 0xffffffff
        for j in reversed(range(0, i % 7, 2)):
            s = s * 3 + j & 0xffffffff
        r = range(i % 3)
        if i % 1000 == 0:
            t.append((r, len(r), range(2, 9, 3), list(reversed(range(3, i % 13, 4)))))
        it = iter(range(i, i + 2))
        s += next(it)
        if i % 777 == 0:
            t.append(list(it))
            t.append(iter(range(3)).__length_hint__())
    return s, t
print(f(5000))
def g(x, n):
    c = 0
    for i in range(n):
        try:
            for j in range(x[i % len(x)]):
                c += 1
        except (TypeError, ValueError) as e:
            c += 1000
            m = str(e)
        for k in range(2**60 * (i % 2) + 2**60 , 2**60 * (i % 2) + 2**60 + 2): c += k & 3
    return c, m
print(g([3, 0, -1, True, 2**10], 4000) if 0 else g([3, 0, -1, True, "a", 2], 4000), g([1.5, 2], 3000))
