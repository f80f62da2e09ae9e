# Trees whose strings have lone surrogates, compiled: constants, parts of formatted strings, keys, patterns, tuples.
import ast

SOURCE = r'''
x = "\ud800"
y = f"a\udc80{x}b\udcff\\"
z = {"\ud800": b"\xff", "\udfff\U0001f600'\"\n": 2}
match x:
    case "\ud800":
        w = 1
    case _:
        w = 2


def f(a="\udc41"):
    return a + "\udc42", ("\udc43", (1, "\udc44"))


v = f()
u = "plain \ufffd", "\ud800" == chr(0xD800)
'''


def show(namespace):
    for name in "xyzwvu":
        print(name, ascii(namespace[name]))


tree = ast.parse(SOURCE)
print(ascii(tree.body[0].value.value), ascii(tree.body[1].value.values[0].value))
for code in SOURCE, compile(tree, "tree", "exec"), compile(ast.parse(SOURCE.replace("\n\n", "\n" * 40)), "tree", "exec"):
    namespace = {}
    exec(code, namespace)
    show(namespace)

constant = ast.Constant("\udfff\U0001f600")
made = ast.Module([ast.Assign([ast.Name("q", ast.Store())], constant, lineno=1, col_offset=0)], [])
exec(compile(ast.fix_missing_locations(made), "made", "exec"), namespace)
print(ascii(namespace["q"]))
constant = ast.Constant(("\ud801", 1.5, ("\ud802", None, b"\xff")), lineno=7, col_offset=3, end_lineno=7, end_col_offset=9)
print(ascii(eval(compile(ast.fix_missing_locations(ast.Expression(constant)), "made", "eval"))))
print(eval(compile(ast.parse("'\\ud800' == chr(0xd800)", mode="eval"), "made", "eval")))
