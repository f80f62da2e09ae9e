"""Ints at the borders of their forms: 49, 64 and 128 bits, and beyond, by every operator."""

borders = [0, 1, 3, 10, (1 << 32) - 1]
for n in (48, 63, 64, 127, 128):
    borders += [(1 << n) - 1, 1 << n, (1 << n) + 1]
values = borders + [-n for n in borders if n]


def digest(total, value):
    return (total * 1000003 + value) % 2305843009213693951


def floor_of(x, y):
    """By schoolbook, in pieces that are small."""
    if y < 0:
        quotient, rest = floor_of(-x, -y)
        return quotient, -rest
    if x < 0:
        quotient, rest = slow_div(-x, y)
        return (-quotient - 1, y - rest) if rest else (-quotient, 0)
    return slow_div(x, y)


def slow_div(x, y):
    quotient = rest = 0
    for i in range(x.bit_length() - 1, -1, -1):
        rest = rest * 2 + (x >> i & 1)
        quotient *= 2
        if rest >= y:
            rest -= y
            quotient += 1
    return quotient, rest


total = 0
for i, x in enumerate(values):
    for y in values[i % 3::3]:
        results = [x + y, x - y, x * y, x & y, x | y, x ^ y]
        assert (x + y) - y == x and (x - y) + y == x and -(x - y) == y - x
        assert (x ^ y) ^ y == x and (x & y) + (x | y) == x + y and ~(x & y) == ~x | ~y
        assert (x < y) == (x - y < 0) and (x == y) == (x - y == 0) and (x <= y) is not (x > y)
        if x == y:
            assert hash(x) == hash(y)
        if y:
            quotient, rest = divmod(x, y)
            assert quotient * y + rest == x and (0 <= rest < y or y < rest <= 0)
            assert x // y == quotient and x % y == rest
            assert x * y // y == x and x * y % y == 0
            results += [quotient, rest]
        if 0 <= y < 200:
            assert x << y >> y == x and x << y == x * 2 ** y and x >> y == x // 2 ** y
            results += [x << y, x >> y]
        for result in results:
            total = digest(total, result)
print(total)

total = 0
for x in values:
    assert int(str(x)) == x and int(hex(x), 16) == x and int(bin(x), 2) == x and int(oct(x), 8) == x
    assert int.from_bytes(x.to_bytes(32, 'big', signed=True), 'big', signed=True) == x
    assert hash(x) == hash(int(str(x))) and {x: 1}[int(str(x))] == 1 and x in {int(str(x))}
    assert abs(x) == (x if x >= 0 else -x) and -(-x) == x and ~~x == x and +x == x and ~x == -x - 1
    assert bool(x) is (x != 0) and x.__index__() == x and round(x) == x
    assert (float(x) == x) == (int(float(x)) == x), x
    assert (x < float(x)) == (x < int(float(x))) and (x > float(x)) == (x > int(float(x)))
    for half in (0.5, -0.5, 1e18, -1e18, 1e30, 1e300, float('inf')):
        assert (x < half) != (x >= half) and (half > x) == (x < half)
    total = digest(total, hash(x) + x.bit_length() * 7 + x.bit_count() + len(f'{x:x}') + len(f'{x:,}'))
print(total, sorted(values)[:3], max(values))
for x, y in [(1 << 64, 3), (-(1 << 64), 3), (1 << 127, -7), (-(1 << 127), -1), ((1 << 127) - 1, 1 << 64), (1 << 128, 1 << 63)]:
    assert divmod(x, y) == floor_of(x, y), (x, y)
    print(x / y, divmod(x, y), pow(x, 3, 1 << 61), x % 10 ** 19)
for x in (1 << 63, 1 << 64, -(1 << 63) - 1, (1 << 127), -(1 << 128)):
    for text in ('x / 0', 'divmod(x, 0)', 'x << -1', 'x >> -1', '"a" * x', '[1][x]', 'x + ""', 'range(3)[x]'):
        try:
            print(text, eval(text))
        except Exception as error:
            print(type(error).__name__, error)


class Count(int):
    pass


for x in (5, 1 << 50, 1 << 63, -(1 << 100), 1 << 130):
    count = Count(x)
    count.name = 'n'
    assert count == x and hash(count) == hash(x) and type(count + 0) is int and count + 0 == x and count.name == 'n'
    assert type(+count) is int and int(count) == x and count * 3 == x * 3 and count >> 2 == x >> 2 and str(count) == str(x)


def fnv(data):
    h = 0xcbf29ce484222325
    for c in data:
        h ^= c
        h = h * 0x100000001b3 & 0xffffffffffffffff
    return h


def splitmix(count):
    state = total = 0
    for _ in range(count):
        state = state + 0x9e3779b97f4a7c15 & 0xffffffffffffffff
        z = state
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & 0xffffffffffffffff
        z = (z ^ z >> 27) * 0x94d049bb133111eb & 0xffffffffffffffff
        total ^= z ^ z >> 31
    return total


def xorshift(count):
    x = 88172645463325252
    for _ in range(count):
        x ^= x << 13 & 0xffffffffffffffff
        x ^= x >> 7
        x ^= x << 17 & 0xffffffffffffffff
    return x


def lcg(count):
    x, low, high = 1, 0, 0
    for _ in range(count):
        x = x * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        if x < 1 << 62:
            low += 1
        elif x > 3 << 62:
            high += x & 1
    return x, low, high


def words(count):
    """Values from 2^48 to 2^63, and over their borders, in a loop."""
    x, ups, total = 1 << 47, 0, 0
    for i in range(count):
        x = x * 5 // 4 + i
        if x >= 1 << 62:
            x >>= 15
            ups += 1
        if x > 0x7fffffffffff:
            total ^= x
        total = (total + (x & 0xffff) - (x >> 40)) % 1000000007 + (1 << 50)
    return x, ups, total


def sums(count):
    big = small = 0
    items = [1 << 50, -(1 << 50), 3, 1 << 62, -(1 << 62), 1 << 63]
    for i in range(count):
        item = items[i % 6]
        big += item
        small = small - item if item < 1 << 51 else small + 1
        if item == 1 << 50 or item != 3 and item >= 1 << 62:
            small += 2
    return big, small


print(fnv(b'hello world' * 200), splitmix(1500), xorshift(1500), lcg(2500), words(3000), sums(3000))
