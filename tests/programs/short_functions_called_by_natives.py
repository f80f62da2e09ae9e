# Not under gc: functions are timed after twenty thousand calls.
# Functions that natives call again and again: each call enters an executor, which is timed against tier 1. Whoever wins, the
# results are these.


def mixed(a, b):
    a = a + b
    b = b * 3 - a
    a = a ^ b
    b = a - b + 7
    a = (a + b) % 1009
    b = (b + a) % 2003
    return a * b - a + b


def calls_itself(n):
    return n if n < 2 else calls_itself(n - 1) + calls_itself(n - 2)


def changes_its_mind(x):
    y = x + 1 if x % 5 else str(x)
    z = y * 2
    return len(str(z)) + (x if x % 3 else -x)


class Key:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        a, b = self.n * 7919 % 104729, other.n * 7919 % 104729
        return (a, self.n) < (b, other.n)


def numbers(n):
    for i in range(n):
        yield i * i % 97


print(sum(map(mixed, range(30000), range(30000))))
print(sum(map(calls_itself, [11] * 150)))
print(sum(map(changes_its_mind, range(25000))))
print([key.n for key in sorted(map(Key, range(2000)))[:8]])
print(sum(map(lambda x: x + 1, range(30000))), max(map(abs, numbers(20000))))

# The function that is timed raises, and goes on with other types.
def halves(x):
    a, b, c = x, x, x
    a = a + b - c; b = a * 2 - b; c = c + a - b
    return (a + b + c) // (x % 4001)


caught = 0
for start in range(0, 24006, 4001):
    try:
        sum(map(halves, range(start + 4000, start, -1)))
        sum(map(halves, range(start, start + 4000)))
    except ZeroDivisionError:
        caught += 1
print(caught, sum(map(halves, [1.5, 2.5] * 400)))
