class Matrix:
    def __init__(self, n):
        self.n = n
        self.rows = [[0] * n for _ in range(n)]
    def __getitem__(self, ij):
        i, j = ij
        return self.rows[i][j]
    def __setitem__(self, ij, v):
        self.rows[ij[0]][ij[1]] = v
    def __delitem__(self, ij):
        self.rows[ij[0]][ij[1]] = 0
    def __contains__(self, v):
        return any(v in r for r in self.rows)
    def __len__(self):
        return self.n * self.n
    def __iter__(self):
        for r in self.rows:
            yield from r

def fill(n):
    m = Matrix(n)
    for k in range(4000):
        i, j = k % n, k * 7 % n
        m[i, j] += k
        if k % 50 == 0:
            del m[j, i]
    return sum(m), len(m), 5 in m, m[1, 2]

class Callable:
    def __init__(self):
        self.n = 0
    def __call__(self, x, *rest, key=None):
        self.n += 1
        return x + len(rest) + (key or 0)

def calls(n):
    c = Callable()
    t = 0
    for i in range(n):
        t += c(i) + c(i, 1, 2) + c(i, key=3)
    return t, c.n

class Acc:
    def __init__(self):
        self.data = {}
    def __getitem__(self, k):
        return self.data.setdefault(k, 0)
    def __setitem__(self, k, v):
        self.data[k] = v

def augmented(n):
    a = Acc()
    o = type("O", (), {"v": 0})()
    l = [0] * 5
    for i in range(n):
        a[i % 10] += i
        o.v += 1
        l[i % 5] -= 1
        l[-1] *= 1
    return a.data, o.v, l

class Str:
    def __init__(self, s):
        self.s = s
    def __str__(self):
        return "<" + self.s + ">"
    def __len__(self):
        return len(self.s)
    def __hash__(self):
        return len(self.s)
    def __eq__(self, o):
        return self.s == getattr(o, "s", o)
    def __lt__(self, o):
        return self.s < o.s

def strs(n):
    d = {}
    t = 0
    for i in range(n):
        s = Str("x" * (i % 13))
        d[s] = d.get(s, 0) + 1
        t += len(str(s)) + len(s) + len(f"{s}")
    return t, len(d), str(max(d)), sorted(d.values())

print(fill(9), calls(3000), augmented(4000), strs(3000))
def bad_len():
    class B:
        def __len__(self):
            return "x"
    return len(B())
def bad_str():
    class B:
        def __str__(self):
            return 5
    return str(B())
def bad_index():
    class B:
        def __index__(self):
            return "x"
    return [1][B()]
for f in (bad_len, bad_str, bad_index):
    try:
        f()
    except TypeError as e:
        print(e)
