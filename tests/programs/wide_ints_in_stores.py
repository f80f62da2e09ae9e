# Ints of any size that compiled loops put into attributes, lists, cells, generators and new objects, and truth values there.
import gc


class Ball:
    def __init__(self, x, step):
        self.x = x
        self.step = step
        self.is_up = step > 0
        self.is_odd = False

    def move(self):
        self.x += self.step
        if self.x > 500:
            self.x = 500
            self.step = -abs(self.step)
            self.is_up = False
        if self.x < 0:
            self.x = 0
            self.step = abs(self.step)
            self.is_up = True
        self.is_odd = not self.is_odd
        return self.x if self.is_up and not self.is_odd else -1


def bounce(balls, rounds):
    total = 0
    for _ in range(rounds):
        for ball in balls:
            total += ball.move()
    return total, [(ball.x, ball.step, ball.is_up, ball.is_odd) for ball in balls[:3]]


balls = [Ball(number * 7, number % 11 - 5) for number in range(20)]
print(bounce(balls, 100))
for edge in (1 << 47, 1 << 48, -(1 << 48) - 1, 1 << 62, -(1 << 63), 1 << 64):
    balls[0].step, balls[1].step, balls[2].x = edge, -edge, edge
    print(bounce(balls, 6))
balls[3].is_up, balls[4].is_odd, balls[5].is_up = 1, "yes", []
print(bounce(balls, 5))


class Keeper:
    pass


def keep(old, values, rounds):
    """Old objects get what is new."""
    count = 1 << 48
    items, cells = [0] * 8, 0
    def inner():
        nonlocal cells
        cells += count
        return cells
    for turn in range(rounds):
        count += turn * 3
        old.value = count
        items[turn & 7] = count * 5
        values.append(count - 1)
        fresh = Keeper()
        fresh.value = count + 2
        old.other = fresh
        inner()
        if turn % 50 == 0:
            gc.collect()
    return old.value, old.other.value, items, values[-1], sum(values), cells


old, values = Keeper(), []
gc.collect()
print(keep(old, values, 200))


def counting(start):
    while True:
        start += 1 << 45
        yield start


def drain(rounds):
    source = counting(0)
    total = 0
    for _ in range(rounds):
        total ^= next(source)
    return total, next(source)


print(drain(60))


def signs(values):
    total = 0
    for value in values:
        total += abs(value) ^ (value >> 3) | (value & -2)
        total -= value >> 63 ^ value
    return total


print(signs([number * 3 - 150 for number in range(100)] * 3), signs([(-1) ** number << number for number in range(70)] * 3))
