# Escapes that mean nothing and numbers that run into a word are warned of once each, as errors they point at the place; a
# syntax error knows the last statement before it and the source.
import ast
import warnings


def seen(source, reader=compile, **options):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        try:
            reader(source, "<text>", "exec", **options)
        except SyntaxError as error:
            print("  ", error.msg)
    for warning in found:
        print(repr(source), warning.category.__name__, warning.lineno, str(warning.message)[:44])


for source in [
    r"'\d'", r"b'\u'", r"'\u0041\N{DIGIT ONE}'", r"r'\d'", r"f'\d{1}'", r"f'{1}\d'", r"f'\{{'", r"f'{1:\d}'", r"t'\d'", r"'\777'",
    r"rf'\d{1}'", "\n'''a\n\\z\\y'''", r"f'\{6*7}'", r"f'{1+1}\}}'", r"'\é'", "'a' '\\q' \"\\w\"", "'\\\n'", r"'\\d'", "'\\e' $",
    "0x1for x in y", "1if 1else 2", "a = 1or 2", "1.5if 1else 2jor 1", "0b1and 1", "x = 'a1if'", "0o7in y",
]:
    seen(source)
seen(r"'\d'", lambda source, file, mode: ast.parse(source, file, mode))
with warnings.catch_warnings():
    warnings.simplefilter("error")
    for source in ["'''\n\\z'''", "x = '\\407'"]:
        try:
            compile(source, "<text>", "eval" if source[0] == "'" else "exec")
        except SyntaxError as error:
            print(error.msg, error.filename, error.lineno)

for source in [
    "def foo():\n  returm result", "for a in b:\n  pass\nelso:\n  pass", "if x:\n  pass\nelseif y:\n  pass", "a = 1\nwith b:\n  c\nd = 2\ne f",
    "x = '''\n  y\n'''\nfrom\n", "try:\n  a\nexcept b:\n  c\nd e", "class A:\n  def f(self):\n    a = 1\n    b c",
]:
    try:
        compile(source, "<text>", "exec")
    except SyntaxError as error:
        print(error._metadata[0], error._metadata[2] == source + "\n" * (not source.endswith("\n")), repr(error.text))
for source in ['return "ä"', '# é\nyield 1', 'x: int = 1\ndef f(): global x; x: int']:
    try:
        compile(source, "<text>", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset, error.end_offset, error.text)
