a, b = {1, 2, 3}, {3, 4}
print(a & b, sorted(a | b), sorted(a - b), sorted(a ^ b), a <= {1, 2, 3, 4}, a < a, a >= {1}, a.isdisjoint({9}), {1} == {1.0})
a.add(5)
a.discard(99)
a.remove(1)
a.update([7, 8], (9,))
a -= {7}
a &= {2, 3, 8, 100}
print(sorted(a), len(a), 2 in a, frozenset([1, 2]) == {1, 2}, hash(frozenset([1, 2])) == hash(frozenset([2, 1])), set("aab") == {"a", "b"})
for f in (lambda: set().pop(), lambda: {1}.remove(2), lambda: {[]}, lambda: {1} | [2], lambda: {{1}}):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
print(set(), frozenset(), {1}.union([2], {3}) == {1, 2, 3}, {1, 2}.intersection([2]), {1, 2}.symmetric_difference([2, 3]) == {1, 3}, {frozenset([1])})

def life(n):
    cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
    for _ in range(n):
        counts = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy:
                        p = (x + dx, y + dy)
                        counts[p] = counts.get(p, 0) + 1
        cells = {p for p, c in counts.items() if c == 3 or c == 2 and p in cells}
    return sorted(cells)

def visited(n):
    seen = set()
    x = 1
    steps = 0
    while x not in seen:
        seen.add(x)
        x = (x * x + 1) % n
        steps += 1
    return steps, x

def membership(n):
    odd = set(range(1, n, 2))
    hits = 0
    for i in range(n):
        if i in odd:
            hits += 1
            odd.discard(i + 2)
    return hits, len(odd)

print(life(40), visited(1000003), membership(4000))
