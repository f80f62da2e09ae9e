# Sources of some length, as deep as they can be, are compiled where the program runs, also far down in its recursion.
import sys


def compiled(text):
    try:
        compile(text, "source", "exec")
        return "compiled"
    except (SyntaxError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {error.args[0]}"


FORMS = {
    "signs": lambda n: "-" * n + "1",
    "inverted": lambda n: "x = " + "~" * n + "y",
    "annotation": lambda n: "x: " + "-" * n + "y",
    "brackets": lambda n: "(" * n + "1" + ")" * n,
    "attributes": lambda n: "a" + ".b" * n,
    "calls": lambda n: "f" + "()" * n,
    "sum": lambda n: "1" + "+a" * n,
    "comparison": lambda n: "a" + "<a" * n,
    "nots": lambda n: "not " * n + "x",
    "choices": lambda n: "if a: b\n" + "elif a: b\n" * (n // 5),
}
for name, form in FORMS.items():
    for n in (150, 300, 1000, 3000):
        if name != "brackets" or n < 200:
            print(name, n, compiled(form(n)))


def deep(n):
    return deep(n - 1) if n else [compiled(form(900)) for name, form in FORMS.items() if name != "brackets"]


sys.setrecursionlimit(3000)
print(deep(2500))


class Deep:
    def __repr__(self):
        # On the native stack.
        global depth
        depth += 1
        if depth < 150:
            return "<" + repr([Deep()]) + ">"
        found.append(compiled("-" * 2000 + "1"))
        return "end"


depth, found = 0, []
repr(Deep())
print(found)
