# Ints beside floats, beyond 2**53 where not every int is a float.


def divided(n):
    h, x = 0, 1
    for i in range(n):
        x = x * 7 + i if x < 2**61 else x // 2**40
        h = (h * 31 + hash(x / 7) + hash(-x / 3) + hash(i / (x + 1))) % 1000003
    return h


def compared(n):
    found, x = [0] * 12, 2**44
    for i in range(n):
        x += 2**43 + 1
        f = float(x)
        found[0] += x == f
        found[1] += x != f
        found[2] += x < f
        found[3] += x <= f
        found[4] += x > f
        found[5] += x >= f
        found[6] += f == x
        found[7] += f < x
        found[8] += f > x
        found[9] += x in (f,)
        found[10] += hash(x) == hash(f)
        found[11] += len({x, f})
    return found


def compared_near(n):
    # From below 2**53 to above it, one by one.
    found, x = 0, 2**53 - n // 2
    for i in range(n):
        x += 1
        f = x + 0.0
        found += (f == x) + 2 * (f < x) + 4 * (f > x) + 8 * (x == 9007199254740992.0)
        found += 16 * (x <= 9007199254740992.0) + 32 * (min(x, f) == max(x, f))
    return found


def summed(n):
    x, total, mixed = 2**52, 0.0, 0
    for i in range(n):
        x += 2**40 + 1
        total += x
        total -= x * 1.0
        mixed += sum([0.5, x, -x]) + (x % 3.0) + (x // 2.0**50) + (x * 0.5) % 11.0
    return total, mixed


def powers(n):
    total = 0.0
    for i in range(n):
        x = (i % 60 + 1) * 2**50 + 1
        total += x**0.5 + 2.0 ** (i % 50) + x**-1 + round(x / 3) % 7 + int(x / 1.0) % 5
    return total


def zeros(n):
    negative = 0
    for i in range(n):
        d = -(2 ** (i % 70))
        negative += str(0 / d) == "-0.0"
        negative += str(0 / -d) == "0.0"
        negative += str(-0.0 / -d) == "-0.0"
    return negative


for function in divided, compared, compared_near, summed, powers, zeros:
    print(function.__name__, function(3000))
WORDS = [0, 1, -3, 2**53, 2**53 + 1, -(2**53) - 1, 2**62 + 1, 2**63 - 1, -(2**63), 2**63, 2**64 + 1]
for a in WORDS:
    print(a, float(a), [a / b if b else None for b in WORDS])
    print([(a < f, a == f, a > f) for f in map(float, WORDS)])
