class V:
    def __init__(self, x):
        self.x = x
    def __repr__(self):
        return f"V({self.x})"
    def __add__(self, o):
        return V(self.x + (o.x if isinstance(o, V) else o)) if not isinstance(o, str) else NotImplemented
    def __radd__(self, o):
        return V(("r", o, self.x))
    def __iadd__(self, o):
        self.x += 1000
        return self
    def __mul__(self, o):
        return V(self.x * o)
    __rmul__ = __mul__
    def __neg__(self):
        return V(-self.x)
    def __lt__(self, o):
        return self.x < o.x
    def __eq__(self, o):
        return NotImplemented if not isinstance(o, V) else self.x == o.x
    def __getitem__(self, i):
        return ("get", i)
    def __setitem__(self, i, v):
        self.x = (i, v)
    def __contains__(self, v):
        return v == self.x
    def __len__(self):
        return 3
    def __call__(self, *a, **k):
        return a, k
    def __matmul__(self, o):
        return "mat"
    def __divmod__(self, o):
        return "dm"
    def __pow__(self, o, m=None):
        return ("pow", o, m)
    def __index__(self):
        return 2
    def __float__(self):
        return 1.5
    def __invert__(self):
        return "inv"

a, b = V(1), V(2)
print(a + b, a + 5, 5 + a, a * 3, 3 * a, -a, a < b, a > b, a == b, a != b, a == 1, a[1:2, ...], a["k"], 1 in a, len(a), a(1, k=2), a @ b, divmod(a, b), a ** 2, pow(a, 2, 3), ~a)
print([10, 20, 30][a], "abc"[a], range(5)[a], float(a), hex(a), [0] * a, max(a, b), sorted([b, a]))
a += 1
a[5] = 6
print(a)
for f in (lambda: V(1) + "s", lambda: V(1) - 1, lambda: V(1) <= V(2), lambda: 1 < V(1), lambda: +V(1), lambda: V(1) / 2, lambda: [] @ [], lambda: 1 + None, lambda: {} | 1, lambda: -"a"):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)

class W(V):
    def __radd__(self, o):
        return "W first"
print(V(1) + W(2), V(1).__add__(W(2)))

def hot(n):
    t = V(0)
    for i in range(n):
        t = t + V(i) * 2
        if t < V(0):
            t = -t
    return t

def inplace(n):
    v = V(0)
    w = v
    for i in range(n):
        v += i
    return v, v is w

class Num:
    def __init__(self, n):
        self.n = n
    def __add__(self, o):
        return self.n + o if type(o) is int else NotImplemented
    def __radd__(self, o):
        return o + self.n
    def __eq__(self, o):
        return self.n == o
    def __hash__(self):
        return hash(self.n)
    def __bool__(self):
        return self.n % 2 == 1

def mixed(n):
    t = 0
    for i in range(n):
        x = i if i < 2500 else Num(i)
        t = x + t
        t = t + x
        if x:
            t += 1
        if x == 3999:
            t += 10 ** 9
    return t

print(hot(4000), inplace(3000), mixed(4000))
