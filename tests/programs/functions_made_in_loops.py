def f(n):
    t = 0
    for i in range(n):
        g = lambda x: x + i
        h = lambda x, y=3: x * y
        t += g(2) + h(i)
        def k():
            return t
        t = k() + 1
    return t, g, h, k
r = f(5000)
print(r[0], r[1](5), r[2](7), r[3](), r[1].__name__, r[1].__qualname__, r[3].__module__, r[3].__doc__)
def deco(n):
    out = []
    for i in range(n):
        def inner(a):
            "doc"
            return a + i
        out.append(inner)
    return out
fs = deco(3000)
print(sum(f(1) for f in fs), fs[7].__doc__, fs[2999](1), fs[5].__closure__[0].cell_contents, fs[3].__defaults__, fs[3].__dict__, fs[3].__annotations__, fs[3].__kwdefaults__, fs[2].__globals__ is globals(), fs[2].__builtins__ is __builtins__ or True)
