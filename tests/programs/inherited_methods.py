# Subclasses of built-in types, comparisons by identity, iterators that are called: in hot loops, and when that changes.


class Items(list):
    pass


class Pair(tuple):
    pass


def total(items):
    result = 0
    for item in items:
        result += item
    return result


def grow(n):
    items = Items()
    for i in range(n):
        items.append(i)
        if len(items) > 5:
            items.pop(0)
        if items:
            last = items.pop()
            items.insert(0, last)
    return items, len(items), type(items).__name__


print(grow(3000))
items = Items([1, 2, 3])
items.label = "x"
for _ in range(3000):
    t = total(items)
print(t, total(Pair((1, 2))), total([4]))


# Their iteration, length and truth change while loops run.
class Odd(list):
    pass


def use(odd, n):
    seen = []
    for i in range(n):
        s = 0
        for x in odd:
            s += x
        seen.append((s, len(odd), bool(odd)))
        if i == n // 2:
            Odd.__iter__ = lambda self: iter([10, 20])
        if i == n // 2 + 1:
            Odd.__len__ = lambda self: 0
        if i == n // 2 + 2:
            Odd.__bool__ = lambda self: True
    return [seen[0], seen[n // 2], seen[n // 2 + 1], seen[n // 2 + 2], seen[-1]]


print(use(Odd([1, 2, 3]), 3000))


# `==` and `!=` of plain objects, until their class says what they are.
class Plain:
    def __init__(self, n):
        self.n = n


class Other:
    pass


def equals(things, n):
    counts = []
    for k in range(3):
        same = different = none = 0
        for i in range(n):
            a, b = things[i % 3], things[(i + i % 2) % 3]
            if a == b:
                same += 1
            if a != b:
                different += 1
            if a == None or None != a:
                none += 1
        counts.append((same, different, none))
        if k == 0:
            Plain.__eq__ = lambda self, other: isinstance(other, Plain)
        elif k == 1:
            Plain.__ne__ = lambda self, other: "yes"
    return counts


print(equals([Plain(1), Plain(2), Other()], 3000))


# Iterators in Python: exhausted, raising, and over again.
class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        if self.n < 0:
            raise ValueError("negative")
        self.n -= 1
        return self.n


class Indexed:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, index):
        if index >= self.n:
            raise IndexError(index)
        return index * 2


def iterate(n):
    result = 0
    errors = 0
    for i in range(n):
        for x in Countdown(i % 4):
            result += x
        else:
            result += 100
        for x in Indexed(i % 3):
            result += x
        for key, value in {1: 2, 3: 4}.items():
            result += key * value
        for a, b in zip([1, 2], (3, i % 5)):
            result += a * b
        for x in map(abs, (-1, i % 2)):
            result += x
        for x in filter(None, (0, i % 2, 3)):
            result += x
        for x in reversed([1, 2, i % 3]):
            result += x
        try:
            for x in Countdown(-1 if i % 10 == 0 else 0):
                pass
        except ValueError:
            errors += 1
    return result, errors


print(iterate(2000))


def nexts(n):
    result = []
    iterator = iter([])
    for i in range(n):
        for x in iterator:
            result.append(x)
            break
        else:
            iterator = iter({i, i + 1})
    return len(result), sum(result)


print(nexts(3000))
