"""The frames in tracebacks, as they were when they ended."""
import gc
import sys


def entries(exception):
    at = exception.__traceback__
    while at is not None:
        yield at
        at = at.tb_next


def shown(exception):
    for entry in entries(exception):
        frame = entry.tb_frame
        names = {k: v for k, v in frame.f_locals.items() if not k.startswith("__")}
        if frame.f_code.co_name != "<module>":
            print(frame.f_code.co_name, entry.tb_lineno, sorted(names.items()))


def inner(n, deep=None):
    half = n / 2
    if n == 0:
        cell = [half]
        read = lambda: cell
        raise ValueError(n)
    unset = inner(n - 1, deep=half)
    return unset


def outer(n):
    word = "w" * n
    return inner(n)


def caught():
    before = 1
    try:
        outer(1)
    except ValueError as error:
        kept = error
        after = before + 1
    del before
    return kept


kept = caught()
for entry in entries(kept):
    frame = entry.tb_frame
    local = dict(frame.f_locals)
    for name in ("kept", "read"):
        if name in local:
            local[name] = type(local[name]).__name__
    print(frame.f_code.co_name, entry.tb_lineno, frame.f_lineno, local)
    assert frame is entry.tb_frame
    assert frame.f_globals is globals()
# Callers.
at = list(entries(kept))
print([e.tb_frame.f_code.co_name for e in at])
print(at[-1].tb_frame.f_back is at[-2].tb_frame, at[-2].tb_frame.f_back is at[-3].tb_frame)
stack, frame = [], at[-1].tb_frame
while frame is not None and frame is not at[1].tb_frame:
    stack.append(frame.f_code.co_name)
    frame = frame.f_back
print(stack)


# Who runs is seen as it is now.
def running():
    count = 0
    try:
        inner(0)
    except ValueError as error:
        entry = error.__traceback__
        print(entry.tb_frame is sys._getframe(), entry.tb_frame.f_locals["count"])
        count = 5
        print(entry.tb_frame.f_locals["count"], entry.tb_lineno < entry.tb_frame.f_lineno)
    return entry


entry = running()
print(entry.tb_frame.f_locals["count"], "error" in entry.tb_frame.f_locals)
print(entry.tb_next.tb_frame.f_back is entry.tb_frame or entry.tb_next.tb_frame.f_back)


# Of recursive calls each has its own.
def recursive(n):
    try:
        if n == 0:
            raise KeyError("bottom")
        return recursive(n - 1)
    except KeyError as error:
        if n < 2:
            raise
        return error


def seen(n):
    return [(e.tb_frame.f_locals["n"], e.tb_lineno) for e in entries(recursive(n))]


print(seen(4))


# Changed and cleared.
def changed():
    x = 1
    y = [2]
    raise IndexError


try:
    changed()
except IndexError as error:
    frame = error.__traceback__.tb_next.tb_frame
    frame.f_locals["z"] = 3
    print(dict(frame.f_locals))
    frame.clear()
    print(dict(frame.f_locals))


# Generators.
def numbers():
    total = 0
    for i in range(3):
        total += i
        yield total
    1 / 0


def spoiled():
    try:
        yield 1
    except KeyError as error:
        note = "caught"
        yield error


try:
    for n in numbers():
        pass
except ZeroDivisionError as error:
    shown(error)
generator = spoiled()
next(generator)
error = generator.throw(KeyError("k"))
frame = error.__traceback__.tb_frame
print(frame is generator.gi_frame, frame.f_locals["note"])
generator.close()


# Hot: in traces, inlined and not.
class Stack:
    def __init__(self):
        self.items = []

    def pop(self):
        found = len(self.items)
        if not found:
            raise IndexError("empty")
        return self.items.pop()


def attempt(stack, i):
    twice = 2 * i
    half = i / 2
    try:
        stack.pop()
    except IndexError as error:
        twice += 1
        if i % 100 == 37:
            last = half
            return error
    finally:
        twice += 1
    return None


def fails(i):
    third = i * 3
    raise LookupError(i)


def passes(i):
    name = "n%d" % i
    try:
        fails(i)
    except KeyError:
        pass
    finally:
        name += "!"


def hot():
    stack, results, n = Stack(), [], 0
    for i in range(500):
        error = attempt(stack, i)
        if error is not None:
            results.append(error)
        try:
            passes(i)
        except LookupError as error:
            n += 1
            if i % 200 == 199:
                results.append(error)
    return results


results = hot()
for error in results[-3:]:
    print(type(error).__name__)
    for entry in entries(error):
        frame = entry.tb_frame
        local = {k: v for k, v in frame.f_locals.items() if isinstance(v, (int, float, str))}
        print("  ", frame.f_code.co_name, entry.tb_lineno, local)


# Nothing is kept that nobody can reach.
class Noted:
    n_left = 0

    def __del__(self):
        Noted.n_left += 1


def holds():
    noted = Noted()
    raise OSError


def drops(n):
    for _ in range(n):
        try:
            holds()
        except OSError:
            pass


drops(50)
gc.collect()
print(Noted.n_left >= 45)


class Body(Exception):
    pass


try:
    class Broken:
        attribute = 1
        raise Body
except Body as error:
    print(error.__traceback__.tb_next.tb_frame.f_locals["attribute"])
