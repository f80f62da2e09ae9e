# Not under gc: it makes and drops many sets, and would take half a minute.
import zlib
# The order of sets is CPython's: of numbers, of None, of tuples of them, whatever was done to them.
state = 12345
def rnd(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % n
def see(*what):
    global seen
    seen = zlib.crc32(repr(what).encode(), seen)
def value(kind):
    n = rnd(60) - 20
    if kind == 0: return n
    if kind == 1: return n * 1000003
    if kind == 2: return (n, n + 1)
    if kind == 3: return n / 4
    if kind == 4: return None if n < 0 else frozenset([n, 7])
    return n * 2**61 + n
def step(s, kind):
    op = rnd(16)
    if op < 6: s.add(value(kind))
    elif op < 8: s.discard(value(kind))
    elif op == 8:
        if s: see('pop', s.pop())
    elif op == 9: s |= {value(kind) for _ in range(rnd(12))}
    elif op == 10: s &= s | {value(kind) for _ in range(5)}
    elif op == 11: s -= {value(kind) for _ in range(rnd(9))}
    elif op == 12: s ^= {value(kind) for _ in range(rnd(9))}
    elif op == 13: s.update([value(kind) for _ in range(rnd(30))])
    elif op == 14: s.difference_update([value(kind) for _ in range(rnd(20))])
    elif op == 15:
        if rnd(8) == 0: s.clear()
    return s
for kind in range(6):
    seen = 0
    s = set()
    for i in range(200):
        s = step(s, kind)
        if i % 20 == 0:
            see(kind, i, list(s))
            o = {value(kind) for _ in range(rnd(25))}
            see(s | o, o - s)
            see(s & o, s ^ o, s - o)
            see(s.copy(), frozenset(s), s.union([value(kind)], o), s.intersection(list(o)), s.difference(list(o), o))
            see(s.symmetric_difference(list(o)), set(dict.fromkeys(o)), dict.fromkeys(s).keys() | o)
            k = dict.fromkeys(s).keys()
            see(k - o, k & o, k ^ o, o - k, o & k, o ^ k)
            see(s == set(list(s)), s <= (s | o), len(s), sum(1 for _ in s))
    print(kind, seen, len(s))
print({3, 1, 2}, {9, 17, 1, 33, 5, 41}, {True, None, 2.5}, set(range(100, 0, -7)))
big = set(range(0, 200000, 3)); big -= set(range(0, 200000, 6)); print(len(big), list(big)[:5], sum(list(big)[::1000]))
w = set(range(50)); order = []
while w:
    x = w.pop(); order.append(x)
    if x % 7 == 0 and x < 200: w.add(x * 3 + 50)
print(order)
def total(s):
    t = 0
    for x in s: t = t * 31 + x & 0xFFFFFFF
    return t
print([total(set(range(i, i * 20, 3))) for i in range(60)])
t = 0
for i in range(3000):
    s = {i, i * 5, i ^ 77}
    for x in s: t = t * 31 + x & 0xFFFFFFF
    a, *b = s
    t += a
print(t)
try:
    for x in (s := {1, 2, 3}): s.add(x + 10)
except RuntimeError as e: print(e)
s = {1, 2, 3}
for x in s:
    s.remove(x); s.add(x + 5)
    if x > 12: break
print(s)
# Views and sets, whose hashes are kept in different ways.
d, f = dict.fromkeys([-5, 2.5, (1, -2), 'a', None]), {-5, 2.5, (1, -2), 'a', None, 7}
print(d.keys() <= f, d.keys() < f, f >= d.keys(), d.keys() == f, f > d.keys(), d.keys() <= f - {2.5}, f - d.keys(), d.keys().isdisjoint(f))
