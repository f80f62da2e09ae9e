s = "hello, wörld 🐍"
print(len(s), s[0], s[-1], s[7:12], s[::-1], s[::2], s[100:], s[-3:], s[5:2], s[-100:3])
print(s.upper(), s.title(), s.capitalize(), s.swapcase(), "ß".upper(), "İ".lower() == "i̇", "ﬁ".upper())
print(s.find("o"), s.rfind("o"), s.find("zz"), s.index("w"), s.count("l"), "wör" in s, "x" not in s, "" in s)
print(s.replace("l", "L"), s.replace("l", "", 1), s.split(), s.split(","), "a,b,,c".split(","), " a  b ".split(), "a b c".rsplit(" ", 1))
print("abc".center(9, "*"), "abc".ljust(5) + "|", "abc".rjust(5), "42".zfill(5), "-42".zfill(5), "a\tb".expandtabs(4))
print("  x ".strip(), "xxaxx".strip("x"), "xxa".lstrip("x"), "axx".rstrip("x"), "prefix-a".removeprefix("prefix-"), "a.py".removesuffix(".py"))
print("a\nb\r\nc".splitlines(), "a\nb".splitlines(True), "a-b-c".partition("-"), "a-b-c".rpartition("-"), "abc".partition("z"))
print("abc".isalpha(), "12".isdigit(), "a1".isalnum(), " ".isspace(), "Ab".istitle(), "ab".islower(), "é".isidentifier(), "½".isnumeric())
print("abc" * 3, "abc" * 0, -1 * "a", "a" "b", "a" < "b", "a" < "B", "abc" < "abcd", "é" > "z", "🐍" > "\uffff")
print(repr("a'b"), repr('a"b'), repr("a'\"b"), repr("\n\t\\\x00\x7f\x80é🐍\ud800"), ascii("é🐍"), ord("🐍"), chr(128013), ord("a"))
print("abc".startswith("ab"), "abc".startswith(("x", "a")), "abc".endswith("bc", 1), "-".join(["a", "b"]), "".join(c for c in "xyz"))
print("a{}b{}".format(1, 2), "{1}{0}".format("a", "b"), "{x:>5}|{y!r:<6}|".format(x=1, y="q"), "%s %d %5.2f %r %%" % ("a", 3, 2.5, "z"), "%(k)s" % {"k": 1})
print("abc".translate({97: "A", 98: None}), str.maketrans("ab", "xy"), "Straße".casefold(), "abc".encode(), "é".encode("latin-1"), b"\xc3\xa9".decode())
for f in (lambda: "abc"[3], lambda: "abc".index("z"), lambda: "a" + 1, lambda: "a" * "b", lambda: "abc".__getitem__("a"), lambda: "é".encode("ascii"), lambda: "-".join([1])):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

def scan(text, n):
    vowels = 0
    word = ""
    longest = ""
    for i in range(n):
        c = text[i % len(text)]
        if c in "aeiouö":
            vowels += 1
        if c == " " or c == ",":
            if len(word) > len(longest):
                longest = word
            word = ""
        else:
            word += c
    return vowels, longest, len(word)

print(scan(s, 5000))
print(scan("ascii only text, no more", 5000))
