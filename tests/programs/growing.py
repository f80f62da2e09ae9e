# Lists, dicts and sets that grow: what they hold does not depend on what is allocated in between.


def lists(n, garbage):
    kept = []
    for i in range(n):
        kept.append(i)
        if garbage and i % garbage == 0:
            kept.append([i] * (i % 7))
    return len(kept), kept[:5], kept[-3:], sum(x for x in kept if type(x) is int)


def two_at_once(n):
    a, b = [], []
    for i in range(n):
        a.append(i)
        if i % 3:
            b.append(-i)
    return sum(a), sum(b), len(a), len(b)


def comprehensions(n):
    return [len([j for j in range(i)]) + len([[j] for j in range(i)]) for i in range(n)]


def dicts(n, step):
    d = {}
    for i in range(n):
        d[i * step] = i
    for i in range(0, n, 3):
        del d[i * step]
    for i in range(n):
        d[-i * step - 1] = i
    return len(d), sum(d), sum(d.values()), [k for k in d][:4], [k for k in d][-4:]


def dicts_side_by_side(n):
    a, b = {}, {}
    for i in range(n):
        a[str(i)] = i
        b[i] = str(i)
    return len(a), len(b), a[str(n - 1)], b[n // 2], list(a)[:3], list(b)[-3:]


def sets(n):
    small = [set(range(-i, i)) for i in range(n)]
    signs = {i for i in range(-50, 50)}
    return [len(s) for s in small], len(signs), all(-i in signs for i in range(50)), 50 in signs, -51 in signs


def emptied(n):
    items, table, members = [], {}, set()
    found = []
    for i in range(n):
        items.append(i)
        table[i] = i
        members.add(i)
        if i % 10 == 9:
            found.append((len(items), len(table), len(members), sum(items), sum(table), sum(members)))
            items.clear()
            table.clear()
            members.clear()
    empty = [], {}, set(), list(), dict()
    return found[-1], len(items), empty, [] is [], [[], []]


def numbers_of_all_sizes():
    keys = [0, 1, -1, -2, 2**47, -(2**47), 2**48, -(2**48), 2**60, -(2**60), 2**100, 1.5, -1.5, 1e300, "a", (1, -1)]
    d = {k: i for i, k in enumerate(keys)}
    d[1.0] = "one"
    d[True] = "true"
    return [d[k] for k in keys], len(d), 2.0**47 in d, float(2**60) in d, 2**60 + 1 in d


for n in (0, 1, 4, 5, 9, 100, 3000):
    print(lists(n, 0), lists(n, 1), lists(n, 50), two_at_once(n))
    print(dicts(n, 1), dicts(n, 64), dicts(n, 1 << 40))
print(sum(comprehensions(200)))
print(dicts_side_by_side(2000))
print(sets(40))
print(emptied(1000))
print(numbers_of_all_sizes())
