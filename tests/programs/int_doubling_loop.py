def double(n):
    x = 1
    for i in range(n):
        x += x
        if x > 10 ** 40:
            x = 1
    return x

def shrink(n):
    x = 10 ** 60
    total = 0
    for i in range(n):
        x //= 3
        total += x & 255
        if x == 0:
            x = 10 ** 60
    return x, total

def factorial_mod(n):
    x = 1
    for i in range(1, n):
        x = x * i % 1000000000000000003
    return x

print(double(4001), shrink(4000), factorial_mod(5000))
f = 1
for i in range(1, 60):
    f *= i
print(f, f // (f // 7), f % 10 ** 15)
a, b = 0, 1
for i in range(3000):
    a, b = b, a + b
print(a % 10 ** 30, len(str(a)), a.bit_length())
