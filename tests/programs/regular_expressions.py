# Not under gc: it imports much of the library.
# What patterns match: each kind of operation, in texts of one, two and four bytes a character, and in bytes.
import re


def show(pattern, text, flags=0):
    compiled = re.compile(pattern, flags)
    found = compiled.search(text)
    shown = None if found is None else (found.regs, found.lastindex)
    print(ascii(pattern), ascii(text), shown, ascii(compiled.findall(text)))


WIDTHS = ["", "\u0436", "\U0001F600"]
CASES = [
    ("a.c", "xabca\nc"), ("(?s)a.c", "a\nc"), ("^b$", "a\nb\n"), ("(?m)^b$", "a\nb\nc"), (r"\Ab|b\Z", "bab"),
    (r"\bab\b", "ab abc ab"), (r"\Bb", "ab b"), ("[^a-c]+", "abcdefabc"), ("[a-c[]+", "x[abc"), (r"[\d\s]+", "a1 2b"),
    ("(a)|(b)", "ba"), ("(a|ab)(c|bcd)(d*)", "abcd"), ("(?:a|b)*c", "ababc"), ("(a*)*", "aab"), ("(a*)+b", "aab"),
    ("a{2,3}", "aaaaa"), ("a{2,3}?", "aaaaa"), ("(ab){2}", "ababab"), ("(?:ab){1,2}?c", "ababc"), ("a*?b", "aaab"),
    (r"(.)\1", "abccba"), (r"(?i)(a)\1", "xaA"), ("(a)?(?(1)b|c)", "ab c"), ("(?=ab)a", "acab"), ("a(?!b)", "abac"),
    ("(?<=a)b", "bab"), ("(?<!a)b", "abb"), ("(?>a*)ab", "aaab"), ("(?>a+)b", "aaab"), ("a*+a", "aaa"), ("a++b", "aab"),
    ("(?:ab)++c", "ababc"), ("(?:a|ab)*+c", "abc"), ("(?P<n>a)(?P=n)", "aab"), ("(?:(a)|b)*", "ab"), ("(?:(a)|(b)|c)*", "abc"),
    ("x*", "axb"), ("(?:x|)+y", "xxy"), ("((?:a|b)+?)c", "abac"), ('"[^"]*"', 'say "a" and "b"'), ("abcabd", "abcabcabd"),
    (r"\w+\s+\w+", "one two three"), ("[abc]x[^abc]y", "bxdy"), ("(?i)[a-z]+", "aBc1Z"), ("(?i:a)b", "Ab aB"),
    (r"(?:){3}b", "ab"), ("(?:a?){200}b", "aab"), ("(?!)", "a"), (r"(?:(?=(a))a)+", "aab"), ("(?:a(?:b(?:c)?)?)+", "ababcabc"),
]
for pattern, text in CASES:
    results = set()
    for extra in WIDTHS:
        found = re.search(pattern, text + extra) if not pattern.endswith(("$", r"\Z")) else re.search(pattern, text)
        results.add(None if found is None else (found.regs, found.lastindex))
    as_bytes = re.search(pattern.encode(), text.encode())
    results.add(None if as_bytes is None else (as_bytes.regs, as_bytes.lastindex))
    print(ascii(pattern), ascii(text), len(results), results.pop())

print("case")
show("(?i)stra\u00dfe", "STRASSE Stra\u00dfe STRA\u1e9eE")
show("(?i)k", "kK\u212a")
show("(?ia)k", "kK\u212a")
show("(?i)[^k]", "kK\u212ax")
show("(?i)\u0436+", "\u0436\u0416\u0436")
show("(?i)\u03c3", "\u03a3\u03c3\u03c2")
show("(?i)\U00010400", "\U00010428\U00010400")
show("(?i)[\U00010400-\U00010402]", "\U00010428x\U0001042a\U0001042b")
show(b"(?iL)a", b"aA\xe4")

print("categories")
show(r"\w+", "\u00e9t\u00e9 \u4e00\u4e8c_1 \u0660")
show(r"(?a)\w+", "\u00e9t\u00e9 ab")
show(r"\d+", "12\u0661\u0662 \u00b2")
show(r"\s+", "a \u00a0\u2003\tb\x1c")
show(r"(?a)\s+", "a \u00a0\u2003\tb\x1c")
show(r"[\W\d]", "a1 \u00e9")
show(r"[\u0400-\u04ff\u4e00]+", "ab\u0436\u4e00c")
show("[\u0100\u0200\u0300\u0400\u0500-\u0600\uffff]", "a\u0200\u0580\uffff")
show(r"[\s\S]", "ab")
show(r"\B", "")
show(r"\b", "")

print("long")
print(re.match("(?:a|b)*", "ab" * 50000).end(), re.match("(?:ab)*?$", "ab" * 50000).end(), re.match("(?:(?:a)|b)*+", "ab" * 50000).end())
print(re.search("(?:x+x+)+y", "x" * 15), len(re.findall("a|b", "ab" * 5000)), re.sub("(a)(b)?", r"\2\1", "ab" * 3 + "a"))
print(re.search("b", "a" * 100000 + "b").start(), re.search("\u0436b", "\u0436" * 1000 + "b").span(), re.search("ab", "a" * 1000 + "b").span())
