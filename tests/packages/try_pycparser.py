# needs: pycparser
from pycparser import c_ast, c_generator, c_parser

tree = c_parser.CParser().parse("typedef int T; struct S { T a; char *b[3]; };\nint f(T x, ...) { for (int i = 0; i < x; i++) { if (i % 2) continue; x += i; } return x ? -x : 0; }")
print(c_generator.CGenerator().visit(tree))


class Names(c_ast.NodeVisitor):
    def visit_FuncDef(self, node):
        print("function", node.decl.name, len(node.body.block_items))


Names().visit(tree)
try:
    c_parser.CParser().parse("int x = ;")
except Exception as error:
    print(type(error).__name__, error)
