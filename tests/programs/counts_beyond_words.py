# Numbers that no word holds where a count or a place is asked for.
import re
import sys

HUGE = 2**70
text, data, pattern = "a b a", b"a b a", re.compile("a")
CALLS = {
    "replace": lambda n: text.replace("a", "c", n),
    "split": lambda n: text.split(None, n),
    "rsplit": lambda n: text.rsplit(" ", n),
    "split of bytes": lambda n: data.split(b" ", n),
    "match": lambda n: pattern.match(text, n),
    "search": lambda n: pattern.search(text, 0, n),
    "findall": lambda n: pattern.findall(text, n),
    "finditer": lambda n: list(pattern.finditer(text, n)),
    "sub": lambda n: pattern.sub("c", text, n),
    "split by pattern": lambda n: pattern.split(text, n),
    "find": lambda n: text.find("a", n),
    "slice": lambda n: text[:n],
    "recursion limit": lambda n: sys.setrecursionlimit(n),
}
for name, call in CALLS.items():
    for n in [HUGE, -HUGE]:
        try:
            print(name, call(n))
        except (OverflowError, ValueError) as error:
            print(name, type(error).__name__, error)
for i in range(100):
    assert text.split(None, 2**30) == ["a", "b", "a"] and text.replace("a", "c", 2**30) == "c b c"
    assert pattern.findall(text, -(2**30)) == ["a", "a"]
