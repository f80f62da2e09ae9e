# needs: ply
import ply.lex as lex
import ply.yacc as yacc

tokens = ("NUMBER", "PLUS", "TIMES", "LPAREN", "RPAREN")
t_PLUS, t_TIMES, t_LPAREN, t_RPAREN = r"\+", r"\*", r"\(", r"\)"
t_ignore = " "


def t_NUMBER(t):
    r"\d+"
    t.value = int(t.value)
    return t


def t_error(t):
    print("illegal", t.value[0])
    t.lexer.skip(1)


precedence = (("left", "PLUS"), ("left", "TIMES"))


def p_binary(p):
    """expr : expr PLUS expr
            | expr TIMES expr"""
    p[0] = p[1] + p[3] if p[2] == "+" else p[1] * p[3]


def p_group(p):
    "expr : LPAREN expr RPAREN"
    p[0] = p[2]


def p_number(p):
    "expr : NUMBER"
    p[0] = p[1]


def p_error(p):
    print("syntax error", p)


lexer = lex.lex()
lexer.input("1+ 22*$3")
print([(token.type, token.value) for token in lexer])
parser = yacc.yacc(debug=False, write_tables=False)
print(parser.parse("2 + 3 * (4 + 1)", lexer=lex.lex()), parser.parse("2 +", lexer=lex.lex()))
