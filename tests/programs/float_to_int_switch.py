# The kinds of the loop's variables change while it is hot.
def mixed(n):
    x = 0
    for i in range(n):
        if i == 2000:
            x = float(x)
        elif i == 3000:
            x = int(x)
        elif i == 3500:
            x = x * 10 ** 20
        elif i == 3600:
            x = x // 10 ** 20
        elif i == 3700:
            x = x + 0j
        x = x + 1
    return x

for n in (1999, 2500, 3200, 3550, 3650, 3800):
    print(mixed(n))

def add_all(items):
    total = items[0]
    for item in items[1:]:
        total = total + item
    return total

print(add_all([1] * 3000 + [2.5] * 10))
print(add_all([0.5] * 3000 + [1] * 100))
print(add_all([True] * 3000), add_all([1] * 3000 + [2 ** 70] * 3))
print(len(add_all(["a"] * 3000)), len(add_all([[1]] * 300)), len(add_all([(1,)] * 300)))
try:
    add_all([1] * 4000 + ["x"])
except TypeError as e:
    print(e)
try:
    add_all(["x"] * 4000 + [1])
except TypeError as e:
    print(e)
