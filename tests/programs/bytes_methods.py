# Every method of bytes and bytearray, on ordinary and odd arguments.
class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Derived(bytes):
    pass


def shown(value):
    if isinstance(value, (list, tuple)):
        return type(value)(shown(item) for item in value)
    return value


def ask(owner, name, *args, **kwargs):
    try:
        result = getattr(owner, name)(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return result


texts = [b"", b"aXbXc", b"  two words\t\n", b"Title Case 9z", b"\x00\x80\xff", b"-42", b"tab\tbed\r\nline\n\x0bx"]
plain = "capitalize title swapcase upper lower isalnum isalpha isascii isdigit islower isspace istitle isupper strip lstrip rstrip splitlines split rsplit expandtabs hex".split()
for text in texts:
    for owner in (text, bytearray(text)):
        print([ask(owner, name) for name in plain])

print("with arguments")
calls = [
    ("center", 9), ("center", 10, b"*"), ("ljust", 9, bytearray(b"-")), ("rjust", 9), ("rjust", 3, b""), ("center", 9, "x"), ("zfill", 9), ("zfill", Index(4)),
    ("find", b"X"), ("find", 88), ("find", 300), ("find", "X"), ("rfind", b"X", -2), ("index", b"?"), ("rindex", b"X", None, 3), ("find", b"", 99), ("count", b"X"),
    ("count", 88, 2), ("count", b"", 1, 3), ("count", bytearray(b"X"), Index(0), 10**30), ("startswith", b"a"), ("startswith", (b"q", bytearray(b"aX"))),
    ("startswith", "a"), ("startswith", ("a",)), ("endswith", memoryview(b"c")), ("endswith", b"", 9), ("endswith", b"X", 0, 2), ("split", b"X"), ("split", b"X", 1),
    ("split", b""), ("split", "X"), ("rsplit", b"X", 1), ("rsplit", None, 0), ("split", None, 1), ("partition", b"X"), ("rpartition", b"X"), ("partition", b"??"),
    ("rpartition", b"??"), ("partition", b""), ("removeprefix", b"aX"), ("removesuffix", b"Xc"), ("removesuffix", 3), ("replace", b"X", b"--"), ("replace", b"", b".", 2),
    ("replace", b"X", b"", Index(1)), ("replace", "X", b""), ("translate", None, b"X"), ("translate", bytes.maketrans(b"abc", b"ABC")), ("translate", b"short"),
    ("join", [b"1", bytearray(b"2"), memoryview(b"3")]), ("join", [b"1", "2"]), ("join", 3), ("strip", b"ac"), ("lstrip", memoryview(b"aX")), ("rstrip", 99),
    ("hex", ":"), ("hex", b"_", 2), ("hex", "-", -2), ("hex", "ab"), ("hex", 3), ("hex", "\u0394"), ("expandtabs", 3), ("splitlines", True), ("decode", "ascii"),
    ("decode", "latin-1"), ("decode", "nonsense"), ("__contains__", 97), ("__contains__", 256), ("__contains__", "a"), ("__add__", bytearray(b"!")), ("__add__", "!"),
    ("__mul__", 2), ("__mul__", -1), ("__mul__", "2"), ("__getitem__", 9), ("__getitem__", slice(None, None, -2)), ("__getitem__", "a"), ("__mod__", 1),
]
for text in (b"aXbXc", b"Xa\tX  X\r\nXc"):
    for owner in (text, bytearray(text)):
        for name, *args in calls:
            print(name, ask(owner, name, *args))

print("constructors")
for cls in (bytes, bytearray, Derived):
    for args in ((), (3,), (-1,), (Index(2),), ([1, 2, 255],), ([256],), (["a"],), ((n for n in (7, 8)),), ("é", "utf-8"), ("é", "ascii"), ("é", "ascii", "replace"), ("é",),
                 (b"a", "ascii"), (memoryview(b"abcd")[::2],), (bytearray(b"xy"),), (3.5,), (None,), ("a", 3)):
        try:
            print(cls.__name__, cls(*args))
        except Exception as error:
            print(cls.__name__, type(error).__name__, error)
    for source in ("00 ff", " 0a\t0B\n", "0", "0g", "é", bytearray(b"aabb"), memoryview(b"cc"), 3):
        print(cls.__name__, ask(cls, "fromhex", source))
for source in (b"ab", b"", 3):
    print(ask(bytes, "maketrans", source, b"xy")) if source != b"ab" else print(bytes.maketrans(b"ab", b"xy")[95:100])

print("identity, types")
text = b"plain"
print(text.strip() is text, text.replace(b"?", b"!") is text, text[:] is text, text * 1 is text, bytes(text) is text, text.ljust(2) is text, text.partition(b"?")[0] is text)
derived = Derived(b"ab")
derived.note = "kept"
print(derived, type(derived.strip()), type(derived[:]), derived.note, type(derived + b"c"), derived == b"ab", hash(derived) == hash(b"ab"), {derived: 1}[b"ab"])
print(type(bytearray(b"a") + b"b"), type(b"a" + bytearray(b"b")), b"ab" == bytearray(b"ab"), bytearray(b"ab") < memoryview(b"b"), b"ab" < bytearray(b"b"), b"a" == "a")
for f in (lambda: bytes.upper(bytearray(b"x")), lambda: bytearray.upper(b"x"), lambda: b"a" < memoryview(b"b"), lambda: bytes.__new__(int), lambda: bytearray.__new__(bytes)):
    try:
        print(f())
    except TypeError as error:
        print(error)
print(b"%s-%b|%5.2s|%c%c|%r" % (b"x", bytearray(b"y"), b"abc", 65, b"B", b"z"), bytearray(b"%d") % 7)
for template, values in ((b"%b", "x"), (b"%c", 256), (b"%c", b"ab"), (b"%c", "x"), (b"%d", b"1"), (b"%s", ()), (b"", b"x")):
    try:
        print(template % values)
    except Exception as error:
        print(type(error).__name__, error)
print(int(bytearray(b" 12 ")), int(memoryview(b"7")), float(bytearray(b"1.5")), int(bytearray(b"ff"), 16), ord(bytearray(b"a")), str(bytearray(b"ab"), "ascii"), eval(bytearray(b"1 + 1")))
print([name for name in dir(bytes) if name not in dir(object)] == [name for name in dir(bytearray) if name not in dir(object) and name in dir(bytes)] + ["__bytes__"][:0] or sorted(set(dir(bytes)) - set(dir(bytearray))))


def hot(rounds):
    total = 0
    data = b"k1=v1;k2=v2;k3=v3"
    for i in range(rounds):
        for pair in data.split(b";"):
            key, _, value = pair.partition(b"=")
            if key.startswith(b"k") and not value.endswith(b"3"):
                total += value.find(49) + key.count(b"k") + len(value.upper().center(5))
    return total


print(hot(600))
