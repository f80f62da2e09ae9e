# Calls in hot loops of more functions than a trace tells apart.
import sys


def made(number):
    names = {}
    exec(f"def f(x):\n    y = x + {number}\n    if y & 1:\n        y += 3\n    return y", names)
    return names["f"]


def add_up(callees, rounds):
    total = 0
    for turn in range(rounds):
        for callee in callees:
            total += callee(turn)
    return total


print("plain", add_up([made(number) for number in range(40)], 400))


def closure(number):
    def inner(x, step=1):
        return x * number + step

    return inner


class Adder:
    def __init__(self, x):
        self.x = x

    def __radd__(self, other):
        return other + self.x


def kinds():
    yield from (closure(number) for number in range(3))
    for number in range(12):
        names = {}
        exec(f"def f(x, y={number}): return x - y", names)
        yield names["f"]
        exec(f"def f(x, *rest, k=2, **others): return x + k * {number} + len(rest) + len(others)", names)
        yield names["f"]
        exec(f"class C:\n    def m(self, x): return x ^ {number}\n    def __call__(self, x): return x % {number + 1}", names)
        yield names["C"]().m
        yield names["C"]()
    yield from (abs, int, Adder, float, (lambda x: len(sys._getframe(1).f_locals)))


def run_kinds():
    callees = list(kinds())
    return add_up(callees, 300)


print("kinds", run_kinds())


def failing(number):
    names = {}
    exec(f"def f(x):\n    if x % {number + 3} == 0: raise ValueError(x, {number})\n    return x // (x % 7)", names)
    return names["f"]


def catch_all(rounds):
    callees = [failing(number) for number in range(30)]
    values = zeros = total = 0
    for turn in range(rounds):
        for callee in callees:
            try:
                total += callee(turn)
            except ValueError as error:
                values += error.args[1]
            except ZeroDivisionError:
                zeros += 1
    return values, zeros, total


print("raising", catch_all(300))


def escape(rounds):
    callees = [made(number) for number in range(20)]
    callees.append(lambda x: 1 // (250 - x))
    try:
        add_up(callees, rounds)
    except ZeroDivisionError as error:
        lines, traceback = [], error.__traceback__
        while traceback:
            lines.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        return lines, traceback


print("escaping", escape(400))


class Shape:
    pass


def shapes():
    def kind(number):
        def area(self, scale):
            return self.side * scale + number

        return type(f"Shape{number}", (Shape,), {"area": area})

    made = [kind(number)() for number in range(25)]
    for number, shape in enumerate(made):
        shape.side = number
    return made


def outer(shape, scale):
    return shape.area(scale) + 1


def methods(rounds):
    total = 0
    for turn in range(rounds):
        for shape in SHAPES:
            total += outer(shape, turn)
    return total


SHAPES = shapes()
print("methods", methods(500))


def deep(number):
    def go(left):
        return 0 if left == 0 else 1 + STEPS[left % len(STEPS)](left - 1)

    go.__code__ = go.__code__.replace(co_name=f"go{number}")
    return go


STEPS = [deep(number) for number in range(20)]
print("recursion", [STEPS[0](left) for left in (1, 50, 400)] + [sum(STEPS[3](60) for _ in range(200))])
try:
    STEPS[0](10**6)
except RecursionError:
    print("too deep")


def counted(number):
    def numbers(x):
        yield x + number
        yield from range(x % 3)

    return numbers


def generators(rounds):
    total = 0
    callees = [counted(number) for number in range(20)]
    for turn in range(rounds):
        for callee in callees:
            for value in callee(turn):
                total += value
    return total


print("generators", generators(300))


def inside():
    callees = [made(number) for number in range(30)]
    for turn in range(300):
        for callee in callees:
            yield callee(turn)


print("in a generator", sum(inside()))
