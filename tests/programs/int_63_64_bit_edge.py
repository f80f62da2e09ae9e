def climb(x, step, n):
    for i in range(n):
        x = x + step
    return x

e63 = 1 << 63
e64 = 1 << 64
for e in (e63, e64, -e63, -e64):
    for step in (1, -1, 12345678901):
        print(e, step, climb(e - step * 2000, step, 4000) - e)

def grow(n):
    x = 1
    out = []
    for i in range(n):
        x = x * 3
        if x > e64:
            out.append(x)
            x = x % 1000003 + 1
    return len(out), sum(out) % 1000000007, max(out)

print(grow(6000))
print(e63 - 1, -e63, e63, e64 - 1, e64, e63 * e63, e64 * -e64)
print((e63 - 1) + 1 == e63, -(-e63), abs(-e63), -e63 // -1, -e63 % -1, divmod(-e63, -1))
print((e64 - 1) & 0xFF, (e64 - 1) ^ e64, ~e64, e64 >> 64, -e64 >> 63, -e64 >> 65, 1 << 65)
print((e63 - 1) * (e63 - 1), (-e63) * (-e63), (e63 - 1) * -1)
print(int(float(e63)), float(e64), e64 == float(e64), e64 + 1 == float(e64), e64 < 1e30, -e64 > -1e30)
