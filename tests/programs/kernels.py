def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    for i in range(2, int(n ** 0.5) + 1):
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
    return sum(flags)

def matmul(n):
    a = [[(i * j) % 7 + 0.5 for j in range(n)] for i in range(n)]
    b = [[(i + j) % 5 - 1.0 for j in range(n)] for i in range(n)]
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            s = 0.0
            for k in range(n):
                s += a[i][k] * b[k][j]
            c[i][j] = s
    return sum(map(sum, c))

def fannkuch(n):
    perm1 = list(range(n))
    count = [0] * n
    r = n
    flips_max = checksum = 0
    sign = 1
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        p = perm1[:]
        flips = 0
        k = p[0]
        while k:
            p[:k + 1] = reversed(p[:k + 1])
            flips += 1
            k = p[0]
        if flips > flips_max:
            flips_max = flips
        checksum += flips if sign > 0 else -flips
        sign = -sign
        while True:
            if r == n:
                return flips_max, checksum
            perm1.insert(r, perm1.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1

def spectral(n):
    def a(i, j):
        return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)
    def mul(v, t):
        return [sum((a(j, i) if t else a(i, j)) * v[j] for j in range(n)) for i in range(n)]
    u = [1.0] * n
    for _ in range(3):
        v = mul(mul(u, False), True)
        u = mul(mul(v, False), True)
    vbv = sum(x * y for x, y in zip(u, v))
    vv = sum(x * x for x in v)
    return "%.9f" % (vbv / vv) ** 0.5

def lcs(a, b):
    prev = [0] * (len(b) + 1)
    for x in a:
        cur = [0]
        for j, y in enumerate(b):
            cur.append(prev[j] + 1 if x == y else max(prev[j + 1], cur[j]))
        prev = cur
    return prev[-1]

def knapsack(n, cap):
    best = [0] * (cap + 1)
    for i in range(1, n):
        w, v = i * 7 % 23 + 1, i * 13 % 37
        for c in range(cap, w - 1, -1):
            best[c] = max(best[c], best[c - w] + v)
    return best[cap]

def dijkstra(n):
    dist = {(0, 0): 0}
    todo = [(0, (0, 0))]
    while todo:
        todo.sort(reverse=True)
        d, (x, y) = todo.pop()
        if d > dist[(x, y)]:
            continue
        for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            p = (x + dx, y + dy)
            if 0 <= p[0] < n and 0 <= p[1] < n:
                nd = d + (p[0] * 7 + p[1] * 13) % 9 + 1
                if nd < dist.get(p, 10 ** 9):
                    dist[p] = nd
                    todo.append((nd, p))
    return dist[(n - 1, n - 1)], len(dist)

def trees(depth):
    def make(d):
        return (make(d - 1), make(d - 1)) if d else None
    def check(t):
        return 1 + check(t[0]) + check(t[1]) if t else 1
    return sum(check(make(d)) for d in range(depth))

print(sieve(6000), matmul(16), fannkuch(6), spectral(16), lcs("abcde" * 12, "badce" * 12), knapsack(30, 150), dijkstra(12), trees(9))
