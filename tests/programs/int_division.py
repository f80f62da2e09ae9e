def check(n):
    acc = 0
    for i in range(-n, n):
        for d in (1, -1, 3, -3, 7, -1024):
            q, r = i // d, i % d
            assert q * d + r == i and (0 <= r < d or d < r <= 0)
            acc = (acc * 31 + q * 7 + r) % 1000000007
    return acc

print(check(1500))
print(7 // 2, -7 // 2, 7 // -2, -7 // -2, 7 % 3, -7 % 3, 7 % -3, -7 % -3)
print(divmod(10 ** 20, -7), divmod(-10 ** 20, 7), (-10 ** 20) // 10 ** 19, -10 ** 20 % 10 ** 19)
print(0 // 5, 0 % -5, 1 // 10 ** 20, -1 // 10 ** 20, -1 % 10 ** 20, 5 % -10 ** 20)
for f in (lambda: 1 // 0, lambda: 1 % 0, lambda: 1 / 0, lambda: divmod(1, 0), lambda: 10 ** 30 // 0, lambda: 0 ** -1):
    try:
        f()
    except ZeroDivisionError as e:
        print(type(e).__name__, e)

def collatz(limit):
    best = (0, 0)
    for n in range(1, limit):
        steps = 0
        x = n
        while x != 1:
            x = x // 2 if x % 2 == 0 else 3 * x + 1
            steps += 1
        if steps > best[0]:
            best = (steps, n)
    return best

print(collatz(600))

def late_zero(n):
    done = 0
    try:
        for i in range(n, -1, -1):
            done += 1000 // i
    except ZeroDivisionError as e:
        return done, str(e)

print(late_zero(4000))
print(1 / 3, 10 ** 30 / 3, 10 ** 20 / 10 ** 18, -1 / 4, 2 ** 53 / 1, (2 ** 53 + 1) / 1)
