import _symtable
for n in sorted(dir(_symtable)):
    if n[0] != '_': print(n, getattr(_symtable, n) if isinstance(getattr(_symtable, n), int) else type(getattr(_symtable, n)).__name__)
def show(t, depth=0):
    print("  " * depth, t.name, t.type, t.nested, t.lineno, t.symbols, t.varnames, repr(t)[:15])
    for c in t.children: show(c, depth + 1)
S = '''
import os, sys as s
x: int = 1
def f(a, /, b=x, *args, c, **kw):
    global g
    g = 1
    def inner():
        nonlocal a
        a = b
        return [i for i in args if i]
    return inner, (lambda q: q + a), {k for k in kw}
class C(Base):
    y = 1
type A[U] = list[U]
async def co(): await x; yield 1
(n for n in x)
[w for w in x]
'''
show(_symtable.symtable(S, "f", "exec"))
show(_symtable.symtable("a + [b for b in c][0]", "f", "eval"))
show(_symtable.symtable("a = 1\n", "f", "single"))
for a in (("x = = 1", "f", "exec"), ("def f(a, a): pass", "f", "exec"), ("x", "f", "foo"), ("def f():\n x = 1\n global x", "f", "exec")):
    try: _symtable.symtable(*a); print("ok")
    except Exception as e: print(type(e).__name__, e)
