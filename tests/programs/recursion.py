import sys
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
def ack(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ack(m - 1, 1)
    return ack(m - 1, ack(m, n - 1))
def even(n):
    return True if n == 0 else odd(n - 1)
def odd(n):
    return False if n == 0 else even(n - 1)
def hanoi(n, a, b, c):
    return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)
def perms(items):
    if not items:
        return [[]]
    return [[x] + p for i, x in enumerate(items) for p in perms(items[:i] + items[i + 1:])]
def queens(n, row=0, cols=0, d1=0, d2=0):
    if row == n:
        return 1
    count = 0
    for c in range(n):
        bit = 1 << c
        if not (cols & bit or d1 & 1 << row + c or d2 & 1 << row - c + n):
            count += queens(n, row + 1, cols | bit, d1 | 1 << row + c, d2 | 1 << row - c + n)
    return count
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)

print(fib(18), ack(2, 6), even(400), odd(401), hanoi(10, "a", "b", "c"), len(perms([1, 2, 3, 4, 5])), perms([1, 2, 3])[3], queens(6), depth(900))

def infinite(n):
    return infinite(n + 1)
def mutual_a(x):
    return mutual_b(x)
def mutual_b(x):
    return mutual_a(x)
class R:
    def __repr__(self):
        return repr(self)
    def __eq__(self, o):
        return self == o
    def __getattr__(self, n):
        return getattr(self, n + "x")
for f in (lambda: infinite(0), lambda: mutual_a(0), lambda: repr(R()), lambda: R() == R(), lambda: R().a):
    try:
        f()
    except RecursionError as e:
        print("RecursionError", str(e).startswith("maximum recursion depth exceeded"))

def measure():
    n = 0
    def go():
        nonlocal n
        n += 1
        go()
    try:
        go()
    except RecursionError:
        pass
    return n

n = measure()
print(900 < n <= 1000)
sys.setrecursionlimit(3000)
print(2900 < measure() <= 3000, depth(2500))
sys.setrecursionlimit(1000)
def caught_deep(n):
    if n == 0:
        raise ValueError("bottom")
    try:
        return caught_deep(n - 1)
    finally:
        counter[0] += 1
counter = [0]
try:
    caught_deep(500)
except ValueError as e:
    print(e, counter)
l = []
for _ in range(3000):
    l = [l]
try:
    repr(l)
except RecursionError:
    pass  # how deep it may go is the native stack's affair
def hot_recursive(n):
    t = 0
    for i in range(n):
        t += depth(i % 20)
    return t
print(hot_recursive(1500))
