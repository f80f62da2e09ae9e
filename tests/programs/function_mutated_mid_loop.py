def f(x, k=1):
    return x + k
def other(x, k=1):
    return x * 1000 + k

def defaults(n):
    t = 0
    for i in range(n):
        t += f(1)
        if i == 3000:
            f.__defaults__ = (100,)
    return t

def code(n):
    t = 0
    old = f.__code__
    for i in range(n):
        t += f(1)
        if i == 3000:
            f.__code__ = other.__code__
    f.__code__ = old
    return t

def kwdefaults(n):
    def g(x, *, k=1):
        return x + k
    t = 0
    for i in range(n):
        t += g(1)
        if i == 3000:
            g.__kwdefaults__ = {"k": 50}
        elif i == 3500:
            g.__kwdefaults__["k"] = 500
    return t

def cell(n):
    v = 1
    def g():
        return v
    t = 0
    for i in range(n):
        t += g()
        if i == 3000:
            v = 10
        elif i == 3500:
            g.__closure__[0].cell_contents = 100
    return t

def attrs(n):
    def g():
        g.calls += 1
        return g.calls
    g.calls = 0
    for i in range(n):
        g()
    return g.calls, g.__name__, g.__qualname__, g.__dict__

def table(n):
    fs = [lambda x: x + 1, lambda x: x * 2, lambda x: x - 3, abs, int, f]
    x = 0
    for i in range(n):
        x = fs[i % (1 if i < 2000 else 3 if i < 3000 else 6)](x) % 1000003
    return x

f.__defaults__ = (1,)
print(defaults(4000))
f.__defaults__ = (1,)
print(code(4000), f(1), kwdefaults(4000), cell(4000), attrs(3000), table(5000))
try:
    f.__defaults__ = None
    f(1)
except TypeError as e:
    print(e)
