class Add:
    def __init__(self, k): self.k = k
    def ev(self, x): return x + self.k
class Mul:
    def __init__(self, k): self.k = k
    def ev(self, x): return x * self.k % 1000003
class Neg:
    k = 0
    def ev(self, x): return -x
class Seq:
    def __init__(self, *ops): self.ops = ops
    def ev(self, x):
        for op in self.ops:
            x = op.ev(x)
        return x
class Fn:
    def __init__(self, f): self.ev = f

def run(ops, n):
    x = 1
    for i in range(n):
        x = ops[i % len(ops)].ev(x)
    return x

mono = [Add(1)]
bi = [Add(3), Mul(5)]
mega = [Add(3), Mul(5), Neg(), Seq(Add(1), Mul(2)), Fn(lambda x: x ^ 5), Fn(abs), type("T", (Add,), {})(9), type("U", (Mul,), {"ev": lambda self, x: x - 1})(2)]
print(run(mono, 4000), run(bi, 4000), run(mega, 5000))

def phases(n):
    x = 0
    for i in range(n):
        ops = mono if i < 2000 else bi if i < 3000 else mega
        x = ops[i % len(ops)].ev(x)
    return x

print(phases(4500))

def generic_add(n):
    values = [1, 2.5, "s", [1], (2,), True, 2 ** 70, 1j]
    count = {}
    for i in range(n):
        v = values[0] if i < 1500 else values[i % len(values)]
        w = v + v
        name = type(w).__name__
        count[name] = count.get(name, 0) + 1
    return count

def generic_index(n):
    containers = [[1, 2], (3, 4), {0: 5, 1: 6}, "ab", b"cd", range(7, 9)]
    t = 0
    for i in range(n):
        c = containers[0] if i < 1500 else containers[i % 6]
        v = c[i % 2]
        t += v if isinstance(v, int) else ord(v)
    return t

def shapes(n):
    class O: pass
    objs = []
    for order in (["a", "b"], ["b", "a"], ["c", "a"], ["a"], ["x", "y", "z", "a"]):
        o = O()
        for k in order:
            setattr(o, k, len(objs) + 1)
        objs.append(o)
    t = 0
    for i in range(n):
        t += objs[i % (1 if i < 1500 else 5)].a
    return t

print(generic_add(4000), generic_index(4000), shapes(4000))
