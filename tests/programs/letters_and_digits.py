# Case and properties of characters as Unicode has them, and arguments that messages name.
for text in ["\u1fb3", "\u1fbc", "\u0345", "\u01c6", "a\u0345\u03c3", "\ufb01", "\u1e9e", "\u0390"]:
    print(*map(ascii, (text.title(), text.capitalize(), text.casefold(), text.swapcase(), text.upper())))
for text in ["\U0001d7f6", "\U00011066", "\u2460", "\u00b2", "\u4e00", "\u0345", "\u2155"]:
    print(text.isdigit(), text.isdecimal(), text.isnumeric(), text.isalpha(), text.isalnum(), text.isprintable())
print(int("\U0001d7f6\U0001d7d8"), float("\u0661.\u0662"))


def show(function, *arguments, **keywords):
    try:
        result = function(*arguments, **keywords)
        print(type(result).__name__, ascii(result))
    except Exception as error:
        print(type(error).__name__, error)


class Text(str):
    pass


class Shown:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


show(repr, Shown(Text("abc")))
show(ascii, Shown(Text("abc")))
show(ascii, Shown(Text("\xe9")))
show(repr, Shown(5))
show(str, b"x", "utf8", encoding="x")
show(int, b"12a")
show(int, b"12\0", 16)
show("%c".__mod__, Shown(""))
show(b"%c".__mod__, Shown(""))
show(format, 1, "z")
show(format, 1.5, "._,f")
show(format, 1.5, ".,_f")
show("{}".format_map, {})
show("{0}".format_map, {})
show(exec, "1", 5)
show(exec, "1", {}, 5)
show(eval, "1", {}, 5)
show(eval, "1", 5)
show(type(show), show.__code__, {}, "n", 5)
union = int | str
show(lambda: union | 3)
show(lambda: "x" | union)
show(lambda: (lambda **keywords: keywords)(**{1: 2}, **{1: 3}))


def leave(*status):
    import sys
    try:
        sys.exit(*status)
    except SystemExit as error:
        return error.code, error.args


for status in ((), (None,), (1,), ((1,),), ((1, 2),)):
    show(leave, *status)
print(type(object.__init__).__name__, type(object().__init__).__name__, type([].__init__).__name__)
