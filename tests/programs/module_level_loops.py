# Loops in a module: their names are globals, which others may read, write, add and delete meanwhile.

t = 0
for i in range(3000):
    t += i
print(t, i)

x = 0.5
n = 0
while n < 3000:
    x = x * 1.0001 + n
    n += 1
print(round(x, 6), n)


def read():
    return counter


def write(value):
    global counter
    counter = value


counter = 0
seen = []
for i in range(4000):
    counter += 1
    if counter % 1000 == 0:
        seen.append(read())
        write(read() + 5)
print(counter, seen)


def step(n):
    global total, last
    for k in range(n):
        total += k
        last = k
    return total


total = last = 0
for i in range(40):
    step(100)
print(total, last)

# The type of a global changes; a name appears; a name goes away and comes back.
value = 0
trail = []
for i in range(3000):
    if i == 1500:
        value = float(value)
    if i == 2000:
        appeared = 7
    if i == 2200:
        del appeared
    if i == 2400:
        appeared = [1]
    if i > 2400 or 2000 < i < 2200:
        trail.append(appeared)
    value += 1
print(value, len(trail), trail[0], trail[-1])

# A builtin is hidden for a while.
lengths = 0
for i in range(3000):
    if i == 1000:
        len = lambda _: 100
    if i == 2000:
        del len
    lengths += len("ab")
print(lengths)

# A deleted name is missing.
gone = 1
count = 0
try:
    for i in range(3000):
        if i == 2500:
            del gone
        count += gone
except NameError as error:
    print(count, error)

# Through the dict itself.
space = globals()
g = 0
for i in range(3000):
    g += 1
    if i % 1000 == 999:
        space["g"] += 10
        space[f"new{i}"] = i
print(g, new999, new2999)

# Class bodies have locals of their own; `exec` may have others.
class Body:
    t = 0
    for i in range(3000):
        t += i
    del i


print(Body.t, t, i)
code = compile("for i in range(2000):\n    t += 1\n", "x", "exec")
one, two = {"t": 0}, {"t": 10}
exec(code, one)
exec(code, two)
exec(code, {"t": 5}, two)
exec(code, one, one)
print(one["t"], two["t"])
shared = {"t": 100}
for i in range(3):
    exec(code, shared)
    exec(code, shared, {})
    print(shared["t"], shared["i"])


def generator():
    global g
    for k in range(3000):
        g += k
        yield g


print(sum(generator()), g)
matrix = [[0] * 10 for row in range(10)]
for row in range(10):
    for column in range(10):
        for k in range(10):
            matrix[row][column] += row * k - column
print(sum(map(sum, matrix)), row, column, k)
