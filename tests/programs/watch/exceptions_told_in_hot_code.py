# Not under gc: thousands of exceptions.
# Tools are told of exceptions that hot code throws and catches, and see who called whom.
import sys

M = sys.monitoring
E = M.events
M.use_tool_id(2, "test")


def gen():
    try:
        yield 1
    except KeyError:
        yield 2


def delegating():
    yield from gen()


def thrower(make, n):
    total = 0
    for i in range(n):
        g = make()
        next(g)
        total += g.throw(KeyError(i))
        try:
            g.throw(ValueError)
        except ValueError:
            total += 1
    return total


def catcher(n):
    total = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                raise IndexError(i)
            total += check(i)
        except IndexError:
            total += 1
        except ValueError as error:
            total += 2
    return total


def check(i):
    if i % 3 == 1:
        raise ValueError
    return 1


print(thrower(gen, 3000), thrower(delegating, 3000), catcher(3000))
seen = {}


def record(name):
    def callback(code, offset, exception):
        names = []
        frame = sys._getframe(1)
        while names[-1:] != ["told"]:
            names.append(frame.f_code.co_name)
            frame = frame.f_back
        key = (name, code.co_name, type(exception).__name__, *names)
        seen[key] = seen.get(key, 0) + 1

    return callback


for name in ("RAISE", "RERAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW"):
    M.register_callback(2, getattr(E, name), record(name))


def told(events, function, *args):
    seen.clear()
    M.set_events(2, events)
    result = function(*args)
    M.set_events(2, 0)
    print(function.__name__, result)
    for key in sorted(seen):
        print("   ", *key, seen[key])


every = E.RAISE | E.RERAISE | E.EXCEPTION_HANDLED | E.PY_UNWIND | E.PY_THROW
told(every, catcher, 3000)
told(every, thrower, gen, 3000)
told(E.PY_THROW, thrower, delegating, 3000)
told(E.RAISE, thrower, delegating, 3000)
told(E.RAISE, catcher, 3000)
told(E.PY_UNWIND, thrower, gen, 10)
print(thrower(gen, 3000), thrower(delegating, 3000), catcher(3000))
M.free_tool_id(2)
