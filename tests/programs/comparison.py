import sys
class Cmp:
    def __init__(self, v, log):
        self.v, self.log = v, log
    def __lt__(self, o):
        self.log.append(("lt", self.v))
        return NotImplemented
    def __gt__(self, o):
        self.log.append(("gt", self.v))
        return "truthy"
log = []
print(Cmp(1, log) < Cmp(2, log), log)
print(1 < 2.5, 2 ** 70 > 1e10, 2 ** 70 == 2.0 ** 70, 2 ** 53 + 1 == float(2 ** 53), (1, 2) < (1, 2, 0), [1] == (1,), "a" == b"a", None == 0, 1 == True)
for a, b in [(1, "a"), (None, None), ([], ()), ({}, {}), (1j, 2j), ("a", b"a"), (object, 1)]:
    try:
        a < b
    except TypeError as e:
        print(e)
print({1: 2} == {1: 2.0}, [1, [2]] == [1, [2]], (1, (2,)) != (1, (2,)), "abc" == "abd", float("nan") != float("nan"))

def count(n):
    a = b = c = d = e = f = 0
    for i in range(n):
        x = i % 17 if i < 3000 else float(i % 17) if i < 3500 else 2 ** 70 + i % 17
        y = 8
        if x < y: a += 1
        if x <= y: b += 1
        if x == y: c += 1
        if x != y: d += 1
        if x > y: e += 1
        if x >= y: f += 1
    return a, b, c, d, e, f

def strings(n):
    words = ["apple", "banana", "apple", "cherry", "ap" + "ple"]
    eq = lt = same = 0
    for i in range(n):
        a, b = words[i % 5], words[(i * 3 + 1) % 5]
        eq += a == b
        lt += a < b
        same += a in ("apple", "fig")
    return eq, lt, same

def chained(n):
    t = 0
    for i in range(n):
        if 10 < i < 3000 <= i + 1500 != 4000:
            t += 1
        if 0 <= i % 10 < 5 > i % 3:
            t += 10
    return t

def identity(n):
    items = [None, 0, "", None, False]
    out = [0] * 4
    for i in range(n):
        x = items[i % 5]
        out[0] += x is None
        out[1] += x is not None
        out[2] += not x
        out[3] += x is False
    return out

print(count(4000), strings(4000), chained(4000), identity(4000))
