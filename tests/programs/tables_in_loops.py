"""Dicts and sets in hot loops: lookups, set operations, iteration, and keys whose comparisons run Python code."""


class Key:
    """Equal to an int, by Python code."""

    log = []

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        Key.log.append(self.n)
        return self.n == (other.n if isinstance(other, Key) else other)

    def __repr__(self):
        return f"Key({self.n})"


def found(container, items):
    return [item in container for item in items] + [item not in container for item in items[-3:]]


items = list(range(-2, 30)) * 3 + [1.0, True, None, "x", "", (1, 2), (1, (2, "x")), Key(3), 2.5, float("nan"), -1, 2**70]
for container in (
    list(range(20)),
    tuple(range(12)),
    set(range(5)),
    set(range(25)),
    frozenset(range(3)),
    dict.fromkeys(range(40)),
    {1.0, True, None, "x", (1, 2), Key(7)},
    [None, "x", (1, (2, "x")), 2.5, Key(29)],
    {2**70: 1, -1: 2, "": 3},
):
    answer = found(container, items)
    print(len(answer), sum(answer), answer[-15:])
print(len(Key.log))

try:
    found({1, 2}, [1] * 90 + [[]])
except TypeError as error:
    print(error)


def subsets(pairs):
    n = 0
    for left, right in pairs:
        n += left <= right
        n += (left >= right) * 3
    return n


small, large, odd = frozenset(range(5)), set(range(40)), frozenset([1, 3, Key(5)])
print(subsets([(small, large)] * 50 + [(large, small), (odd, large), (large, odd), (set(), small)] * 10))
try:
    subsets([(small, large)] * 80 + [(small, [1])])
except TypeError as error:
    print(error)


def algebra(left, right, rounds):
    total = 0
    for i in range(rounds):
        both = left & right
        rest = left - right
        total += len(both) * 100 + len(rest)
        if i == rounds - 1:
            return total, type(both).__name__, type(rest).__name__, sorted(map(str, both)), len(left | right), len(left ^ right)


print(algebra(set(range(30)), frozenset(range(20, 40)), 99))
print(algebra(frozenset(range(3)), set(range(20, 300)), 99))
print(algebra(frozenset([1, 2, Key(3)]), {3, 4}, 99))
print(algebra(set(range(400)), set(range(0, 600, 3)), 60)[:3])


class Changer:
    """Changes the set that it is in while it is compared."""

    target = None
    armed = False

    def __hash__(self):
        return 1

    def __eq__(self, other):
        if Changer.armed:
            Changer.armed = False
            Changer.target.discard(7)
            Changer.target.add(1000)
        return False


def changed(rounds):
    for i in range(rounds):
        s = {7, 8, 9, Changer()}
        Changer.target = s
        Changer.armed = i == rounds - 1
        rest = s - {1, 2}
    return len(s), len(rest)


print(changed(80))


def lookups(table, keys):
    total = 0
    for key in keys:
        try:
            total += table[key]
        except KeyError as error:
            total -= 1
            missing = error.args
    return total, missing


class Missing(dict):
    def __missing__(self, key):
        return 1000


table = {i: i * i for i in range(50)}
table.update({"a": 1, (1, 2): 5, 2.5: 7, None: 9})
keys = list(range(50)) * 3 + ["a", (1, 2), 2.5, None, 1.0, Key(4), "b", (3, 4), True, 99]
print(lookups(table, keys))
print(lookups(Missing(table), [1] * 70 + ["no"]) if False else Missing(table)["no"])


def walk(table):
    keys, values, items = [], 0, 0
    for i in range(60):
        for key in table:
            keys.append(key)
        for value in table.values():
            values += value
        for key, value in table.items():
            items += len(str(key)) + value
        if i == 20:
            del table[3]
        if i == 30:
            table[3] = 5
        if i == 40:
            table.pop(0), table.pop(11, None)
    return len(keys), keys[-5:], values, items


print(walk({i: i for i in range(12)}))
print(walk({i: i for i in range(5)}))


def elements(sets):
    seen = []
    for s in sets:
        for element in s:
            seen.append(element)
    return sum(seen), len(seen)


print(elements([frozenset(range(5)), {1, 2}, set(), set(range(20)), {1: 2}, [3], (4,)] * 20))


def resized(rounds):
    for i in range(rounds):
        table = {1: 2, 3: 4, 5: 6}
        try:
            for key in table:
                if i == rounds - 1:
                    table[key + 100] = 1
        except RuntimeError as error:
            print(error)
        s = {1, 2, 3}
        iterator = iter(s)
        next(iterator)
        if i >= rounds - 2:
            s.discard(3)
        try:
            for element in iterator:
                pass
        except RuntimeError as error:
            print(error)
            s.add(3)
            try:
                next(iterator)
            except RuntimeError as error:
                print("still:", error)


resized(90)


def extremes(containers):
    out = []
    for c in containers:
        try:
            out.append((min(c), max(c)))
        except (ValueError, TypeError) as error:
            out.append(str(error))
    return out


print(extremes([[3, 1, 2], {5, 4}, (1.5, -2.5), frozenset([9])] * 30 + [[], [1, 2.5], ["b", "a"], {1: 2, 0: 3}, [1, "a"], [True, 0], [2**70, 1], "hello"])[-9:])


def many(n):
    """Enough insertions and removals to move entries about in every size of index."""
    table, s = {}, set()
    state = 12345
    for i in range(n):
        state = (state * 1103515245 + 12345) % 2**31
        key = state % 700
        if state & 1024:
            table[key] = i
            s.add(key)
        else:
            table.pop(key, None)
            s.discard(key)
        if i % 50 == 0:
            while len(s) > 300:
                s.pop()
    return len(table), sum(table), sum(table.values()), all(key in table for key in list(table)), len(s) <= 350


print(many(6000))


def drained(n):
    total = 0
    for i in range(n):
        table = {j: j for j in range(i % 40)}
        while table:
            total += table.popitem()[1]
            if len(table) % 3 == 1:
                total += table.pop(next(iter(table)))
        table[i] = 1
        total += len(table.copy()) + len(dict(table)) + len(set(range(i % 300)).copy())
    return total


print(drained(150))
