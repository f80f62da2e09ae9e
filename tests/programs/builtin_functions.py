print(abs(-5), abs(-2.5), all([]), any([]), bin(5), chr(97), divmod(7, 3), len("abc"), max(1, 3, 2), min([4, 2]), max("ab", key=ord), max([], default=7), pow(2, 10), round(2.5), sum([1, 2], 10))
print(list(enumerate("ab", 1)), list(zip("ab", [1, 2])), list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(None, [0, 1, "", "a"])), list(reversed("abc")), sorted([3, 1]), isinstance(1, (str, int)), issubclass(bool, int))
print(type(1) is int, id(1) == id(1), callable(len), hasattr("a", "upper"), repr("a"), ascii("é"), ord("a"), hash("") == hash(""), iter([1]).__next__(), slice(1, 2), complex(1, 2) * 2, (1 + 2j).conjugate(), abs(3 + 4j))
for f in (lambda: max([]), lambda: min(), lambda: sum(["a"]), lambda: sum("ab"), lambda: chr(-1), lambda: chr(0x110000), lambda: ord("ab"), lambda: len(5), lambda: round("a"), lambda: abs("a"), lambda: max(1, "a"), lambda: isinstance(1, 5), lambda: int("x"), lambda: sorted(5), lambda: range("a"), lambda: hash({}), lambda: getattr(5, 5), lambda: float("x"), lambda: list(5), lambda: dict(5), lambda: tuple(5), lambda: set(5), lambda: str(1, 2, 3, 4), lambda: print(bogus=1), lambda: zip(1), lambda: divmod("a", 1), lambda: bytes(-1), lambda: "a".join(5), lambda: [].sort(5), lambda: type("X"), lambda: type(1, 2), lambda: super().x, lambda: object(1)):
    try:
        print("no error", f())
    except Exception as e:
        print(type(e).__name__, e)
print(1, 2, sep="-", end="!\n")
print("a", None, 1.0, [1, "x"], sep="|")
print()
print(*range(3), sep="")

def hot(n):
    t = 0
    for i in range(n):
        t += abs(i - n // 2) + max(i, 5) + min(i, 7) + len(str(i)) + ord(chr(65 + i % 26)) + int(i / 2) + (i if isinstance(i, int) else 0) + sum((1, 2, i)) + round(i / 3) + pow(i, 2, 7) + bool(i) + hash(i) % 5
    return t

def types(n):
    out = {}
    for i in range(n):
        v = [i, float(i), str(i), None, (i,), [i], {i}, {i: i}][i % 8 if i > 2000 else 0]
        k = type(v)
        out[k] = out.get(k, 0) + 1
    return [(k.__name__, v) for k, v in out.items()]

print(hot(3500), types(4000))

# Bools are numbers among others in a sum.
print(sum([True] * 5), sum([True, False, 2.5]), sum([True, 2**62, 2**62, True]), sum([False], True), sum(iter([True, 10**30, False])))
try:
    sum([True, "a"])
except TypeError as error:
    print(error)
