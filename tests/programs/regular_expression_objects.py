# Not under gc: it imports much of the library.
# Patterns, matches, scanners and templates as objects; what goes wrong with them.
import _sre
import copy
import re


def attempt(function, *args, **kwargs):
    try:
        print(ascii(function(*args, **kwargs)))
    except Exception as error:
        print(type(error).__name__, error)


p = re.compile(r"(?P<first>\w)(?P<second>\d)?", re.I | re.M)
print(p, p.flags, p.groups, p.groupindex, p.pattern)
print(re.compile(b"x", re.S | re.X), re.compile("a", re.A), re.compile("a" * 300), re.compile("a\nb'"))
print(p == re.compile(r"(?P<first>\w)(?P<second>\d)?", re.I | re.M), p != re.compile("x"), p == 1, hash(p) == hash(copy.copy(p)))
print(copy.copy(p) is p, copy.deepcopy(p) is p, re.Pattern[str], re.Match[bytes])
m = p.search("--a1--", 1)
print(m, m.group(), m.group(0, 1, "second"), m[1], m["second"], m.groups(), m.groupdict(), m.regs)
print(m.start(), m.end("first"), m.span(2), m.pos, m.endpos, m.lastindex, m.lastgroup, m.string, m.re is p)
print(copy.copy(m) is m, copy.deepcopy(m) is m, m.expand(r"<\1\g<second>\n>"), ascii(m.expand("plain")))
n = p.match("x")
print(n.groups(), n.groups("-"), n.groupdict(0), n.span(2), n.start("second"), n[2], n.lastindex, n.lastgroup)
for bad in (3, -1, "third", 1.5, None, [], 1 << 80):
    attempt(m.group, bad)
    attempt(m.start, bad)
attempt(lambda: m["nope"])
attempt(re.Pattern)
attempt(re.Match)
attempt(lambda: m.groups(1, 2))

print("pos and endpos")
q = re.compile("^b|b$")
print(q.search("abab", 1), q.search("abab", 0, 2), q.match("bb", 1), q.fullmatch("ab", 1, 2), q.search("b", 5), q.search("b", -5, 50))
print(re.compile("").search("abc", 2, 1), re.compile("").findall("abc", 2, 1), re.compile("b").findall("abcb", endpos=3))
print([x.span() for x in re.compile("").finditer("abc", 1, 2)], re.compile("(?<=a)b").search("ab", 1))

print("sub")
print(re.sub("x*", "-", "abxd"), re.sub("a", lambda found: found.group().upper(), "banana", count=2), re.subn("(.)", r"\1\1", "ab"))
print(re.sub("(a)|b", r"[\1]", "ab"), re.sub(r"\s", r"\\", "a b"), re.sub("a", "\\\\n", "a"), re.sub(b"a", b"\\g<0>b", b"ca"))
print(re.sub("q", "x", "same"), re.sub("b*", "\u0436", "abc"), re.sub("\u0436", "", "a\u0436b").isascii(), re.sub("a", lambda found: None, "bab"))
attempt(re.sub, "a", lambda found: 5, "aba")
attempt(re.sub, "a", b"x", "a")
attempt(re.sub, "a", 5, "a")
attempt(re.sub, "a", r"\2", "a")
attempt(re.sub, "a", r"\g<x>", "a")
attempt(re.sub, b"a", "x", b"a")
attempt(re.sub, b"a", bytearray(b"\\g<0>x"), b"a")
attempt(re.sub, "a", lambda found: 1 / 0, "a")

print("split, findall, finditer")
print(re.split(r"(,)|;", "a,b;c"), re.split("", "ab"), re.split("x", "axbxc", maxsplit=1), re.split(b"-", b"a-b"), re.compile("x").split("axb", -1))
print(re.findall("(a)(b)?", "aba"), re.findall("(a)|b", "ab"), re.findall(rb"\w", bytearray(b"a-b")), re.findall(b"a", memoryview(b"aba")))
it = re.finditer("a", "aXa")
print(type(it).__name__, iter(it) is it, next(it).span(), next(it).span(), next(it, None), next(it, None))
s = re.compile("a|").scanner("ab")
print(type(s), s.pattern, [s.match(), s.match(), s.match(), s.search(), s.search(), s.search()])

print("kinds")
attempt(re.search, "a", b"a")
attempt(re.search, b"a", "a")
attempt(re.search, "a", 5)
attempt(p.match)
attempt(p.match, "a", "b")
attempt(p.match, string="a1", pos=1)
class Text(str):
    pass
t = Text("abc")
print(type(re.match("abc", t).group()), type(re.sub("z", "", t)), re.match("a", t).string is t)
b = bytearray(b"xax")
it = re.finditer(b"a", b)
try:
    b.extend(b"more" * 100)
except BufferError as error:
    print("BufferError", error)
print(list(it), len(b))
b.extend(b"more")
m = re.search(b"a", b)
b[1:2] = b"QQ"
print(m.group(), m)
def clear(found):
    try:
        b.clear()
    except BufferError:
        return b"!"
print(re.sub(b"Q", clear, b))

print("code")
print(_sre.MAGIC, _sre.CODESIZE, _sre.getcodesize())
print(_sre.ascii_iscased(65), _sre.ascii_iscased(0xE9), _sre.unicode_iscased(0xE9), _sre.ascii_tolower(65), _sre.unicode_tolower(0x416), _sre.unicode_tolower(0x130))
for code in ([], [0], [1], [99, 1], [17, 1], [18, 9, 1], [14, 100, 0, 0, 0, 1], [7, 5, 16, 2, 1], [24, 3, 0, 5, 1], [25, 4, 5, 1, 2, 1, 1],
             [14, 7, 1, 1, 1, 9, 1, 97, 0, 1], [13, 3, 22, 0, 1], [12, 0, 1], [11, 4, 1], [30, 2, 1], [27, 2, 0, 1], [4, 4, 0, 2, 1]):
    attempt(_sre.compile, "x", 0, code, 0, {}, ())
attempt(_sre.compile, "x", 0, ["a"], 0, {}, ())
attempt(_sre.compile, "x", 0, (1,), 0, {}, ())
attempt(_sre.template, p, [])
attempt(_sre.template, p, ["a", 1])
attempt(lambda: type(_sre.template(p, ["a", 1, "b"])))
attempt(re.compile, "(")
attempt(re.compile, "a**")
attempt(re.compile, 5)

print("scanner of the library")
scanner = re.Scanner([(r"\d+", lambda scanner, text: int(text)), (r"\w+", lambda scanner, text: text), (r"\s+", None)])
print(scanner.scan("abc 12 d-"))
