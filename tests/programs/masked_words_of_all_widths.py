# What a mask keeps to 64 bits is an object in one turn and none in the next.
class C:
    def __init__(self): self.v = self.w = None
M = 2**64 - 1
def f(n, o, l):
    x, s = 1, 0
    for i in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) & M
        y = (x & M) >> (i & 63)
        o.v = (y * 3) & M
        o.w = y = (y + 1) & M
        l[i % 3] = y
        s += isinstance(o.w, int) + isinstance(l[0], str)
        l.append(y)
        if len(l) > 9: del l[5:]
    return s, o.v, o.w, l, x
print(f(20000, C(), [0, 1, 2]))
print(f(20000, C(), [0, 1, 2]))
