for n in (0, 1, 2, 3, 7, -1):
    for x in ("", "a", "abc", "\u0394b", "\U0001F600x", b"", b"a", b"xyz", (), (1,), (1, 2, 3), [], [0], [1, [2], 3]):
        print(x * n, n * x, len(x * n))
x = [1, 2]; x *= 3; print(x); x *= 0; print(x)
try: (1, 2) * 2**62
except (MemoryError, OverflowError) as e: print(type(e))
