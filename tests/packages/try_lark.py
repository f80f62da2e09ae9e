# needs: lark
from lark import Lark, Transformer, UnexpectedInput, v_args

grammar = """
?start: sum
?sum: product | sum "+" product -> add | sum "-" product -> sub
?product: atom | product "*" atom -> mul | product "/" atom -> div
?atom: NUMBER -> number | "-" atom -> neg | "(" sum ")"
%import common.NUMBER
%import common.WS_INLINE
%ignore WS_INLINE
"""


@v_args(inline=True)
class Compute(Transformer):
    from operator import add, sub, mul, truediv as div, neg
    number = float


for parser in ("lalr", "earley"):
    lark = Lark(grammar, parser=parser)
    print(lark.parse("1 + 2 * (3 - -4)").pretty())
    print(Compute().transform(lark.parse("1 + 2 * (3 - -4) / 7")))
    try:
        lark.parse("1 + * 2")
    except UnexpectedInput as error:
        print(type(error).__name__, error.line, error.column)
