# needs: pygments
from pygments import highlight, lex
from pygments.formatters import HtmlFormatter, NullFormatter, TerminalFormatter
from pygments.lexers import JsonLexer, PythonLexer, get_lexer_by_name, guess_lexer_for_filename
from pygments.token import Token

code = 'def f(x: int = 0x1F):\n    """doc"""\n    return f"{x!r:>{10}}" + \'s\'  # note\n\n@d\nclass A(B): pass\n'
for kind, text in lex(code, PythonLexer()):
    print(kind, repr(text))
print(highlight(code, PythonLexer(), HtmlFormatter(linenos=False)))
print(repr(highlight("a = 1\n", PythonLexer(), TerminalFormatter())))
print(highlight('{"a": [1, true, null, "x\\n"]}', JsonLexer(), HtmlFormatter(nowrap=True)))
for name in ("c", "html", "bash", "rust", "javascript", "sql", "yaml"):
    lexer = get_lexer_by_name(name)
    print(lexer.name, len(list(lexer.get_tokens("int main() { return 0; } // <a href='x'>select 1</a>"))))
print(guess_lexer_for_filename("x.py", "import a").name, Token.Name.Function in Token.Name)
