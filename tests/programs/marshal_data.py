import marshal
def show(*a, **k):
    try:
        b = marshal.dumps(*a, **k)
        print(b)
        print(repr(marshal.loads(b)))
    except Exception as e: print(type(e).__name__, e)
x = [1, 2]
for v in (None, True, False, ..., StopIteration, 0, -1, 2**31-1, -2**31, 2**31, -2**31-1, 2**63, 10**30, -10**40, 1.5, -0.0, float("inf"), 1+2j, "", "abc", "é", "\ud800x", "\U0001F600", "x y", b"", b"abc", (), (1,), tuple(range(300))[:3], [], {}, {"a": 1, 2: None}, set(), {3, 1, 2}, frozenset({"b"}), slice(1, 2, None), bytearray(b"xy"), memoryview(b"mem")):
    show(v)
for ver in range(0, 6):
    for v in (1.5, 2j, "abc", "é", b"x", 5, (1, 2), slice(1)):
        try: print(ver, marshal.dumps(v, ver), marshal.loads(marshal.dumps(v, ver)))
        except Exception as e: print(ver, type(e).__name__, e)
show(object()); show([object()]); show({1: int})
l = []; l.append(l)
b = marshal.dumps(l)
r = marshal.loads(b); print(r[0] is r)
d = [0]
for i in range(900): d = [d]
print(len(marshal.dumps(d)))
def f(a, /, b=1, *c, d=2, **e):
    "doc"
    def g(): return a, x
    try: return [i for i in c if i > 10**20]
    except ValueError: return g, 1.5, "é", (1, 2), frozenset({1}), b"z"
c = f.__code__
b = marshal.dumps(c)
c2 = marshal.loads(b)
print(c2.co_name, c2.co_consts[0], c2.co_varnames, c2.co_freevars, c2.co_cellvars)
import types
print(type(c2))
show(c, allow_code=False)
try: marshal.loads(b, allow_code=False)
except Exception as e: print(type(e).__name__, e)
ns = {}
exec(marshal.loads(marshal.dumps(compile("def h(n):\n return n*2\nz = h(21)", "f", "exec"))), ns); print(ns["z"])
for bad in (b"", b"i", b"i\0\0", b"[", b"(\xff\xff\xff\xff", b")\x05N", b"r\0\0\0\0", b"r\xff\xff\xff\xff", b"?", b"Q", b"0", b"(\1\0\0\0000", b"{N", b"{NN0", b"{[\0\0\0\0N0", b"l\1\0\0\0\0\0", b"l\1\0\0\0\xff\xff", b"l\0\0\0\x80", b"s\xff\xff\xff\xff", b"s\5\0\0\0ab", b"u\1\0\0\0\xff", b"z\3ab", b"f\3abc", b"<\1\0\0\0[\0\0\0\0", b"c" + b"\0"*20, b"\xdb\1\0\0\0r\0\0\0\0", b"[\1\0\0\0" * 3000, b"I\1\0\0\0\0\0\0\0", b"t\2\0\0\0ab", b"NXYZ", b"x\0011\0012"):
    try: print(bad[:12], repr(marshal.loads(bad)))
    except Exception as e: print(bad[:12], type(e).__name__, e)
class F:
    def __init__(self, b): self.b = b
    def read(self, n):
        r, self.b = self.b[:n], self.b[n:]
        return r
    def readinto(self, m):
        r = self.read(len(m)); m[:len(r)] = r; return len(r)
    def write(self, b): self.b += b; return len(b)
f = F(b"")
print(marshal.dump([1, "two"], f), marshal.dump(3, f))
print(marshal.load(f), marshal.load(f))
try: marshal.load(f)
except Exception as e: print(type(e).__name__, e)
for a in ((5,), ("x",)):
    try: marshal.loads(*a)
    except Exception as e: print(type(e).__name__, e)
print(marshal.version)
