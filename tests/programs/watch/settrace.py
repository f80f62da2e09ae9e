# What a trace function is told of.
import sys

events = []


def tracer(frame, event, arg):
    name = frame.f_code.co_name
    line = frame.f_lineno - frame.f_code.co_firstlineno
    if event == "exception":
        arg = arg[0].__name__
    elif event == "return" and not isinstance(arg, (int, str, type(None))):
        arg = type(arg).__name__
    events.append((name, line, event, arg))
    return tracer


def show(function, *args):
    events.clear()
    sys.settrace(tracer)
    try:
        function(*args)
    except BaseException as error:
        sys.settrace(None)
        print("raised", type(error).__name__, error)
    finally:
        sys.settrace(None)
    print(function.__name__)
    for event in events:
        print("   ", *event)


def straight(a):
    b = a + 1
    c = b * 2
    return c


def branches(a):
    if a > 1:
        x = 1
    elif a:
        x = 2
    else:
        x = 3
    return x


def loop(n):
    total = 0
    for i in range(n):
        total += i
    else:
        total += 100
    return total


def while_loop(n):
    while n:
        n -= 1
    return n


def one_line(n):
    for i in range(n): pass
    while n: n -= 1


def callee(x):
    return x + 1


def caller():
    a = callee(1)
    b = callee(
        2
    )
    return a + b


def raiser():
    raise ValueError("no")


def catcher():
    try:
        raiser()
    except ValueError as error:
        x = 1
    finally:
        x = 2
    return x


def thrower():
    raiser()


def gen(n):
    for i in range(n):
        yield i
    return "done"


def use_gen():
    for x in gen(2):
        pass
    return list(gen(1))


def delegating():
    result = yield from gen(1)
    yield result


def use_delegating():
    return [x for x in delegating()]


def throwing():
    g = gen(3)
    next(g)
    try:
        g.throw(KeyError("k"))
    except KeyError:
        pass
    h = gen(3)
    next(h)
    h.close()


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return True


def managed():
    with Manager():
        raise KeyError
    return 1


def classes():
    class A:
        x = 1

        def f(self):
            return self.x

    return A().f()


def comprehension():
    return [
        i
        for i in range(3)
        if i
    ]


def nested_functions():
    def inner(k):
        return k

    return inner(1) + (lambda: 2)()


def assertion():
    try:
        assert 1 == 2, "x"
    except AssertionError:
        return 1


def recursion(n):
    if n == 0:
        return 0
    return 1 + recursion(n - 1)


async def coroutine():
    await pause()
    return 3


class pause:
    def __await__(self):
        yield 1
        return 2


def drive():
    c = coroutine()
    c.send(None)
    try:
        c.send(None)
    except StopIteration as stop:
        return stop.value


def try_in_loop():
    for i in range(3):
        try:
            if i == 1:
                continue
            if i == 2:
                break
        finally:
            x = i
    return x


def matching(v):
    match v:
        case [a, b]:
            return a
        case {"k": x}:
            return x
        case _:
            return 0


show(straight, 1)
show(branches, 0)
show(branches, 1)
show(branches, 2)
show(loop, 0)
show(loop, 2)
show(while_loop, 2)
show(one_line, 2)
show(caller)
show(raiser)
show(catcher)
show(thrower)
show(use_gen)
show(use_delegating)
show(throwing)
show(managed)
show(classes)
show(comprehension)
show(nested_functions)
show(assertion)
show(recursion, 2)
show(drive)
show(try_in_loop)
show(matching, [1, 2])
show(matching, {"k": 1})
show(matching, 5)

# What a trace function raises ends the tracing.


def bad(frame, event, arg):
    if event == "line":
        raise RuntimeError("from the tracer")
    return bad


def run():
    a = 1
    return a


sys.settrace(bad)
try:
    run()
except RuntimeError as error:
    print("caught", error, sys.gettrace())
sys.settrace(None)

# Lines may be left out, instructions let in.


def quiet(frame, event, arg):
    frame.f_trace_lines = False
    events.append(event)
    return quiet


events.clear()
sys.settrace(quiet)
run()
sys.settrace(None)
print(events)


def opcodes(frame, event, arg):
    frame.f_trace_opcodes = True
    events.append(event)
    return opcodes


events.clear()
sys.settrace(opcodes)
run()
sys.settrace(None)
print(events.count("opcode") > 2, events.count("line"), events[0], events[-1])

# A local function can be another one, or be given from without.


def local_one(frame, event, arg):
    events.append(("local", event))
    return local_two


def local_two(frame, event, arg):
    events.append(("two", event))


def global_one(frame, event, arg):
    return local_one


events.clear()
sys.settrace(global_one)
run()
sys.settrace(None)
print(events)


def from_within():
    sys._getframe().f_trace = local_one
    sys.settrace(lambda *args: None)
    x = 1
    x = 2
    sys.settrace(None)
    return x


events.clear()
from_within()
print(events)
print(sys.gettrace())

# Hot code is traced from the moment that it is asked for, and is fast again after.


def hot(n):
    total = 0
    for i in range(n):
        total += i
        if i == n - 3:
            sys.settrace(counting)
            sys._getframe().f_trace = counting
    sys.settrace(None)
    return total


counted = []


def counting(frame, event, arg):
    counted.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return counting


print(hot(5000))
print(counted)


def add(a, b):
    return a + b


def hot_calls(n):
    total = 0
    for i in range(n):
        total = add(total, i)
    return total


print(hot_calls(5000))
counted.clear()
sys.settrace(counting)
hot_calls(2)
sys.settrace(None)
print(counted)
print(hot_calls(5000))
try:
    sys.settrace()
except TypeError as error:
    print(error)
