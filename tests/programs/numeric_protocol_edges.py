import sys
print(sys.maxsize, (1).real, (3).numerator, (2.5).real, 1j.imag, complex("1+2j"), int.__name__, (10).bit_length(), 1 .__class__)
print(3 * "ab", [1] * 2, 0 * [1], 2 * (1,), -1 * "x", 1.5 * 2, 2 * 1.5, True * 3.0)
print(2 ** 0.5, 4 ** 0.5, (-1) ** 0.5, 2 ** -1, 0.0 ** 0, 10 ** -2, (2 ** 70) ** 2, 1e200 * 1e200, -7 ** 2)
for f in (lambda: 2 ** 0.5j, lambda: 0 ** -1, lambda: 0.0 ** -1.0, lambda: 1 << 0.5, lambda: 1.5 & 1, lambda: ~1.5, lambda: 1 @ 2, lambda: "a" % 1, lambda: None + 1, lambda: 1 + None, lambda: [] - [], lambda: {} + {}, lambda: int([]), lambda: "1" + 1, lambda: 1 + "1", lambda: 5 % "a", lambda: 5 // "a", lambda: divmod(5, "a"), lambda: 2.0 ** 10000):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)

def power_loop(n):
    t = 0
    for i in range(n):
        t += i ** 2 - i ** 0 + (i % 5) ** 3 + int((i + 1) ** 0.5) + 2 ** (i % 70) % 7
    return t

def mixed_compare(n):
    hits = 0
    big = 2 ** 60
    for i in range(n):
        x = i if i % 3 == 0 else float(i) if i % 3 == 1 else i + big
        hits += (x > 2000) + (x == i) * 2 + (x != i + 0.0) * 4
    return hits

def neg_abs(n):
    t = 0
    for i in range(-n, n):
        t += abs(i) - (-i) + (+i) + (~i)
        t += i // 7 - i % 7 + (i >> 1) - (i << 1)
    return t

def overflow_mul(n):
    x, big = 1, 0
    for i in range(1, n):
        x = x * (i % 9 + 1)
        if x >= 2 ** 62:
            big += 1
            x %= 1000003
            x += 1
    return x, big

def sub_mul_edges(n):
    t = 0
    lo = -(2 ** 63)
    for i in range(n):
        t ^= (lo + i) - 1
        t ^= (lo + i) * -1
        t ^= -(lo + i)
        t ^= abs(lo + i) // -1
    return t

def isqrt(n):
    t = 0
    for k in range(n):
        x = k * k * 1000003 + k
        if x == 0:
            continue
        r = x
        while True:
            y = (r + x // r) // 2
            if y >= r:
                break
            r = y
        t += r
    return t

print(power_loop(3000), mixed_compare(4000), neg_abs(2000), overflow_mul(4000), sub_mul_edges(3001), isqrt(400))
