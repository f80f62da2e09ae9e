def mix(n):
    x = 0x12345
    for i in range(n):
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
    return x

def popcount(n):
    total = 0
    for i in range(n):
        x = i
        while x:
            x &= x - 1
            total += 1
    return total

def shift_up(n):
    out = 0
    for i in range(n):
        out ^= 1 << (i % 100)
    return out

print(mix(5000), popcount(3000), shift_up(4321))
print(5 & -2, 5 | -8, 5 ^ -1, ~5, ~-1, -5 >> 1, -1 >> 100, 1 << 100, -1 << 70, 0 << 10 ** 9)
print((-1) & (1 << 70), (-5) | (1 << 70), (1 << 70) ^ -1, -(1 << 70) & ((1 << 71) - 1))
print((255).bit_length(), (-256).bit_length(), (0).bit_length(), (10 ** 30).bit_count(), (7).bit_count())
print(True & 1, True | False, True ^ True, type(True & True), type(True & 1), ~1)
for f in (lambda: 1 << -1, lambda: 1 >> -1):
    try:
        f()
    except ValueError as e:
        print(e)
print(hex(255), hex(-255), oct(8), bin(-5), hex(10 ** 20), bin(2 ** 65))
print(int.from_bytes(b"\x01\x02", "big"), (258).to_bytes(2, "little"), int.from_bytes(b"\xff\xfe", "big", signed=True))
