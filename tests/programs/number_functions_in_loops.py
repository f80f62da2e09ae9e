# float, int, abs, min, max and isinstance of numbers in loops that get hot.


def floats(n):
    total = 0.0
    for i in range(n):
        total += float(i) + float(i * 0.5)
    return total


print(floats(2000), float(-0.0), type(float(True)))


def ints(n):
    total = 0
    for i in range(-n, n):
        total += int(i / 3) + int(i)
    return total


print(ints(1000))


def wide(n):
    total = 0
    for i in range(n):
        total += int(2.0 ** (i % 70)) + int(-(2.0 ** (i % 70)))
        total += int(2.0 ** (i % 70))
    return total


print(wide(2000))


def refused(n):
    kinds = {}
    for i in range(n):
        x = [1.5, float("nan"), float("inf"), -float("inf")][i % 4]
        try:
            kinds[int(x)] = kinds.get(int(x), 0) + 1
        except (ValueError, OverflowError) as error:
            kinds[str(error)] = kinds.get(str(error), 0) + 1
    return kinds


print(refused(400))


def magnitudes(n):
    total = 0
    for i in range(-n, n):
        total += abs(i) - abs(-i * 2) + abs(i * 0.25)
    return total, abs(-(2**63)), abs(-(2**48))


print(magnitudes(1000))


def edges(n):
    values, total = [-(2**48), 2**48 - 1, -(2**63), 5, -5], 0
    for i in range(n):
        total += abs(values[i % 5])
    return total


print(edges(1000))


def smaller(n):
    low = high = 0
    for i in range(n):
        low += min(i, 500) + min(500, i) + min(i, -i)
        high += max(i, 500) + max(-0.5, i * 0.25) + max(i % 7, i % 5)
    return low, high


print(smaller(1500))
nan = float("nan")


def firsts(n):
    seen = []
    for i in range(n):
        x, y = [(0.0, -0.0), (-0.0, 0.0), (nan, 1.0), (1.0, nan), (1, 1.0), (True, 1)][i % 6]
        seen = (seen + [min(x, y), max(x, y)])[-12:]
    return seen


print(firsts(600))


class Number(float):
    pass


class Whole(int):
    pass


def kinds(n):
    counts = {}
    for i in range(n):
        for value in (i, i * 0.5, None, i % 2 == 0, "a", (i,), 2**70, Number(i), Whole(i), nan):
            for kind in (int, float, bool, str, tuple, type(None), Number, Whole, object):
                if isinstance(value, kind):
                    counts[kind.__name__] = counts.get(kind.__name__, 0) + 1
    return counts


print(kinds(60))


def derived(n):
    total = 0
    for i in range(n):
        total += float(Number(i)) + int(Whole(i)) + abs(Whole(-i)) + Number(i) + (type(Number(i)) is Number)
        total += type(float(Number(i))) is float and type(int(Whole(i))) is int
    return total


print(derived(500))
