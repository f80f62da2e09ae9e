import math
nan, inf = float("nan"), float("inf")
print(nan == nan, nan != nan, nan < 1, inf > 10 ** 400, -inf < -10 ** 400, inf - inf, inf * 0, -0.0, 0.0 == -0.0)
print([nan] == [nan], nan in [nan], [inf, -inf, nan], str(nan), max(nan, 1), max(1, nan))
print(1e308 * 10, -1e308 * 10, 5e-324, 5e-324 / 2, 1e16, 1e15, 123456789012345680.0, 0.1 + 0.2, 1e-5, 0.0001, 1e22, 1e23)
print(math.copysign(1, -0.0), -0.0 + 0.0, -0.0 - 0.0, 0.0 * -1, (-0.0) ** 3, round(-0.4), round(2.5), round(3.5), round(2.675, 2))
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 1e300 // 1e-300 if False else 0, -0.0 // 1, 0.0 % -1)
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 0.0 ** -1, lambda: 10.0 ** 400, lambda: float("x"), lambda: int(nan), lambda: 10 ** 400 * 1.0):
    try:
        print(f())
    except (ZeroDivisionError, OverflowError, ValueError) as e:
        print(type(e).__name__, e)

def sums(n):
    s = 0.0
    for i in range(n):
        x = i - n / 2
        if i == 3500:
            x = nan
        elif i == 3700:
            s = -0.0
        elif i == 3800:
            x = inf
        elif i == 3900:
            s = 1.5
        s += x
        if s != s:
            s = 2.0
    return s

print(sums(3600), sums(3701), sums(3850), sums(4000))

def harmonic(n):
    s = 0.0
    sign = 1.0
    for i in range(1, n):
        s += sign / i
        sign = -sign
    return s

print(harmonic(5000), (2.5).is_integer(), (3.0).is_integer(), (0.5).hex(), float.fromhex("0x1.8p1"), (0.75).as_integer_ratio())
print(float("1e5"), float(" -1.5 "), float("infinity"), float("1_0.5"), float(10 ** 22), 1.5.__int__(), hash(1.0) == hash(1), hash(inf), hash(-inf))
print((-8) ** (1 / 3), 2.0 ** 0.5, 2 ** 0.5, 9.0 ** 2, True + 0.5, 3 - 0.5, abs(-2.5), -(-2.5), +1.5)
