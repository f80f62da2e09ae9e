# Sources to trees, trees to sources, and trees to code.
import ast

SOURCES = [
    "@dec\nasync def f[T: int = str, *Ts](a, /, b=2, *args, c, **kw) -> None:\n    async with a as b, c: await d\n",
    "class C(B, metaclass=M):\n    x: int = 1\n    (y): str\n",
    "if a: b\nelif c: d\nelse: e\n",
    "try: a\nexcept* E as e: b\nfinally: c\n",
    "match x:\n    case [1, *_] | {'k': v, **r} | P(1, x=-2+3j) as z if g: pass\n",
    "f(x for x in y)\nü = 'é' f'{a!r:>{w}}{b=}', t'{c}'\n",
    "type X[T] = list[T]\nlambda x, *y, z=1: (yield)\n",
]
for source in SOURCES:
    tree = ast.parse(source)
    print(ast.dump(tree, include_attributes=True))
    print(ast.unparse(tree))
    print(ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(tree))
print(ast.dump(ast.parse("a = 2 * 3 + x", optimize=1)))
print(ast.literal_eval("{'a': [1, -2.5, (None, b'x')]}"))


class Doubled(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.BinOp(node, ast.Mult(), ast.Constant(2)), node)


tree = ast.fix_missing_locations(Doubled().visit(ast.parse("def f(x):\n    return x + 20\n\nr = f(1)\n")))
names = {}
exec(compile(tree, "doubled", "exec"), names)
print(names["r"])
for _ in range(3):
    print(eval(compile(ast.Expression(tree.body[1].value), "e", "eval"), names))
for wrong in ("return", "x = = 1", "'abc", "from __future__ import nope", "f(a for a in b, c)"):
    try:
        print(ast.dump(ast.parse(wrong)))
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset)
