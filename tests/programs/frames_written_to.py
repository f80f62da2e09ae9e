"""Variables that are written through `f_locals`, of frames that run in loops, inlined and not."""
import sys


def write(depth, name, value):
    sys._getframe(depth + 1).f_locals[name] = value


# Of the loop's own frame.
def own(n):
    total = step = 0
    for i in range(n):
        if i % 97 == 50:
            sys._getframe().f_locals["step"] = i
        total += step
    return total, step


print(own(1000))


# Of the caller, whose variables are ints and floats in registers.
def caller(n):
    total, x, half = 0, 1, 0.5
    for i in range(n):
        if i % 101 == 7:
            write(0, "x", i)
            write(0, "half", i / 2)
        total += x + int(half)
    return total, x, half


print(caller(1000))


# Of an inlined call between the two.
def middle(i, n):
    kept = [i]
    if i == n:
        write(0, "i", -1)
        write(1, "seen", "%d" % n)
        write(0, "kept", (n,))
    return i, kept


def outer(n):
    seen, found = None, []
    for i in range(n):
        result, kept = middle(i, 777)
        if result < 0 or seen:
            found.append((i, result, kept, seen))
            seen = None
    return found


print(outer(1000))


# What closures share changes at once.
def closures(n):
    count = 0

    def look():
        return count

    def change(i):
        sys._getframe(1).f_locals["count"] = i
        return look()

    values = []
    for i in range(n):
        count += 1
        if i % 300 == 299:
            values.append((change(i * 10), count, look()))
    return values


print(closures(1000))


# What is no variable of the frame stays with its object; what is written is read again.
def beside(n):
    frame, found = sys._getframe(), 0
    for i in range(n):
        if i % 250 == 0:
            frame.f_locals["other"] = i
            frame.f_locals["i"] = -i
            found += frame.f_locals["other"] + frame.f_locals["i"]
            assert i == -frame.f_locals["other"]
    return found, dict(frame.f_locals)["other"]


print(beside(1000))


# A generator's.
def numbers(n):
    x = 0
    for i in range(n):
        yield x


def drive(n):
    total, generator = 0, numbers(n)
    for x in generator:
        total += x
        if total % 50 == 0:
            generator.gi_frame.f_locals["x"] = x + 1
    return total


print(drive(700))


def reset(n):
    x = 0
    for i in range(n):
        x += 1
        if i % 90 == 80:
            write(0, "x", 0)
        yield x


print(sum(reset(1000)))


# Unset variables.
def unset(n):
    for i in range(n):
        if i == n - 5:
            write(0, "late", i)
        if i > n - 3:
            print(late)
    late = None


unset(1000)


# An exception that leaves the frame after it was written to.
def failing(i):
    note = "no"
    if i == 900:
        sys._getframe(1).f_locals["where"] = i
        write(0, "note", "yes")
        raise ValueError(note)


def loop(n):
    where = None
    for i in range(n):
        failing(i)


try:
    loop(1000)
except ValueError as error:
    at = error.__traceback__.tb_next
    print(error, at.tb_frame.f_locals, at.tb_next.tb_frame.f_locals)
