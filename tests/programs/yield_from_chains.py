# Not under gc: it imports inspect.
# Values go through many generators that delegate to one another: nobody between sees more or less of it than if each was
# resumed by itself.
import inspect
import sys


class Tree:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(values):
    if not values:
        return None
    middle = len(values) // 2
    return Tree(tree(values[:middle]), values[middle], tree(values[middle + 1:]))


whole = tree(range(3000))
for _ in range(5):
    print(sum(whole), end=" ")
print(list(whole) == list(range(3000)))


# What stands between is running while the innermost one runs, and suspended otherwise.
chain = []


def states():
    return "".join(inspect.getgeneratorstate(generator)[4] for generator in chain)


def innermost(n):
    for i in range(n):
        seen.append(states())
        seen.append(len(inspect.stack()) - depth)
        got = yield i
        if got is not None:
            seen.append(got)
    return "done"


def outer(level, n):
    inner = outer(level - 1, n) if level else innermost(n)
    chain.append(inner)
    result = yield from inner
    return f"{result}{level}"


for round in range(40):
    seen, depth = [], len(inspect.stack())
    chain.clear()
    top = outer(5, 4)
    chain.append(top)
    values = [next(top)]
    after = states()
    try:
        while True:
            values.append(top.send("s%d" % len(values)))
    except StopIteration as stop:
        value = stop.value
print(values, value, after, states())
print(seen)


# One in the middle that runs already.
def hopeless():
    try:
        middle.send(None)
    except ValueError as error:
        yield str(error)
    yield "then"


def passing(generator):
    return (yield from generator)


middle = passing(hopeless())
print(list(passing(passing(middle))))


# One that others have taken from, or closed, meanwhile.
def count(n):
    for i in range(n):
        yield i
    return n


shared = count(10)
top = passing(passing(shared))
print([next(top), next(shared), next(top), next(shared), next(top)])
shared.close()
try:
    print(next(top))
except StopIteration as stop:
    print("over", stop.value)

shared = count(4)
top = passing(passing(shared))
print(next(top), list(shared))
try:
    print(next(top))
except StopIteration as stop:
    print("over", stop.value)


# Exceptions come out through all of them, and go in.
def raising(n):
    for i in range(n):
        try:
            yield i
        except KeyError as error:
            yield ("caught", error.args)
    raise LookupError(n)


def guarding(level, n):
    try:
        yield from guarding(level - 1, n) if level else raising(n)
    except LookupError as error:
        trail.append((level, len(inspect.trace()), type(error).__name__))
        if level == 3:
            yield "handled"
            return
        raise
    finally:
        trail.append(level)


for _ in range(30):
    trail = []
    out = list(guarding(5, 3))
print(out, trail)
trail = []
top = guarding(4, 3)
print(next(top), top.throw(KeyError("k")), next(top))
top.close()
print(trail)


# The exception that is handled is each one's own.
def handled(n):
    for _ in range(n):
        yield sys.exception()


def handling(level):
    try:
        raise RuntimeError(level)
    except RuntimeError:
        yield from handling(level - 1) if level else handled(3)
        yield sys.exception()


for _ in range(20):
    got = []
    top = handling(2)
    for error in top:
        got.append((repr(error), repr(sys.exception())))
print(got)


# As deep as the recursion limit lets it.
def deep(level):
    if level:
        yield from deep(level - 1)
    else:
        yield 1
        yield 2


sys.setrecursionlimit(220)
fits = deep(100)
print(next(fits), next(fits), next(fits, "over"))


def called(levels, generator):
    return called(levels - 1, generator) if levels else next(generator)


fits = deep(100)
print(next(fits))
try:
    called(180, fits)
except RecursionError:
    pass
sys.setrecursionlimit(1000)
print(inspect.getgeneratorstate(fits) in ("GEN_SUSPENDED", "GEN_CLOSED"))


# Who traces is told of each.
def watch(frame, event, arg):
    events.append((event, frame.f_code.co_name, arg if event in ("return",) else None))
    return watch


events = []
top = passing(passing(count(3)))
next(top)
sys.settrace(watch)
next(top)
sys.settrace(None)
next(top)
print(events)


# Coroutines that wait for one another.
class Wait:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        return (yield self.value)


async def waits(level, n):
    total = 0
    if level:
        for _ in range(2):
            total += await waits(level - 1, n)
    else:
        for i in range(n):
            total += await Wait(i)
    return total


async def generating(level):
    async def values():
        for i in range(3):
            yield await waits(level, 1) + i

    return [value async for value in values()]


def run(coroutine):
    n, send = 0, None
    try:
        while True:
            n += coroutine.send(send) or 1
            send = n
    except StopIteration as stop:
        return stop.value, n


print(run(waits(6, 3)), run(waits(0, 5)), run(generating(3)))
