# Ints of more than 48 bits where a small one would do: as indexes, in ranges, in what is made anew when a trace is left.


def indexes(n):
    x, lengths = 0, 0
    for i in range(n):
        x += 2**37 + 1
        items = [7, 8]
        items.insert(-x, i)
        items.insert(x, i + 1)
        lengths += items[0] == i and items[-1] == i + 1
        try:
            items.pop(x)
        except IndexError:
            lengths += 1
        try:
            items[-x]
        except IndexError:
            lengths += 1
        lengths += len(items[-x:x]) + len("abc"[x:]) + len((1, 2)[-x:])
    return lengths


def use(i, g):
    return sum(g) if i % 40 == 39 else 0


def ranges(n):
    n_wrong, k = 0, 2**45
    for i in range(n):
        k = k + k if i % 17 else 2**45
        total = use(i, (x for x in range(k, k + 3)))
        n_wrong += total not in (0, 3 * k + 3)
        backwards = use(i, (x for x in reversed(range(k, k + 3))))
        n_wrong += backwards not in (0, 3 * k + 3)
        stepped = use(i, (x for x in range(k, 3 * k, k)))
        n_wrong += stepped not in (0, 3 * k)
    return n_wrong


def counted(n):
    numbers = []
    for start in (2**48 - n // 2, 2**63 - n // 2, -(2**63) - n // 2, 2**64):
        last = 0
        for number, i in enumerate(range(n), start):
            if number - start != i:
                numbers.append(i)
            last = number
        numbers.append(last)
    return numbers


def stepping(n):
    ends = []
    for wide in (range(0, 2**80, 2**51), range(2**63, -(2**70), -(2**52)), range(-(2**63) - 2000, -(2**63) + 2000)):
        for direction in (iter, reversed):
            last = before = None
            for i, x in zip(range(n), direction(wide)):
                if before is not None and abs(x - before) != abs(wide.step):
                    ends.append((i, x))
                before = last = x
            ends.append(last)
    return ends


class Pair:
    def __init__(self, a, b):
        self.a, self.b = a, b


def made_when_left(n):
    total, k = 0, 2**46
    for i in range(n):
        k = k * 3 if i % 9 else 2**46 + i
        pair, couple, box = Pair(k, -k), (k, k + 1), [k]
        if i % 31 == 30:
            total += pair.a - couple[0] + pair.b + box[0] + couple[1]
        if i % 64 == 63:
            total = total % 1000003
    return total


def widths(n):
    # Through every width, up and down.
    found, x = 0, 1
    for i in range(n):
        x = x * 2 + i % 2 if x < 2**70 else i % 5
        found = (found * 31 + x % 1009 + (x >> 3) % 11 + (x & 255)) % 1000003
        y = -x
        while y < -(2**45):
            y //= 8
        found += y
    return found


def halved(n):
    # What is negative grows when it is shifted.
    total = 0
    for i in range(n):
        y = -(i % 97) * 2**42 - 1
        while y < -1000:
            y >>= 1 + i % 3
        total += y
        y = -(i % 89) * 2**45 - 1
        while y < -(2**44):
            y //= 8
        total += y
    return total


print(indexes(2000))
print(ranges(2000))
print(counted(1000))
print(stepping(1200))
print(made_when_left(2000))
print(widths(1000))
print(halved(1000))
for k in (47, 48, 49, 52, 61, 62, 63):
    top = 2**k
    r = range(-5, top, 3)
    print(k, r[-1], r[top // 7 : -1 : top // 9], r[:: -(top // 5)], top - 7 in r, r.index(r[-2]))
    try:
        print(len(range(top)), len(r), range(top).__len__())
    except OverflowError:
        print("beyond words")
    print(slice(-top, top, top // 3).indices(top * 3), slice(None, None, -top).indices(2 * top))
    print(iter(range(top)).__length_hint__(), iter(range(top * 2)).__length_hint__())
for call in (lambda: [].insert(2**63, 1), lambda: [1].pop(-(2**63) - 1), lambda: "" * 2**63, lambda: [] * -(2**63 + 1)):
    try:
        print(call())
    except OverflowError:
        print("too large")
print(list(reversed(range(2**63 - 2, 2**63 + 2))), list(enumerate("ab", -(2**63) - 1)))
