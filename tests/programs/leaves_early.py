# Executors that leave before they have done work are taken out, and what they stood for still runs.


def load(x):
    import sys
    return x + 1 if sys else x


def early(a, b):
    c = a + b
    d = c * 2
    e = d - a
    g = e + c
    h = g * 3
    load(h)
    return h


def one_iteration(items):
    for item in items:
        import sys
        if item > 2:
            return item
    return sys.maxsize


total = 0
for i in range(12000):
    total += early(i, 3) + one_iteration([i])
print(total)


def long_straight_line(x):
    # Too long for one trace.
    for _ in range(60):
        a, b, c, d = x, x + 1, x + 2, x + 3
        x = a + b - c + d - x - 1
    return x


for i in range(300):
    total += long_straight_line(i)
print(total)

# Thousands of instructions without a loop go on from trace to trace.
body = "def long_function(x):\n    y = 0\n" + "".join(
    f"    y = y + x % {n + 2}\n    z = y ^ x\n    y = z - {n}\n" for n in range(1200)
) + "    return y\n"
exec(body)
print(sum(long_function(i) for i in range(3000)) % 1000003)
