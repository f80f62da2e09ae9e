x = "outer"
print([x * 2 for x in range(4)], x, {i: i * i for i in range(4)}, {i % 3 for i in range(10)}, [*(i for i in "ab")])
print([(i, j) for i in range(3) for j in range(i) if (i + j) % 2], [[j for j in range(i)] for i in range(4)], [i for i in range(20) if i % 2 if i % 3])
print([f() for f in [lambda: i for i in range(3)]], [f(10) for f in [lambda x, i=i: x + i for i in range(3)]])

def scopes(n):
    y = 5
    a = [y + i for i in range(n)]
    def inner():
        return [y * k for k in a[:3]]
    y = 6
    return inner(), sum(a), y

print(scopes(3))

class C:
    vals = [1, 2, 3]
    doubled = [v * 2 for v in vals]

print(C.doubled)
print([y := 1, y + 1, [y := y + i for i in range(4)], y])

def hot(n):
    total = 0
    for k in range(n // 50):
        total += sum([i * k for i in range(50) if i % 3 != k % 3])
        total += len({i % 7: str(i) for i in range(20)})
        total += len({i * k % 11 for i in range(30)})
    return total

print(hot(5000))

def handled():
    out = []
    for n in range(5):
        try:
            out.append([10 // (i - n) for i in range(4)])
        except ZeroDivisionError:
            out.append(n)
    return out

print(handled())
g = (print("eval", i) or i for i in range(3))
print(next(g), list(g), list(g))
print(sum(i * i for i in range(4000)), max((i * 37 % 101, i) for i in range(3000)), any(i > 3998 for i in range(4000)), all(i < 3999 for i in range(4000)))
print(dict(zip("abc", range(3))), [a + b for a, b in zip([1, 2], [3, 4])], {k: v for k, v in [("x", 1), ("x", 2)]})
