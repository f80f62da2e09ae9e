# Garbage of every shape, so that a collector has work while hot loops run.
class Node:
    def __init__(self, v):
        self.v = v
        self.links = []
        self.me = self

def cycles(n):
    t = 0
    prev = Node(0)
    for i in range(n):
        node = Node(i)
        node.links.append(prev)
        prev.links.append(node)
        t += prev.links[0].v if prev.links else 0
        if i % 10 == 0:
            prev = Node(-i)
        else:
            prev = node
    return t

def old_to_young(n):
    table = [None] * 200
    x = 1
    for i in range(n):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        table[x % 200] = (i, [i], {"k": i}, str(i), float(i))
    t = 0
    for row in table:
        if row:
            a, b, c, d, e = row
            assert a == b[0] == c["k"] == int(d) == e
            t += a
    return t

def closures(n):
    fs = []
    for i in range(n):
        fs.append(lambda x, i=i, l=[i]: x + i + l[0])
        if len(fs) > 50:
            fs = fs[25:]
    return sum(f(1) for f in fs)

def strings(n):
    parts = {}
    for i in range(n):
        s = "s" + str(i) * 3
        parts[s[:4]] = s + s.upper()
    return len(parts), sum(map(len, parts.values()))

def generators(n):
    def gen(k):
        data = [k] * 10
        for x in data:
            yield x
    live = []
    t = 0
    for i in range(n):
        g = gen(i)
        t += next(g)
        live.append(g)
        if len(live) > 30:
            t += sum(live.pop(0))
    return t

def big(n):
    keep = []
    for i in range(n):
        keep.append([i] * 1000)
        if len(keep) > 5:
            keep.pop(0)
    return sum(k[999] for k in keep)

print(cycles(3500), old_to_young(4000), closures(3000), strings(3000), generators(3000), big(600))
