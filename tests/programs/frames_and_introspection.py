import sys
def where():
    f = sys._getframe()
    return f.f_code.co_name, f.f_lineno, f.f_back.f_code.co_name

def hot(n):
    names = set()
    for i in range(n):
        names.add(where()[2])
        if i % 1000 == 999:
            x = sys._getframe(0).f_locals["i"]
            assert x == i
    return names, x

print(where(), hot(3000))
def f(a, b=1, *args, c, **kw):
    """doc string"""
    local = 1
    return local
c = f.__code__
print(c.co_name, c.co_argcount, c.co_kwonlyargcount, c.co_varnames, c.co_flags & 0x0C, c.co_firstlineno, f.__doc__, f.__defaults__, f.__name__, f.__module__)
def level(n):
    if n == 0:
        out = []
        fr = sys._getframe()
        while fr:
            out.append((fr.f_code.co_name, fr.f_lineno))
            fr = fr.f_back
        return out
    return level(n - 1)
print(level(3))
def tb_lines():
    try:
        x = [1,
             2, 1 /
             0]
    except ZeroDivisionError as e:
        tb = e.__traceback__
        return tb.tb_lineno, tb.tb_frame.f_code.co_name, tb.tb_next
print(tb_lines())
def traced_error(n):
    t = 0
    try:
        for i in range(n):
            t += 10 // (3500 - i)
    except ZeroDivisionError as e:
        return t, i, e.__traceback__.tb_lineno, e.__traceback__.tb_frame.f_locals["i"]
print(traced_error(4000))
print(sys.version_info[:2] >= (3, 13), sys.byteorder, sys.argv[1:], isinstance(sys.path, list), "sys" in sys.modules)
def gen():
    yield sys._getframe().f_lineno
    yield 1
g = gen()
print(next(g), g.gi_frame.f_lineno, g.gi_code.co_name)
