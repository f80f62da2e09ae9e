# Not under gc: it calls a lot.
# Calls that traces do not inline: their frames are made real and compiled code goes on in them and behind them.
import sys


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


print(fib(20))


class Node:
    def __init__(self, left, right):
        self.left = left
        self.right = right


def make(depth):
    if depth == 0:
        return None
    return Node(make(depth - 1), make(depth - 1))


def count(node):
    if node is None:
        return 0
    return 1 + count(node.left) + count(node.right)


print(count(make(11)))


def total(items):
    result = 0
    for item in items:
        result += item
    return result


def outer(n, items):
    result = 0
    for i in range(n):
        result += total(items) + i
    return result


print(outer(5000, [1, 2, 3]))
print(outer(3000, [1.5, 2.5]))
print(outer(3000, (1, 2**70)) % 1000003)


# Exceptions in a callee, with all frames in the traceback.
def checked(items, bad):
    for item in items:
        if item == bad:
            raise ValueError(item)
    return len(items)


def middle(items, bad):
    return checked(items, bad) + 1


def caller(n):
    seen = []
    for i in range(n):
        try:
            middle([1, 2, 3], 3 if i % 700 == 699 else 99)
        except ValueError as error:
            names = []
            trace = error.__traceback__
            while trace is not None:
                names.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
                trace = trace.tb_next
            seen.append((i, error.args, names))
    return seen


for line in caller(3000):
    print(line)


# Frames that somebody looks at.
def who(limit):
    n = 0
    while n < limit:
        n += 1
    frame = sys._getframe()
    names = []
    while frame is not None:
        names.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return names


def asks(n):
    for i in range(n):
        names = who(3)
    return names


print(asks(3000))


# RecursionError, again and again, and the depth is right afterwards.
def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


def too_deep():
    caught = 0
    for i in range(60):
        try:
            down(100000)
        except RecursionError as error:
            caught += 1
    return caught


for _ in range(3000):
    down(5)
print(too_deep(), down(500))
sys.setrecursionlimit(300)
try:
    down(320)
    print("not reached")
except RecursionError:
    print("RecursionError")
sys.setrecursionlimit(1000)
print(down(280))


# `__init__` with a loop, and one that returns something.
class Table:
    def __init__(self, n, fail=None):
        self.rows = []
        for i in range(n):
            self.rows.append(i)
        if n == 4:
            return 5


def tables(n):
    result = 0
    for i in range(n):
        try:
            result += len(Table(i % 4 if i % 500 else 4, None).rows)
        except TypeError as error:
            result += 1000
            message = str(error)
    return result, message


print(tables(4000))


# Closures, keywords, cells.
def adder(step):
    def add(items):
        result = 0
        for item in items:
            result += item + step
        return result

    return add


def use_adders(n):
    result = 0
    for i in range(n):
        add = adder(i)
        result += add([i, 1])
    return result


print(use_adders(3000))


def keyed(first, second, third):
    result = []
    for x in (first, second, third):
        result.append(x)
    return result


def use_keyed(n):
    for i in range(n):
        last = keyed(i, third=3, second=2)
    return last


print(use_keyed(3000))


def counting():
    n = 0

    def bump(times):
        nonlocal n
        for _ in range(times):
            n += 1
        return n

    for i in range(3000):
        bump(i % 3)
    return n


print(counting())


# The callee changes.
def shape(x):
    r = 0
    for i in range(2):
        r += x
    return r


def use_shape(n):
    result = 0
    for i in range(n):
        result += shape(i)
    return result


print(use_shape(3000))


def shape(x):
    r = 1
    for i in range(3):
        r += x * 2
    return r


print(use_shape(3000))
shape.__code__ = total.__code__
try:
    use_shape(10)
except TypeError as error:
    print(error)


# One callee, many places to return to, of many types.
def pick(items, i):
    for k in range(1):
        x = items[i % len(items)]
    return x


def use_pick(n):
    a = b = c = 0
    text = []
    for i in range(n):
        a += pick([1, 2, 3], i)
        b += pick((1.5, 2.5), i)
        text.append(pick("abc", i))
        if pick([True, False, None], i):
            c += 1
    return a, b, c, "".join(text[:6])


print(use_pick(4000))


# Mutual recursion, and recursion through a loop.
def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


print(sum(is_even(i % 50) for i in range(3000)))


def permutations(items):
    if len(items) < 2:
        return [items]
    result = []
    for i in range(len(items)):
        for rest in permutations(items[:i] + items[i + 1:]):
            result.append([items[i]] + rest)
    return result


for _ in range(5):
    perms = permutations([1, 2, 3, 4, 5])
print(len(perms), perms[7], perms[-1])


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


print([ackermann(2, n) for n in range(40)][-1])


# Natives that call back into what is compiled.
def key(x):
    r = 0
    for i in range(2):
        r -= x
    return r


for _ in range(300):
    ordered = sorted(range(10), key=key)
print(ordered)


# A callee that is a generator, or yields to its caller's loop.
def squares(n):
    for i in range(n):
        yield total([i]) * i


def use_squares(n):
    result = 0
    for i in range(n):
        for x in squares(4):
            result += x
    return result


print(use_squares(1500))


# Handled exceptions stay what they are across calls.
def inside(n):
    r = None
    for i in range(n):
        r = sys.exception()
    return r


def handling(n):
    seen = set()
    for i in range(n):
        try:
            raise KeyError(i % 2)
        except KeyError:
            seen.add(repr(inside(2)))
    return sorted(seen), inside(1)


print(handling(2500))


# Parameters with defaults, which change.
def scaled(x, factor=2, offset=1):
    return x * factor + offset


def looped(x, times=3):
    for _ in range(times):
        x += 1
    return x


def use_defaults(n):
    result = 0
    for i in range(n):
        result += scaled(i) + scaled(i, 3) + looped(i)
        if i == n - 100:
            scaled.__defaults__ = (5, 7)
        if i == n - 50:
            looped.__defaults__ = (1,)
        if i == n - 20:
            scaled.__defaults__ = None
            scaled.__kwdefaults__ = None
            try:
                scaled(1)
            except TypeError as error:
                print(error)
            scaled.__defaults__ = (0, 0)
    return result


print(use_defaults(4000))


def closures(n):
    result = 0
    for i in range(n):
        def add(x, y=i):
            return x + y + i
        result += add(1)
    return result


print(closures(3000))
