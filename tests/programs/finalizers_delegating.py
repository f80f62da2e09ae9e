# A generator that waits inside of a `try` by delegation is closed when it dies; a coroutine that is awaited as it is made
# is not watched, one that waits in a `try` is.
import gc


class Later:
    def __await__(self):
        yield 1


log = []


def outer(n):
    try:
        yield from range(n)
    finally:
        log.append(("outer", n))


async def waits(n):
    try:
        await Later()
    finally:
        log.append(("waits", n))


async def plain(n):
    return n


async def sums(n):
    total = 0
    for i in range(n):
        total += await plain(i)
    return total


async def middle(n):
    await waits(n)


def apart(depth, f, *args):
    if depth:
        return max([apart(depth - 1, f, *args)])
    return f(*args)


def drop_some():
    for i in range(5):
        generator = outer(i + 1)
        next(generator)
        coroutine = middle(i)
        coroutine.send(None)
    return 0


apart(20, drop_some)
apart(20, len, "x" * 100)
gc.collect()
# What a native stack still has in a word may live on.
print(len([entry for entry in log if entry[0] == "outer"]) >= 4, len([entry for entry in log if entry[0] == "waits"]) >= 4)
for _ in range(3):
    try:
        sums(5000).send(None)
    except StopIteration as stop:
        print(stop.value)
