# Generators that compiled loops resume, and all the ways in which they stop being what the loop knows.
import sys


def count(n):
    for i in range(n):
        yield i


def total(iterable):
    result = 0
    for item in iterable:
        result += item
    return result


print(total(count(3000)), total(count(0)), total(i * i for i in range(2000)))


# Several places to yield from; state that changes its type.
def alternating(n):
    value = 0
    while n:
        yield value
        value += 1
        yield -value
        if n == 700:
            value += 0.5
        n -= 1
    return "done"


print(total(alternating(1500)))


def until(generator, limit):
    seen = 0
    for item in generator:
        seen += 1
        if seen == limit:
            break
    return item, seen


# Left in the middle and gone on with elsewhere.
numbers = count(10_000)
print(until(numbers, 2500), next(numbers), until(numbers, 2500), numbers.send(None), total(numbers))
print(total(numbers), next(numbers, "empty"))


# A delegating generator, and what it returns.
def delegating(n):
    result = yield from alternating(n)
    yield 1 if result == "done" else 0
    yield from count(n)
    yield from [1, 2, 3]


print(total(delegating(1200)))


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


print(total(tree(11)))


# Exceptions out of the middle; the generator is finished then.
def failing(n, at):
    for i in range(n):
        yield 100 // (at - i) if at - i else 100 // (at - i)


def sum_failing(n, at):
    generator = failing(n, at)
    result = 0
    try:
        for item in generator:
            result += item
    except ZeroDivisionError as error:
        frames = []
        traceback = error.__traceback__
        while traceback:
            frames.append((traceback.tb_frame.f_code.co_name, traceback.tb_lineno - sum_failing.__code__.co_firstlineno))
            traceback = traceback.tb_next
        return result, frames, next(generator, "finished")
    return result


print(sum_failing(3000, 5000), sum_failing(3000, 2222), sum_failing(3000, 0))


# `finally` and `except` inside.
log = []


def guarded(n):
    try:
        for i in range(n):
            try:
                yield i
            finally:
                if i % 1000 == 0:
                    log.append(i)
    finally:
        log.append("end")


print(total(guarded(2500)), log)
log.clear()
generator = guarded(5000)
print(until(generator, 2500), generator.close(), log)


def handling(n):
    for i in range(n):
        try:
            if i % 3 == 0:
                raise ValueError(i)
            yield 1
        except ValueError as error:
            yield error.args[0]


print(total(handling(2000)))


def yields_while_handling(n):
    for i in range(n):
        try:
            raise KeyError(i)
        except KeyError:
            yield i, sys.exc_info()[1]


def sum_handling(n):
    result = 0
    for i, error in yields_while_handling(n):
        assert error.args == (i,) and sys.exc_info()[1] is None
        result += i
    return result


print(sum_handling(1500))


# A generator that is resumed while it runs, by what it calls.
def reentrant(n, box):
    for i in range(n):
        if i == n - 1:
            box.append(call(next, box[0]))
        yield i


def call(function, *args):
    try:
        return function(*args)
    except ValueError as error:
        return str(error)


box = []
box.append(reentrant(2000, box))
print(total(box[0]), box[1])


class Peeking:
    """An operator that looks at the generator that uses it."""

    def __init__(self):
        self.states = set()
        self.generator = None

    def __add__(self, other):
        generator = self.generator
        self.states.add((generator.gi_running, generator.gi_suspended, call(generator.send, None)))
        return other


def peeked(n, peeking):
    for i in range(n):
        yield peeking + i


peeking = Peeking()
peeking.generator = peeked(2500, peeking)
print(total(peeking.generator), peeking.states)


# The consumer and its loop's body share one generator.
def shared(n):
    generator = count(n)
    pairs = 0
    for item in generator:
        pairs += item * next(generator)
    return pairs


print(shared(4000))


def two_names(n):
    first = count(n)
    second = first
    result = 0
    for item in first:
        for other in second:
            result += item ^ other
            break
    return result


print(two_names(4000))


# One generator in the frame of another of the same code.
def plus_one(items):
    for item in items:
        yield item + 1


def nested(n):
    return total(plus_one(plus_one(plus_one(count(n)))))


print(nested(3000))


def itself():
    yield 1
    for item in plus_one(me):
        yield item


me = plus_one(itself())
try:
    print(total(me))
except ValueError as error:
    print("ValueError:", error)


# Locals that are deleted, rebound, captured.
def locals_of_all_kinds(n):
    captured = 0

    def add(amount):
        nonlocal captured
        captured += amount
        return captured

    for i in range(n):
        temporary = add(i)
        yield temporary
        if i % 500 == 499:
            del temporary
            temporary = None
    yield captured


print(total(locals_of_all_kinds(2000)))


def unbound_after(n):
    for i in range(n):
        value = i
        yield value
        if i == 1999:
            del value
            yield value


def sum_unbound(n):
    result = 0
    try:
        for item in unbound_after(n):
            result += item
    except UnboundLocalError as error:
        return result, str(error)
    return result


print(sum_unbound(1500), sum_unbound(2500))


# Large integers and floats in a generator's frame.
def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def digits(n):
    length = 0
    for number in fibonacci():
        length += number.bit_length()
        n -= 1
        if n == 0:
            return length


print(digits(1200))


def halves():
    x = 1.0
    while x > 0.0:
        yield x
        x /= 2


print(sum(1 for _ in halves()), total(halves()))


# What is sent.
def accumulator():
    result = 0
    while True:
        sent = yield result
        if sent is None:
            sent = 1
        result += sent


def drive(n):
    machine = accumulator()
    next(machine)
    result = 0
    for i in range(n):
        result = machine.send(i)
    for result in machine:
        if result % 1000 == 0:
            return result


print(drive(2000))


def forward(n):
    inner = accumulator()
    value = yield from inner
    return value


def drive_forward(n):
    machine = forward(n)
    next(machine)
    for i in range(n):
        result = machine.send(i)
    return result


print(drive_forward(2500))


# Who is in charge is seen from inside.
def depth():
    names = []
    frame = sys._getframe(1)
    while frame:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


def looking(n):
    for i in range(n):
        yield depth() if i == n - 1 else None


def look(n):
    for item in looking(n):
        pass
    return item


print(look(2000))


# Coroutines that await each other.
class Turn:
    def __await__(self):
        return (yield self)


async def leaf(i):
    if i % 7 == 0:
        await Turn()
    return i


async def branch(n):
    result = 0
    for i in range(n):
        result += await leaf(i)
    return result


def run(coroutine):
    turns = 0
    try:
        while True:
            coroutine.send(None)
            turns += 1
    except StopIteration as stop:
        return stop.value, turns


print(run(branch(3000)))


async def fails(i):
    if i == 1777:
        raise RuntimeError("at " + str(i))
    return i


async def catches(n):
    result = 0
    for i in range(n):
        try:
            result += await fails(i)
        except RuntimeError as error:
            result += len(str(error))
    return result


print(run(catches(3000)))

reused = leaf(1)
print(run(reused))
try:
    run(reused)
except RuntimeError as error:
    print(error)
