x = "global"
def f():
    global x, made
    made = 1
    x = "changed"
def g():
    x = 1
    def h():
        nonlocal x
        x += 1
        return x
    h()
    del x
    try:
        h()
    except NameError as e:
        print(type(e).__name__, e)
    x = 10
    return h()
f()
print(x, made, g())
del made
try:
    made
except NameError as e:
    print(e)
class C:
    x = "class"
    y = [x for _ in range(1)]
    def m(self):
        return x
    z = x
    del x
print(C().m(), C.z, C.y, hasattr(C, "x"))
def loc():
    a, b = 1, 2
    d = locals()
    d["a"] = 5
    return sorted(d.items()), a
print(loc(), "x" in globals(), vars() is globals())
def unbound(n):
    bad = 0
    for i in range(n):
        try:
            if i % 10 == 0:
                del v
            v += 1
        except UnboundLocalError:
            bad += 1
            v = 0
    return bad, v
def late(flag):
    if flag:
        y = 1
    return y
try:
    late(False)
except UnboundLocalError as e:
    print(e)
print(unbound(4000), late(True))
d, l = {"a": 1, "b": 2}, [1, 2, 3, 4]
del d["a"], l[0], l[-1:]
print(d, l)
def walrus(n):
    t = 0
    i = 0
    while (i := i + 1) < n:
        if (k := i % 7) > 3 and (m := k * 2) < 11:
            t += m
    return t, i, k, m
print(walrus(4000), [last := v for v in range(3)], last)
def ternaries(n):
    t = 0
    for i in range(n):
        t += 1 if i % 2 else -1 if i % 3 else 10
        t += (i and 1) or (not i and 5)
    return t
print(ternaries(4000))
def asserts(n):
    ok = 0
    for i in range(n):
        try:
            assert i % 1000, "at %d" % i
            assert i != 3999
            ok += 1
        except AssertionError as e:
            print("AssertionError", e, e.args)
    return ok
print(asserts(4000), __name__, __debug__)
x: int = 5
class Ann:
    a: int
    b: "str" = "v"
print(Ann.__annotations__, Ann.b, hasattr(Ann, "a"))
def annotated(a: int, *, b: "x" = 1) -> float:
    c: int = 2
    return a + b + c
print(annotated(1), annotated.__annotations__)
