def count(n):
    i = 0
    while i < n:
        yield i
        i += 1

def squares(it):
    for x in it:
        yield x * x

def evens(it):
    return (x for x in it if x % 2 == 0)

print(sum(count(4000)), sum(squares(evens(count(3000)))), list(count(0)), next(count(1)), list(zip(count(3), count(5))))
g = count(2)
print(next(g), next(g), next(g, "done"), list(g))
try:
    next(g)
except StopIteration as e:
    print("StopIteration", e.value)

def returns():
    yield 1
    return "result"

g = returns()
next(g)
try:
    next(g)
except StopIteration as e:
    print(e.value, e.args)

def raises(n):
    for i in range(n):
        if i == 3200:
            raise ValueError(i)
        yield i

t = 0
try:
    for x in raises(4000):
        t += x
except ValueError as e:
    print(t, e)

def stop():
    yield 1
    raise StopIteration("inner")

try:
    list(stop())
except RuntimeError as e:
    print(e, repr(e.__cause__))

def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found if p * p <= n):
            found.append(n)
            yield n
        n += 1

def take(n, it):
    for _, x in zip(range(n), it):
        yield x

print(list(take(15, primes())), sum(take(150, primes())))

def fib():
    a, b = 0, 1
    while 1:
        yield a
        a, b = b, a + b

for i, x in enumerate(fib()):
    if i == 300:
        print(x)
        break

def tree(n):
    if n:
        yield from tree(n // 2)
        yield n
        yield from tree(n // 3)

print(list(tree(20)), sum(1 for _ in tree(3000)))

def two(n):
    a, b = count(n), squares(count(n))
    t = 0
    for x in a:
        t += x * next(b)
    return t

print(two(3500))
g = count(5)
def self_next():
    yield next(it)
it = self_next()
try:
    next(it)
except ValueError as e:
    print(e)
def mutual(n):
    if n == 0:
        yield 0
    else:
        for x in mutual(n - 1):
            yield x + 1
print(list(mutual(50)), type(count(1)).__name__, count.__name__, count(1).gi_running, returns().gi_frame is not None)
