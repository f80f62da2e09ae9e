# Not under gc: each of the generators is made many times.
"""Generators that calls resume: next() with and without a default, send(), __next__(), in hot loops and by way of each other."""


def count(n, end=None):
    for i in range(n):
        yield i
    return end


def echo():
    got = yield "ready"
    while got is not None:
        got = yield got * 2
    return "over"


def failing(n):
    yield n
    raise KeyError(n)


class Reader:
    def __init__(self, source):
        self.source = source
        self.now = next(source)

    def advance(self):
        was = self.now
        self.now = next(self.source, None)
        return was


def words(text):
    at = 0
    while at < len(text):
        start = at
        while at < len(text) and text[at] != " ":
            at += 1
        yield text[start:at]
        at += 1


def read(text):
    reader = Reader(words(text))
    found = []
    while reader.now is not None:
        found.append(reader.advance())
    return found


def zipped(first, second):
    while True:
        try:
            yield next(first), next(second)
        except StopIteration as stop:
            return stop.value


def sums(rounds):
    total = 0
    for _ in range(rounds):
        source = count(5, "five")
        try:
            while True:
                total += next(source)
        except StopIteration as stop:
            total += len(stop.value)
    return total


def defaults(rounds):
    total = 0
    for i in range(rounds):
        source = count(i % 4)
        total += next(source, 100) + next(source, 1000) + source.__next__() if i % 4 == 3 else next(source, i)
    return total


def talk(rounds):
    said = 0
    for i in range(1, rounds):
        speaker = echo()
        assert speaker.send(None) == "ready"
        said += speaker.send(i)
        said += speaker.send(i + 1)
        try:
            speaker.send(None)
        except StopIteration as stop:
            said += len(stop.value)
    return said


def failures(rounds):
    seen = 0
    for i in range(rounds):
        source = failing(i)
        next(source)
        try:
            next(source)
        except KeyError as error:
            seen += error.args[0]
        seen += next(source, 7)
    return seen


async def wait(n):
    total = 0
    for i in range(n):
        total += await Answer(i)
    return total


class Answer:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got + 1


def drive(rounds):
    total = 0
    for _ in range(rounds):
        coroutine = wait(3)
        asked = coroutine.send(None)
        try:
            while True:
                asked = coroutine.send(asked + 10)
        except StopIteration as stop:
            total += stop.value
    return total


def depth(n):
    """Each is resumed by the call of the one around it."""
    if n:
        inner = depth(n - 1)
        while True:
            try:
                got = next(inner)
            except StopIteration:
                return
            yield got + 1
    else:
        yield from range(3)


print(read("a few words that are read one by one " * 200)[-3:])
print(sums(800), defaults(2400), talk(800), failures(1500), drive(600))
print(list(zipped(count(3000), count(2999, "short")))[-1])
print([list(depth(n))[-1] for n in (1, 5, 40)], sum(sum(depth(3)) for _ in range(400)))


def itself():
    yield next(me)


me = itself()
try:
    next(me)
except ValueError as error:
    print(error)
try:
    count(1).send(1)
except TypeError as error:
    print(error)


def leaks():
    yield 1
    raise StopIteration(3)


source = leaks()
next(source)
try:
    next(source)
except RuntimeError as error:
    print(error, repr(error.__cause__))


def lines(source):
    import traceback

    try:
        next(source)
        next(source)
    except KeyError as error:
        return [frame.name for frame in traceback.extract_tb(error.__traceback__)]


print(lines(failing(1)))


def endless(n):
    yield next(endless(n + 1))


try:
    next(endless(0))
except RecursionError as error:
    print("RecursionError")
