# Not under gc: it makes many trees.
# `ast.parse` with type comments, which belong to what they stand behind, and in the language of an earlier version; reprs of nodes.
import ast

SOURCE = '''# type: ignore[a]
def one(a, b=1):  # type: (int, str) -> None
    x = a  # type: int
    y = z = (1,
         2)  # type: tuple
    return x

async def two(
    a,  # type: int
    *args,  # type: str
    b=(1, 2),  # type: tuple
    c=None,
    **kwargs  # type: bytes
):
    # type: (...) -> int
    for q in range(3):  # type: int
        with open(q) as f, g:  # type: file
            pass  # type: ignore
    async for q in x:  #type:int
        async with y:  # type:  Any
            lambda: 0

def three(): return 1  # a type: no
s = "# type: str"; t = 2 # type: ignore
'''
tree = ast.parse(SOURCE, type_comments=True)
for node in ast.walk(tree):
    comment = getattr(node, "type_comment", None)
    if comment is not None:
        print(type(node).__name__, node.lineno, repr(comment))
print([(node.lineno, node.tag) for node in tree.type_ignores])
print({node.type_comment for node in ast.walk(ast.parse(SOURCE)) if hasattr(node, "type_comment")})
for source in ["x = (  # type: int\n1)", "if 1:  # type: int\n  pass", "def f():  # type: () -> int\n  # type: () -> int\n  pass", "f(a, # type: int\n b)"]:
    try:
        ast.parse(source, type_comments=True)
    except SyntaxError as error:
        print(error.msg)

for source in [
    "async def f(): pass", "async def f():\n async for x in y: pass", "async def f():\n await x", "a @ b", "a @= b", "x: int = 1", "f'{x}'",
    "(x := 1)", "def f(a, /): pass", "match x:\n case 1: pass", "try: pass\nexcept* A: pass", "type X = int", "def f[T](): pass",
    "t'{x}'", "try: pass\nexcept A, B: pass", "try: pass\nexcept (A, B): pass", "1_000", "async def f(): return [x async for x in y]",
    "with (a as b, c): pass", "with a as b: pass", "with (a): pass",
]:
    allowed = []
    for minor in range(4, 15):
        try:
            ast.parse(source, feature_version=(3, minor))
            allowed.append(minor)
        except SyntaxError:
            pass
    print(repr(source), allowed[:1])
for source in ["v = 1", "if v: pass", "def f(a, *b): return g(1)", "a.b.c.d", "f(x)(y)"]:
    print(ast.parse(source))
