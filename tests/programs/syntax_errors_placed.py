# What is told of sources that do not compile, and where.
CASES = r'''
may not be deleted
x = 32e-+4
(0x+1)
0010 + 2
1def2
0b12
1__0
([{
x = (1, 2]
f(a,
)]}
'blech
"blech\"
"""a
x = 3 \ 4
€
a€b
a b
x = $
fu''
ub'x'
b'é'
'\x1'
'é\u12'
b'\xz'
'\N{no such name}'
'a' b'b'
f'{}'
f'{a b}'
f'{a!x}'
f'{a!}'
f'{a ! r}'
f'{lambda x: 1}'
f'{a'
f'}'
f'{a[}'
f'{a:{b:{c:{d}}}}'
f'{!r}'
t'{a' 'b'
t'{a}' 'b'
f(x for x in y, 1)
f(1, x for x in y)
f(a=1, 2)
f(**a, *b)
f(**a, 1)
f(True=1)
f(a+b=1)
f(a=)
f(*)
f(a b)
[a, b c]
{1: 2, 3}
{1: 2, 3:}
{1: *a}
(x if y)
x if y else
x = (a if b else pass)
pass if x else y
"a" b "c"
if x = 3: pass
if x.y = 3: pass
(a.b := 1)
a + not b
- not a
f() = 1
x + 1 = 2
[a, 1] = b
(a, b()) = c
yield = 1
None = 1
a += b += c
(a, b) += 1
(a, b): int
[a]: int = 3
f(): int
del f()
del (a, b())
for f() in x: pass
for x in: pass
[x for x y]
[a, b for a in c]
[*a for a in b]
{**a for a in b}
print hello
exec "x"
raise x from
import a.b as c.d
import
from x import
from x import a,
import a from b
(*a)
(**a)
def f(a=1, b): pass
def f(*): pass
def f(*a=1): pass
def f(**k, a): pass
def f(a, *, b, *c): pass
def f(/, a): pass
def f(a, /, b, /): pass
def f(*a, /): pass
def f(a, (b, c)): pass
def f: pass
lambda *: 1
lambda **a, b: 1
def f[](): pass
def f[*T: int](): pass
class A
while True print(1)
with a as f(): pass
match x: case 1: pass
'''.strip().split("\n") + [
    "", "if x:\npass\n", "if x:\n    a\n  b\n", "  x\n", "x\n  y\n", "if x:\n\ta\n        b\n", "try:\n  x\n", "try:\n  x\ny\n",
    "try:\n x\nexcept A, B as c:\n y\n", "try:\n x\nexcept A as b.c:\n y\n", "try:\n x\nexcept* :\n y\n",
    "try:\n x\nexcept A:\n y\nexcept* B:\n z\n", "else: pass\n", "if x:\n a\nelse:\n b\nelif c:\n d\n", "for x in y\n  z\n",
    "match x:\n  case a as b.c: pass\n", "match x:\n  case A(b=1, c): pass\n", "match x:\n  case 1 + 2: pass\n", "match x:\ncase 1: pass\n",
    "class A:\n", "def f():\n\nx = 1\n", "x = [1, 2\ny = 3\n", "d = {'a': 1\n     'b': 2}\n", "print(1\nprint(2\n", "x = (1,\n2]\n",
    'x = f"""\n{a b}\n"""\n', 'f"""\n{a\n', "f(1, z\n  for z in\n  y, b)\n", "x = \\\n  2 3\n", "A.b\\\n", "with a as b\n  pass\n",
]
for source in CASES:
    for mode in ("exec", "eval") if "\n" not in source else ("exec",):
        try:
            compile(source, "<source>", mode)
        except SyntaxError as error:
            print(type(error).__name__, error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, repr(error.text))
        else:
            print("compiles:", repr(source), mode)
