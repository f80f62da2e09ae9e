class Key:
    eqs = 0
    def __init__(self, v):
        self.v = v
    def __hash__(self):
        return self.v % 8
    def __eq__(self, other):
        Key.eqs += 1
        return isinstance(other, Key) and self.v == other.v
    def __repr__(self):
        return f"K{self.v}"

d = {}
for i in range(3000):
    k = Key(i % 40)
    d[k] = d.get(k, 0) + 1
print(len(d), d[Key(7)], Key(41) in d, Key.eqs > 0, list(d)[:3])
m = {1: "int", 1.5: "f", "1": "str", (1, 2): "t", None: "n", True: "bool", b"1": "b", 2 ** 70: "big"}
print(m, m[1.0], m[True], m[(1, 2)], m[None], m[2 ** 70], len(m))
print({0: 1, False: 2, 0.0: 3}, {float("nan"): 1}.get(float("nan")), hash((1, 2)) == hash((1, 2)), hash("a") == hash("a"), hash(2 ** 61 - 1), hash(-1), hash(-2), hash(2 ** 61))

class Bad:
    def __hash__(self):
        return "x"
class NoHash:
    def __eq__(self, o):
        return True
class Raises:
    def __hash__(self):
        return 1
    def __eq__(self, other):
        raise ValueError("eq")

for f in (lambda: {Bad(): 1}, lambda: {NoHash(): 1}, lambda: {Raises(): 1, Raises(): 2}, lambda: hash([])):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

class Default(dict):
    def __missing__(self, k):
        self[k] = v = k * 2
        return v

dd = Default()
print(dd[4], dd["ab"], dd, dd.get("zz"))

def kinds(n):
    d = {}
    keys = [1, "1", 1.5, (1,), None, 2 ** 65, b"1", frozenset([1])]
    for i in range(n):
        k = keys[i % len(keys)] if i > 3000 else i % 10
        d[k] = d.get(k, 0) + 1
    return sorted(map(repr, d.items()))

print(kinds(5000))

def two_sum(n):
    data = [(i * 7919) % 4001 for i in range(n)]
    seen = {}
    pairs = 0
    for i, x in enumerate(data):
        if 4001 - x in seen:
            pairs += 1
        seen[x] = i
    return pairs, len(seen)

print(two_sum(4000))
