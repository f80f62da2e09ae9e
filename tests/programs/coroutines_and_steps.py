"""What coroutines, generators and the steps of asynchronous generators do where they are used in wrong ways, and in rare ones."""
import sys
import types
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def show(what, function, *arguments):
    try:
        print(what, function(*arguments))
    except BaseException as error:
        print(what, type(error).__name__, error, "from", repr(error.__cause__))


def drive(awaitable):
    """Runs a coroutine; gives what it awaited, and its result."""
    iterator, seen = awaitable if isinstance(awaitable, types.GeneratorType) else awaitable.__await__(), []
    while True:
        try:
            seen.append(next(iterator))
        except StopIteration as end:
            return seen, end.value


@types.coroutine
def pause(value):
    return (yield value)


async def give(value):
    await pause("paused")
    return value


def generate():
    yield 1


async def generate_async():
    yield 1
    await pause("between")
    yield 2


for made in (generate(), give(1), generate_async()):
    made.__name__, made.__qualname__ = "new", "very.new"
    print(made.__name__, made.__qualname__, repr(made).split(" at ")[0])
    for name in ("__name__", "__qualname__"):
        show(name, setattr, made, name, 5)
        show(name, delattr, made, name)
    if hasattr(made, "close"):
        made.close()

# Coroutines as iterators.
coroutine = give(3)
wrapper = coroutine.__await__()
print(type(wrapper).__name__, iter(wrapper) is wrapper, next(wrapper), coroutine.cr_running, coroutine.cr_await is not None)
show("send", wrapper.send, None)
show("again", coroutine.send, None)
show("throw", coroutine.throw, ValueError("x"))
show("iter", iter, give)
coroutine = give(4)
next(coroutine.__await__())


async def wait_for(what):
    return await what


show("awaited already", drive, wait_for(coroutine))
coroutine.close()


class Wrong:
    def __init__(self, gives):
        self.gives = gives

    def __await__(self):
        return self.gives


inner = give(5)
show("coroutine from __await__", drive, wait_for(Wrong(inner)))
inner.close()
show("no iterator", drive, wait_for(Wrong(5)))
show("None", drive, wait_for(Wrong(None)))
show("nothing", drive, wait_for(5))


class Manager:
    def __init__(self, enter, exit):
        self.enter, self.exit = enter, exit

    def __aenter__(self):
        return self.enter

    def __aexit__(self, *rest):
        return self.exit


async def use(manager):
    async with manager:
        pass


async def leave(manager):
    async with manager:
        raise KeyError("inside")


show("__aenter__", drive, use(Manager(1, 2)))
show("__aexit__", drive, use(Manager(give(1), 2)))
show("__aexit__ of an exception", drive, leave(Manager(give(1), None)))


def delegate(what):
    yield from what


inner = give(1)
show("yield from", lambda: list(delegate(inner)))
print(drive(types.coroutine(delegate)(inner)))


class Each:
    def __init__(self, gives):
        self.gives = gives

    def __aiter__(self):
        return self

    def __anext__(self):
        return self.gives


class Raises:
    def __await__(self):
        raise ZeroDivisionError("in __await__")


async def go_through(each):
    async for _ in each:
        pass


show("__anext__", drive, go_through(Each(7)))
show("__anext__ that raises", drive, go_through(Each(Raises())))


# Ends that become errors.
async def ends_early():
    raise StopIteration("early")


async def ends_async():
    if False:
        yield
    raise StopAsyncIteration("early")


async def stops():
    if False:
        yield
    raise StopIteration("early")


show("coroutine", drive, ends_early())
show("async", drive, go_through(ends_async()))
show("stop", drive, go_through(stops()))


async def keeps_on():
    try:
        await pause(1)
    except GeneratorExit:
        await pause(2)


coroutine = keeps_on()
coroutine.send(None)
show("close", coroutine.close)


