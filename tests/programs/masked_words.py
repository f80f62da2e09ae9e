# Ints that masks keep to 64 bits, in loops that get hot: hashes, generators of random numbers, and what is near to them.
M64 = (1 << 64) - 1
M63 = (1 << 63) - 1
M32 = 0xFFFFFFFF


def lcg(n, x):
    for i in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) & M64
    return x


def high_bits(n, x):
    total = 0
    for i in range(n):
        x = (x * 6364136223846793005 + 1) & M64
        total += x >> 33
        if x & 1:
            total ^= x >> 60
    return total, x


def fnv(n):
    h = 0xCBF29CE484222325
    for i in range(n):
        h = ((h ^ (i & 255)) * 0x100000001B3) & M64
    return h


def xorshift(n, x):
    for i in range(n):
        x ^= (x << 13) & M64
        x ^= x >> 7
        x ^= (x << 17) & M64
    return x


def splitmix(n, s):
    t = 0
    for i in range(n):
        s = (s + 0x9E3779B97F4A7C15) & M64
        z = s
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
        t ^= z ^ (z >> 31)
    return t


def rotated(n, x):
    for i in range(n):
        x = (x << 7 | x >> 57) & M64
        x = (x + 0xDEADBEEFCAFEBABE) & M64
    return x


def subtracted(n, x):
    for i in range(n):
        x = (x - 0x123456789ABCDEF * i) & M64
        x = (M64 & (x * x)) | 1
    return x


def narrow(n, x):
    total = 0
    for i in range(n):
        x = (x * 0x5851F42D4C957F2D + 0x14057B7EF767814F) & M63
        total += (x * x) & M32
        total += (x << 40) & 0xFF0000000000
    return total, x


def negative(n):
    total = 0
    for i in range(n):
        total ^= (-i * 0x9E3779B97F4A7C15) & M64
        total ^= (i - 2**63) & M64
    return total


def unmasked(n, x):
    # Wide all the time; nothing is dropped.
    seen = 0
    for i in range(n):
        y = x * 0x9E3779B97F4A7C15 + i
        seen ^= y
        x = y & M64
        if i % 50 == 0:
            seen ^= y >> 64
    return seen, x


def growing(n):
    x, sums = 3, 0
    for i in range(n):
        x = x * 5 if i % 60 else 3
        sums = (sums + x) & M64
    return sums, x


def mixed(values, n):
    out = []
    for i in range(n):
        try:
            out.append((values[i % len(values)] * 0xFFFFFFFFFFFFFFC5 + 7) & M64)
        except TypeError as error:
            out.append(str(error))
    return out[-len(values):]


class Odd(int):
    def __and__(self, other):
        return "and"

    def __mul__(self, other):
        return Odd(1)

    def __add__(self, other):
        return self


for seed in 0, 1, 12345, M64, M63, 1 << 63, 88172645463325252:
    print(lcg(500, seed), high_bits(500, seed), xorshift(500, seed), splitmix(500, seed), rotated(500, seed))
    print(subtracted(500, seed), narrow(500, seed), unmasked(500, seed))
print(fnv(1000), negative(500), growing(1000))
print(mixed([1, -1, 2**63, M64, 2**127, -(2**127), 2**200, True, 5], 900))
print(mixed([1, M64, 2.5, {}, None, Odd(3), 2**64], 700))


def compared(n, x):
    low = equal = 0
    for i in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) & M64
        low += x < 1 << 63
        equal += x % 3 == 0
        equal += x == x ^ 0
        low += -x < 0
        low += hash(x) > 0
    return low, equal, float(x), str(x), [x][0] is x, {x: 1}[x]


print(compared(600, 7))


def shown(n, x):
    # Who looks at the locals sees ints.
    for i in range(n):
        y = (x * 0x9E3779B97F4A7C15) & M64
        x = (y ^ (y >> 29)) & M64
        if i == n - 3:
            print(sorted(locals().items()))
    return x


print(shown(800, 99))
