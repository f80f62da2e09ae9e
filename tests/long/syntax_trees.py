import ast
src = '''
from __future__ import annotations
import os, sys as s
from . import x as y
from .a.b import *
@dec(1)
@dec2
async def f[T: int = str, *Ts, **P](a, /, b: int = 2, *args, c, d=4, **kw) -> None:
    """doc"""
    global g
    async with a as b, c: pass
    async for i in x: break
    else: continue
    await z
    yield
    yield from q
    return (yield 1)
class C[T](B, metaclass=M, *a, **k):
    x: int = 1
    (y): str
    a.b: int
def g():
    nonlocal_ = 1
    del a, b[0], c.d
    x = y = 1, 2
    x += 1; y @= 2
    for i in range(3): pass
    while True:
        break
    else:
        pass
    if a: b
    elif c: d
    elif e: f
    else: g
    with open(f) as (a, b): pass
    raise X from Y
    try: pass
    except A as e: pass
    except (B, C): pass
    except: pass
    else: pass
    finally: pass
    try: pass
    except* A: pass
    assert a, "m"
    match x:
        case 1 | -2 | 1+2j | "s" | b"b" | None | True: pass
        case [a, *rest, _]: pass
        case {"k": v, 1: w, **rest}: pass
        case Point(1, x=2, y=z): pass
        case (a.b as c) if c: pass
        case [*_]: pass
        case _: pass
type X[T] = list[T]
a and b or not c
(n := 5)
lambda: 0
lambda x, *y, z=1: x
1 if a else b
{1: 2, **d}
{1, 2}
[x for x in y if a if b]
{x for x in y}
{k: v for k, v in y}
(x async for x in y)
f(x for x in y)
f(a, *b, c=1, **d)
a < b <= c is not d not in e
a[1], a[1:2], a[::3], a[1:2, ...], a[*b]
-1 + ~2 ** 3 // 4 % 5 @ 6 << 7 >> 8 & 9 | 10 ^ 11
1.5, 2j, 10**100, 0xfffffffffffffffffffff, 1_000
u"u" "b" 'é\\ud800'; b"\\xff" b"c"
f"a{x}b{y!r:>{w}}{z=}{z = !s}{q:%H:%M}" "tail" f'{1}'
f""
f"{a}{b}"
t"hello {name!r:>3} {x=} é {y }"
*a, b = c
x = *a, 1
print("""a
b""", ü.é)
'''
t = ast.parse(src)
print(ast.dump(t, include_attributes=True, indent=1))
print(ast.unparse(t))
print(ast.dump(ast.parse("a\n", mode="single")))
print(ast.dump(ast.parse("a + 1", mode="eval")))
print(ast.dump(ast.parse("1 + 2 * x", optimize=1)))
for e in ("return", "x = = 1", "'abc", "from __future__ import nope"):
    try:
        ast.parse(e); print("ok")
    except SyntaxError as x:
        print(x)
print(ast.literal_eval("{'a': [1, 2.5, -3j, (None, True), b'x', {1,2}]}"))
class V(ast.NodeTransformer):
    def visit_Name(self, n): return ast.copy_location(ast.Subscript(value=ast.Name("data", ast.Load()), slice=ast.Constant(n.id), ctx=n.ctx), n)
t = ast.fix_missing_locations(V().visit(ast.parse("a = b + c")))
print(ast.unparse(t))
data = {"b": 1, "c": 41}
exec(compile(t, "x", "exec")); print(data)