# Steps of asynchronous generators.
generator = generate_async()
step = generator.asend(None)
other = generator.__anext__()
show("first", step.send, None)
show("used", step.send, None)
step = generator.__anext__()
print(step.send(None), generator.ag_running)
show("while running", other.send, None)
show("used", other.send, None)
closing = generator.aclose()
show("aclose while running", closing.send, None)
show("close", closing.close)
throwing = generator.athrow(KeyError("k"))
show("athrow while running", throwing.throw, ValueError)
show("second", step.send, None)
print(generator.ag_running)
throwing = generator.athrow(KeyError, "k")
show("athrow", throwing.send, None)
show("used", throwing.send, None)
show("after the end", generator.asend(None).send, None)
show("aclose after the end", generator.aclose().send, None)
generator = generate_async()
show("athrow at first", generator.athrow(ValueError("v")).send, None)
generator = generate_async()
show("athrow what is none", generator.athrow(5).send, None)
generator = generate_async()
print(drive(generator.asend(None)))
closing = generator.aclose()
show("value to a fresh one", closing.send, 1)
show("aclose", closing.send, None)
show("closed", generator.asend(None).send, None)


async def ignores_exit():
    try:
        yield 1
    except GeneratorExit:
        yield 2


generator = ignores_exit()
drive(generator.asend(None))
show("ignored", generator.aclose().send, None)


async def awaits_at_exit():
    try:
        yield 1
    finally:
        await pause("at exit")


generator = awaits_at_exit()
drive(generator.asend(None))
step = generator.aclose()
print(step.send(None))
show("step's close", step.close)

hooked = []
sys.set_asyncgen_hooks(firstiter=lambda generator: hooked.append(generator.__name__))
generator = generate_async()
steps = [generator.asend(None), generator.asend(None), generator.aclose()]
print(hooked)
for step in steps:
    step.close()
sys.set_asyncgen_hooks(firstiter=None)


# anext with a default.
async def last():
    generator = generate_async()
    return [await anext(generator, "end") for _ in range(4)]


print(drive(last()))


class PythonSteps:
    def __init__(self):
        self.n = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > 2:
            raise StopAsyncIteration
        return self.n


async def python_steps():
    steps = PythonSteps()
    return [await anext(steps, "end") for _ in range(4)]


print(drive(python_steps()))


# throw: what it takes, and whose frames it shows.
class NoInstance(Exception):
    def __new__(cls):
        return 5


def catches():
    while True:
        try:
            yield
        except Exception as error:
            print("caught", type(error).__name__, error)


generator = catches()
next(generator)
show("no instance", generator.throw, NoInstance)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    show("class and value", generator.throw, ValueError, "v")
    show("class and arguments", generator.throw, ValueError, (1, 2))
    show("instance and value", generator.throw, ValueError(1), 2)
    show("traceback", generator.throw, ValueError, None, 5)
show("int", generator.throw, 5)


def names():
    frame, found = sys._getframe(1), []
    while frame.f_code.co_name != "<module>":
        found.append(frame.f_code.co_name)
        frame = frame.f_back
    return found


def inner_names():
    try:
        yield
    except ValueError:
        print(names())
        yield


def outer_names():
    yield from inner_names()


generator = outer_names()
next(generator)
generator.throw(ValueError)


class Thrower:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *what):
        print(names(), generator.gi_running)
        try:
            generator.send(None)
        except ValueError as error:
            print(error)
        return 2


generator = delegate(Thrower())
next(generator)
print(generator.throw(ValueError), generator.gi_running, next(generator))

# Awaiting in hot code what is fresh, and what is not.
async def hot(n):
    total = 0
    for i in range(n):
        total += await quick(i)
    return total


async def quick(i):
    return i


print(drive(hot(5000)))


async def hot_with_used(n):
    used, wrong = give(0), 0
    used.send(None)
    for i in range(n):
        try:
            await (used if i % 1000 == 999 else quick(i))
        except RuntimeError as error:
            wrong += 1
            message = str(error)
    used.close()
    return wrong, message


print(drive(hot_with_used(4000)))
