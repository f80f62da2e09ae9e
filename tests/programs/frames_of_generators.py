# Not under gc: each look makes a dict of locals, by the thousand.
import sys

N = 3000


# Generators resumed in a trace.
def counting(n):
    t = 0
    for i in range(n):
        t += i
        yield look(i)


def look(i):
    f = sys._getframe(1)
    g = f.f_back
    return f.f_code.co_name, f.f_locals["i"] == i, g.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno


def hot_generator(n):
    seen = set()
    x = counting(n)
    for y in x:
        seen.add(y)
    return sorted(seen)


print(hot_generator(N))


def own_frame(n):
    f = sys._getframe()
    for i in range(n):
        yield f is sys._getframe() and f.f_locals["i"] == i


def hot_own_frame(n):
    good = 0
    g = own_frame(n)
    first = g.gi_frame
    for y in g:
        good += y
        if good % 64 == 0:
            good += g.gi_frame is not first
    return good, g.gi_frame, first.f_locals["i"], first.f_back is sys._getframe()


print(hot_own_frame(N))


def delegating(n):
    yield from counting(n)


print(sorted(set(delegating(N))))


# Tracebacks raised in natives that inlined calls call.
def fails(i):
    return int(
        "x" if i % 64 == 63 else "1"
    )


def calls_fails(i):
    z = i

    return fails(z)


def entries(e):
    tb, out = e.__traceback__, []
    while tb:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
        tb = tb.tb_next
    return tuple(out)


def hot_errors(n):
    seen = set()
    for i in range(n):
        try:
            calls_fails(i)
        except ValueError as e:
            seen.add(entries(e))
    return sorted(seen)


print(hot_errors(N))


# A module's loop.
seen = set()
for i in range(N):
    j = i
    seen.add(len(set(map(eval, ["j", "i"]))) + (sys._getframe().f_locals is globals()) + (locals()["j"] == i))
print(seen)
exec("for i in range(N):\n    k = i\n    assert sys._getframe().f_locals['k'] == i and eval('k') == i\nprint(k)", dict(globals()))


# Frame objects of a loop that runs on.
def watched(n):
    f = sys._getframe()
    bad = 0
    for i in range(n):
        if i % 3 == 0:
            bad += f.f_locals["i"] != i
        bad += lineno(f) != 4 + f.f_code.co_firstlineno + 2
        bad += child(f, i)
    return bad


def lineno(f):
    return f.f_lineno


def child(f, i):
    return f.f_locals["i"] != i or f is not sys._getframe(1) or sys._getframe().f_back.f_back is not f.f_back


print(watched(N))
