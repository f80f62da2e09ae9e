# Not under gc: it makes too much.
# Methods of strings whose characters take one, two and four bytes, and of those that become wider and narrower.
import unicodedata

ALPHABETS = ["ab\xe9\xdf ", "\xe9\xe8\xff\xb5\xdf", "a\u0438\u0416\u4e2d ", "\u03a3\u03c3\u03c2\u0391x", "\U0001f600a\u4e2d\U0001f601\xe9", "\u01c5\u0130\ufb01\u0149i\u0307"]
state = 1


def number(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return (state >> 8) % n


def text(alphabet, n):
    return "".join(alphabet[number(len(alphabet))] for _ in range(n))


def naive_find(s, part, start, end):
    end = min(end, len(s))
    for at in range(start, end - len(part) + 1):
        if all(s[at + i] == part[i] for i in range(len(part))):
            return at
    return -1


def naive_rfind(s, part, start, end):
    end = min(end, len(s))
    for at in range(end - len(part), start - 1, -1):
        if all(s[at + i] == part[i] for i in range(len(part))):
            return at
    return -1


wrong = n_found = 0
for turn in range(700):
    s = text(ALPHABETS[turn % 6], number(150))
    part = text(ALPHABETS[number(6) if turn % 5 == 0 else turn % 6], 1 + number(4))
    if turn % 3 == 0 and len(s) > 8:
        at = number(len(s) - 4)
        part = s[at:at + 1 + number(4)]
    start, end = number(20), 10 + number(160)
    found = s.find(part, start, end)
    n_found += found >= 0
    wrong += found != naive_find(s, part, start, end) or s.rfind(part, start, end) != naive_rfind(s, part, start, end)
    wrong += (part in s) != (naive_find(s, part, 0, 1000) >= 0)
    pieces = s.split(part)
    wrong += part.join(pieces) != s or s.count(part) != len(pieces) - 1 or s.rsplit(part, 2) != [part.join(pieces[:-2])] * (len(pieces) > 2) + pieces[-2:] and part * 2 not in s
    new = text(ALPHABETS[number(6)], number(3))
    wrong += s.replace(part, new) != new.join(pieces)
    head, sep, tail = s.partition(part)
    wrong += head + sep + tail != s or (sep == part) != (part in s)
    head, sep, tail = s.rpartition(part)
    wrong += head + sep + tail != s or len(head) != max(s.rfind(part), 0)
    for fill in "*\xe9\u4e2d\U0001f600":
        width = number(200)
        missing = max(width - len(s), 0)
        wrong += s.ljust(width, fill) != s + fill * missing or s.rjust(width, fill) != fill * missing + s
        left = missing // 2 + (missing & width & 1)
        wrong += s.center(width, fill) != fill * left + s + fill * (missing - left)
    wrong += s.upper() != "".join(c.upper() for c in s) or s.casefold() != "".join(c.casefold() for c in s)
    wrong += "\u03a3" not in s and s.lower() != "".join(c.lower() for c in s)
    wrong += [s.encode(c, "surrogatepass").decode(c, "surrogatepass") for c in ("utf-8", "utf-16", "utf-16-be", "utf-32", "utf-32-le", "utf-7", "unicode_escape")] != [s] * 7
    wrong += s.startswith(s[:5]) + s.endswith(s[-5:]) != 2 or s[3:][::-1][::-1] != s[3:] or s.removeprefix(s[:3]) != s[3:]
    wrong += hash(s) != hash("".join(list(s))) or (s + part)[: len(s)] != s or s * 3 != s + s + s
print(wrong, n_found)

total = 0
for turn in range(600):
    s = text(ALPHABETS[turn % 6], number(60)) + ("\ud800" if turn % 7 == 0 else "")
    results = [s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold(), s.isupper(), s.islower(), s.istitle(), s.isalpha(),
               s.isalnum(), s.isnumeric(), s.isspace(), s.isprintable(), s.isidentifier(), ascii(s), repr(s), s.strip(), s.split(), s.rsplit(None, 2),
               s.expandtabs(3), s.splitlines(), s.strip("a\xe9\u0438"), s.encode("ascii", "backslashreplace"), s.encode("latin-1", "xmlcharrefreplace"),
               s.encode("cp1252", "replace"), s.encode("utf-8", "replace"), s.translate({0xE9: "e", 0x438: None, 0x4E2D: "\U0001f600"}), f"{s:*^70}", "%-65s|" % s]
    results += [unicodedata.normalize(form, s) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    results += [unicodedata.is_normalized(form, s) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    for result in results:
        for c in ascii(result):
            total = (total * 31 + ord(c)) % 1_000_000_007
    if turn % 100 < 2:
        print(ascii(results[:8]), ascii(results[30:]))
print(total)

for s in ("\u1112\u1161\u11ab \ud55c\u11ab", "e\u0301\u0327 a\u0323\u0302b", "\u212b\u2126 \ufb03 \xb2 \u0132", "\u0438\u0306 \u0419", "q\u0307\u0323\ud800\u0301", "\u30ab\u3099 \u304b\u3099"):
    print([ascii(unicodedata.normalize(form, s)) for form in ("NFC", "NFD", "NFKC", "NFKD")], [unicodedata.is_normalized(form, s) for form in ("NFC", "NFD", "NFKC", "NFKD")])

# Text that was put together piece by piece is repeated and cut as other text is.
for piece in ("ab", "\xe9b", "\u0438b", "\U0001f600b"):
    s = ""
    for i in range(3000):
        s += piece + str(i)
    t = s * 3
    print(len(t), t == s + s + s, t[: len(s)] == s, t.count(piece), ascii(t[-9:]), s.upper().lower() == s)
print("\t\u0438\t\n\tab\t".expandtabs(4).encode("unicode_escape"), "\u0438".zfill(5), "-\u0438".zfill(5))
print("\u0391\u03a3 \u03a3\u0391 \u03a3".lower(), "\u0391\u03a3.\u03a3".title(), "\xdf\ufb01\u0149".upper(), "\xdf\u01c6\ufb01x".title(), "\u01c5\u01c6\u01c4".swapcase())
