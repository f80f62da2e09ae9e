"""Attributes that were read and written by shape alone, until the class gets a descriptor or a hook for them: again and again."""


class Point:
    def __init__(self, x):
        self.x = x
        self.y = 0


def read(point):
    return point.x


def write(point, value):
    point.x = value


def make(value):
    return Point(value)


def warm(n=300):
    points = [make(i) for i in range(n)]
    for point in points:
        write(point, read(point) + 1)
    return sum(read(point) for point in points)


class Loud:
    """A data descriptor, which goes before what the instance has."""

    def __init__(self, name):
        self.name = name
        self.n_sets = 0

    def __get__(self, instance, owner):
        return instance.__dict__.get(self.name, 0) * 10

    def __set__(self, instance, value):
        self.n_sets += 1
        instance.__dict__[self.name] = value


for _ in range(3):
    print(warm())
    loud = Loud("x")
    Point.x = loud
    print(warm(), loud.n_sets)
    old = make(5)
    del Point.x
    print(warm(), read(old))
    Point.__setattr__ = lambda self, name, value: object.__setattr__(self, name, value * 2)
    print(warm())
    del Point.__setattr__
    print(warm())
    Point.__getattribute__ = lambda self, name: object.__getattribute__(self, name) + 1
    print(warm())
    del Point.__getattribute__


async def numbers(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield got


async def main():
    total = 0
    async for number in numbers(400):
        total += number
    steps = numbers(2)
    total += await steps.asend(None)
    total += await steps.asend(100)
    step = steps.__anext__()
    total += await step
    try:
        await step
    except RuntimeError as error:
        print(error)
    try:
        await steps.__anext__()
    except StopAsyncIteration as stop:
        print(repr(stop))
    step = numbers(1).asend(None)
    try:
        step.send(None)
    except StopIteration as stop:
        print(repr(stop))
    return total


try:
    main().send(None)
except StopIteration as stop:
    print(stop.value)
