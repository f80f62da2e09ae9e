"""Kernels of text: regular expressions, files, methods of str and what is built on them."""

from samples import TEXT, WORDS


# re


def re_match_short():
    import re

    match = re.compile(r"(\w+)\s+(\w+)").match
    return lambda: match("hello world and more").group(2)


def re_module_match():
    import re

    return lambda: re.match(r"(\d+)-(\d+)", "123-456")


def re_search_literal():
    import re

    search = re.compile("minuteX|bookX").search
    return lambda: search(TEXT)


def re_search_prefix():
    import re

    search = re.compile(r"pages of (\w+)").search
    return lambda: search(TEXT)


def re_alternation():
    import re

    findall = re.compile(r"fox|dog|books|pages").findall
    return lambda: findall(TEXT)


def re_findall_words():
    import re

    findall = re.compile(r"\w+").findall
    return lambda: findall(TEXT)


def re_class():
    import re

    findall = re.compile(r"[A-Za-z0-9_.]+[,.]").findall
    return lambda: findall(TEXT)


def re_ignore_case():
    import re

    findall = re.compile(r"fox|the LAZY", re.I).findall
    return lambda: findall(TEXT)


def re_finditer_groups():
    import re

    finditer = re.compile(r"(?P<word>[a-z]+) (?P<next>[a-z]+)").finditer
    return lambda: [m.group("word", "next") for m in finditer(TEXT)]


def re_sub_string():
    import re

    sub = re.compile(r"\s+").sub
    return lambda: sub("-", TEXT)


def re_sub_template():
    import re

    sub = re.compile(r"(\w+) (\w+)").sub
    return lambda: sub(r"\2 \1", TEXT)


def re_sub_function():
    import re

    sub = re.compile(r"\w+").sub
    return lambda: sub(lambda m: m.group().upper(), TEXT)


def re_split_commas():
    import re

    split = re.compile(r"[,\s]+").split
    return lambda: split(TEXT)


def re_backtracking():
    import re

    match = re.compile(r"(a*)*b").match
    return lambda: match("a" * 14)


def re_lazy():
    import re

    findall = re.compile(r"<(.+?)>").findall
    text = "<one> two <three four> five " * 40
    return lambda: findall(text)


def re_lookaround():
    import re

    findall = re.compile(r"(?<=\s)\w+(?=\s)").findall
    return lambda: findall(TEXT)


def re_wide():
    import re

    findall = re.compile(r"\w+").findall
    text = "中文 слово naïve \U0001f600 word " * 60
    return lambda: findall(text)


def re_bytes():
    import re

    findall = re.compile(rb"[a-z]+").findall
    text = TEXT.encode()
    return lambda: findall(text)


def re_tokenizer():
    import re

    pattern = re.compile(r"(?P<num>\d+(\.\d*)?)|(?P<id>[A-Za-z_]\w*)|(?P<op>[-+*/=<>!]=?)|(?P<skip>[ \t]+)|(?P<bad>.)")
    source = "x = 3.5 * (y + alpha_1) - 42 / z >= 17 " * 20
    return lambda: [(m.lastgroup, m.group()) for m in pattern.finditer(source)]


# files and text


def _file(text, name="kernels.tmp"):
    import os
    import tempfile

    path = os.path.join(tempfile.gettempdir(), f"{os.getpid()}-{name}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    import atexit

    atexit.register(lambda: os.path.exists(path) and os.remove(path))
    return path


def io_file_lines():
    path = _file((TEXT[:90] + "\n") * 500)

    def run():
        with open(path, encoding="utf-8") as file:
            return sum(len(line) for line in file)

    return run


def io_file_bytes_lines():
    path = _file((TEXT[:90] + "\n") * 500)

    def run():
        with open(path, "rb") as file:
            return sum(len(line) for line in file)

    return run


def io_file_read():
    path = _file(TEXT * 10)

    def run():
        with open(path, encoding="utf-8") as file:
            return file.read()

    return run


def io_file_write():
    path = _file("", "written.tmp")

    def run():
        with open(path, "w", encoding="utf-8") as file:
            for _ in range(300):
                file.write("a line of text\n")

    return run


def io_text_wrapper():
    import io

    def run():
        file = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        for i in range(200):
            file.write("naïve line\n")
        file.flush()

    return run


def io_print():
    import io

    def run():
        file = io.StringIO()
        for i in range(100):
            print("row", i, 1.5, file=file)
        return file.getvalue()

    return run


def io_stringio():
    import io

    def run():
        file = io.StringIO()
        for i in range(200):
            file.write("line\n")
        file.seek(0)
        return [line for line in file]

    return run


def io_bytesio():
    import io

    def run():
        file = io.BytesIO()
        for i in range(200):
            file.write(b"line\n")
        file.seek(0)
        while file.read(64):
            pass

    return run


# str


def str_format():
    return lambda: "{} is {:>8.2f} and {name!r:<10}".format("x", 3.14159, name="n")


def str_percent():
    return lambda: "%s is %8.2f and %-10r %05d" % ("x", 3.14159, "n", 42)


def str_fstring():
    x, y = 42, 3.14159
    return lambda: f"{x:>6} {y:.3f} {x!r} {y:e} {x:,}"


def str_join_split():
    return lambda: ",".join(TEXT.split())


def str_splitlines():
    text = "one line\n" * 100
    return lambda: [line.strip() for line in text.splitlines()]


def str_replace_find():
    return lambda: (TEXT.replace("fox", "cat"), TEXT.find("minuteX"), TEXT.count("the"))


def str_case():
    return lambda: [word.upper().lower().title().startswith("T") for word in WORDS]


def str_translate():
    table = str.maketrans("abc", "xyz")
    text = "aabbcc plain" * 20
    return lambda: text.translate(table)


def str_encode_decode():
    return lambda: TEXT.encode("utf-8").decode("utf-8")


def str_to_numbers():
    texts = [str(i * 37) for i in range(50)] + [str(i / 7) for i in range(50)]
    return lambda: [float(text) for text in texts]


def str_template():
    from string import Template

    template = Template("$who likes ${what} for $$5")
    return lambda: template.substitute(who="tim", what="kung pao")


def textwrap_fill():
    import textwrap

    text = TEXT[:800]
    return lambda: textwrap.fill(text, 60)


def textwrap_dedent():
    import textwrap

    text = "    line\n      more\n    end\n" * 10
    return lambda: textwrap.dedent(text)


def difflib_ratio():
    from difflib import SequenceMatcher

    return lambda: SequenceMatcher(None, TEXT[:120], TEXT[30:140]).ratio()


def shlex_split():
    import shlex

    return lambda: shlex.split("command --option='a b' \"c d\" plain")


def html_escape():
    import html

    return lambda: html.unescape(html.escape('<a href="x">Tom & Jerry</a>'))


def urllib_parse():
    from urllib.parse import quote, urlencode, urlsplit

    return lambda: (
        urlsplit("https://user@example.com:80/a/b?x=1#f").netloc,
        quote("a b/é"),
        urlencode({"a": 1, "b": "x y"}),
    )
