def nested(n):
    t = 0
    for i in range(n):
        for j in range(i % 10):
            if j == 7:
                break
            if j % 2:
                continue
            t += i * j
        else:
            t += 1
    return t

def whiles(n):
    i = t = 0
    while i < n:
        i += 1
        if i % 3 == 0:
            continue
        j = i
        while True:
            j //= 2
            t += 1
            if j < 5:
                break
    else:
        t += 1000000
    return t

def ranges(n):
    t = 0
    for r in (range(n), range(n, 0, -3), range(-n, n, 7), range(0), range(5, 5), range(2 ** 62, 2 ** 62 + 3), range(2 ** 70, 2 ** 70 + 3), range(-2 ** 70, -2 ** 70 + 2)):
        for i in r:
            t += i % 1000
    return t

def enumerations(n):
    t = 0
    for i, c in enumerate("ab" * n, 5):
        t += i * (c == "a")
    for a, b, c in zip(range(n), range(n, 0, -1), "x" * n):
        t += a * b
    for x in map(lambda v: v * 2, filter(lambda v: v % 3, range(n))):
        t += x
    for x in reversed(range(n)):
        t -= x
    return t

def modified_var(n):
    out = []
    for i in range(5):
        out.append(i)
        i += 10
    t = 0
    for i in range(n):
        t += i
        i = "x"
    return out, t, i

def early_return(n):
    for i in range(n):
        for j in range(n):
            if i * j > n:
                return i, j

def unroll(n):
    a = b = c = d = 0
    for i in range(n):
        k = i & 3
        if k == 0:
            a += i
        elif k == 1:
            b ^= i
        elif k == 2:
            c -= i
        else:
            d = (d * 3 + i) & 0xFFFF
    return a, b, c, d

print(nested(1500), whiles(3000), ranges(3000), enumerations(2000), modified_var(3000), early_return(4000), unroll(5000))
r = range(10, 0, -3)
print(r, len(r), r[1], r[-1], 7 in r, 8 in r, list(r), r == range(10, 1, -3), r.index(4), r.count(1), range(0, 10)[2:5], hash(range(0)) == hash(range(5, 5)), r.start, r.stop, r.step)
for f in (lambda: range(1, 2, 0), lambda: range(1.5), lambda: range(3)[3], lambda: len(range(2 ** 70)), lambda: iter(5), lambda: next(iter([])), lambda: enumerate(5)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
def strict():
    try:
        list(zip([1, 2], [1], strict=True))
    except ValueError as e:
        print(e)
strict()
