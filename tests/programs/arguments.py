def f(a, b=2, /, c=3, *args, d, e=5, **kw):
    return a, b, c, args, d, e, kw

print(f(1, d=4), f(1, 2, 3, 4, 5, d=6, z=7), f(1, d=1, **{"b": 9, "c": 8}), f(*[1, 2], *(3, 4), d=0, **{"q": 1}, **{"r": 2}))
def simple(a, b):
    return a - b
def kwonly(*, k):
    return k
def dflt(a, b=[]):
    b.append(a)
    return b

bad = [lambda: f(), lambda: f(1), lambda: f(1, d=1, a=2, b=3) and 1 / 0, lambda: simple(1), lambda: simple(1, 2, 3), lambda: simple(1, b=2, c=3), lambda: simple(1, a=2),
       lambda: kwonly(1), lambda: kwonly(), lambda: kwonly(k=1, j=2), lambda: simple(*[1], **{"a": 1}), lambda: simple(**{1: 2}), lambda: simple(*5), lambda: simple(**5),
       lambda: (lambda x: x)(), lambda: len(), lambda: len(1, 2), lambda: simple(b=1), lambda: dict(**{"a": 1}, **{"a": 2}), lambda: bad[0].x(), lambda: i()]
for i, call in enumerate(bad):
    try:
        call()
    except Exception as e:
        print(i, type(e).__name__, e)
print(dflt(1), dflt(2), dflt(3, []), dflt.__defaults__, f.__kwdefaults__, (lambda *a, **k: (a, k))(1, x=2))

def hot(n):
    t = 0
    for i in range(n):
        t += simple(i, 1) + simple(b=1, a=i) + kwonly(k=i) + simple(*(i, 2)) + len(f(i, d=i)) + simple(**{"a": i, "b": i})
    return t

def shapes(n):
    t = 0
    def var(*args, **kw):
        return len(args) + 10 * len(kw)
    for i in range(n):
        if i < 1500:
            t += var(i)
        elif i < 3000:
            t += var(i, i, x=i)
        else:
            t += var(*range(i % 5), **{"k%d" % j: j for j in range(i % 3)})
    return t

def wrong_late(n):
    fns = [simple, simple, lambda a: a]
    for i in range(n):
        try:
            fns[2 if i == 3500 else 0](i, 1)
        except TypeError as e:
            return i, str(e)

print(hot(3000), shapes(4000), wrong_late(4000))
