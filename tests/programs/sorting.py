data = [(i * 7919 + 13) % 1009 for i in range(800)]
print(sorted(data)[:6], sorted(data, reverse=True)[:6], sorted(data, key=lambda x: -x % 10)[:8])
words = "the quick brown fox jumps over The lazy Dog".split()
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len), sorted(words, key=lambda w: (len(w), w), reverse=True))
pairs = [(i % 3, -i) for i in range(9)]
print(sorted(pairs), sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[0], reverse=True))
print(sorted([2.5, 1, True, -0.0, 0]), sorted([[2], [1, 5], [1]]), sorted("hello"), sorted({3: 1, 1: 2}), sorted([1.5, 2 ** 70, -3]))

class K:
    n = 0
    def __init__(self, v):
        self.v = v
    def __lt__(self, other):
        K.n += 1
        return self.v < other.v
    def __repr__(self):
        return f"K{self.v}"

print(sorted([K(i * 7 % 11) for i in range(11)]), K.n > 5, min(K(3), K(2)), max([K(3), K(9)], default=None))
calls = []
def key(x):
    calls.append(x)
    return x % 4
print(sorted(range(10), key=key), calls)

def boom(x):
    if x == 5:
        raise ValueError("five")
    return x

try:
    sorted(range(10), key=boom)
except ValueError as e:
    print(e)
lst = [3, 1, 2]
def mutate(x):
    lst.append(x)
    return x
try:
    lst.sort(key=mutate)
except ValueError as e:
    print(e)
print(len(lst))

def insertion(n):
    a = []
    x = 1
    for i in range(n):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        j = len(a)
        a.append(x)
        while j > 0 and a[j - 1] > x:
            a[j] = a[j - 1]
            j -= 1
        a[j] = x
    return a == sorted(a), a[0], a[-1]

def quick(a, lo, hi):
    while lo < hi:
        p, i, j = a[(lo + hi) // 2], lo, hi
        while i <= j:
            while a[i] < p:
                i += 1
            while a[j] > p:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        if j - lo < hi - i:
            quick(a, lo, j)
            lo = i
        else:
            quick(a, i, hi)
            hi = j

print(insertion(150))
q = [(i * 7919) % 5003 for i in range(3000)]
quick(q, 0, len(q) - 1)
print(q == sorted(q), q[:4])
f = [x / 3 for x in [(i * 7919) % 5003 for i in range(3000)]]
quick(f, 0, len(f) - 1)
print(f == sorted(f), f[:3])
