b = b"hello\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], b[::-1], list(b[:3]), b + b"!", b * 2, b"ell" in b, 104 in b, b.find(b"l"), b.upper())
print(bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), b.hex(), bytes.fromhex("00 ff"), b"a,b".split(b","), b"-".join([b"x", b"y"]), b"a" < b"b", b"%d-%s" % (1, b"q"))
ba = bytearray(b"abc")
ba.append(100)
ba[0] = 65
ba += b"xyz"
ba[1:3] = b"--"
del ba[-1]
print(ba, len(ba), ba == b"A--dxy", bytes(ba), ba.pop(), ba.index(b"d"))
for f in (lambda: bytes([256]), lambda: bytearray(b"a").append(300), lambda: b"a" + "b", lambda: b[100], lambda: b"\xff".decode(), lambda: bytes("x"), lambda: ba.__setitem__(99, 1)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

def sieve(n):
    flags = bytearray([1]) * (n + 1)
    flags[0] = flags[1] = 0
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = 0
        i += 1
    return sum(flags)

def checksum(data, rounds):
    a, c = 1, 0
    for r in range(rounds):
        for byte in data:
            a = (a + byte) % 65521
            c = (c + a) % 65521
    return c << 16 | a

print(sieve(5000), checksum(bytes(range(256)), 20))

# Searching: empty needles, overlaps, ends.
hay = b"abcabcababcab" * 3
for needle in (b"", b"a", b"ab", b"abcab", b"cabab", b"z", hay, hay + b"a", b"b" * 40):
    print(hay.find(needle), hay.rfind(needle), hay.find(needle, 5, 20), hay.rfind(needle, 5, 20), needle in hay, hay.count(needle))
text = "abcabcab\xe4bcab" * 3
for needle in ("", "a", "ab", "\xe4bc", "cab\xe4", "z", "\u0394", text, text + "a"):
    print(text.find(needle), text.rfind(needle), text.find(needle, 5, 20), text.rfind(needle, 5, 20), needle in text, text.count(needle))
print(b"".find(b""), b"".rfind(b""), b"ab".find(b"", 3), b"ab".rfind(b"", 2), "ab".find("", 3), "ab".rfind("", 2))
