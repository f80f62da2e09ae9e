# Items of arrays in loops that get hot: read, written and iterated over.
from array import array

nan = float("nan")


def sums(values, n):
    total = 0
    for _ in range(n):
        for value in values:
            total += value
        for nth, value in enumerate(values):
            total += nth * value
    return total


for code in "bBhHiIlLqQ":
    print(code, sums(array(code, [1, 2, 3, 100, 127]), 100))
for code in "fd":
    print(code, sums(array(code, [0.5, 2.25, -3.0]), 100))
print(sums(array("Q", [2**64 - 1, 2**63]), 60), sums(array("q", [-(2**63), 2**63 - 1]), 60))


def texts(values, n):
    total = ""
    for _ in range(n):
        for value in values:
            total = value + total[:20]
    return total


print(texts(array("w", "añ𝄞"), 100))


def grows(n):
    values, seen = array("i", [0]), 0
    for value in values:
        seen += 1
        if len(values) < n:
            values.append(value + 1)
    return seen, values[-1]


print(grows(2000))


def shrinks(n):
    values, seen = array("i", range(n)), 0
    for value in values:
        seen += value
        values.pop()
    return seen, len(values)


print(shrinks(2001))


def exhausted(n):
    values = array("h", [1, 2])
    iterator, total = iter(values), 0
    for i in range(n):
        for value in iterator:
            total += value
        values.append(3)
    return total, list(iterator)


print(exhausted(500))


def nans(code, n):
    values = array(code, [0.0] * 4)
    for i in range(n):
        values[i % 4] = nan if i % 2 else -nan
    return values.tobytes().hex(), [value is nan for value in values], nan in values.tolist()


print(nans("d", 1000), nans("f", 1000))
view = memoryview(array("d", [nan]))
view[0] = nan
print(view.tobytes().hex(), array("d", [nan, -nan]).tobytes().hex())


class Numbers(array):
    pass


def derived(n):
    values, total = Numbers("d", [1.0, 2.0]), 0.0
    for i in range(n):
        for value in values:
            total += value
        values[i % 2] = float(i)
    return total, values


print(derived(400))
