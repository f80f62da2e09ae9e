# What sys calls for others: excepthook, displayhook, breakpointhook, audit hooks, hooks of asynchronous generators.
import builtins
import io
import os
import sys

for name in "displayhook", "breakpointhook", "unraisablehook":
    print(name, getattr(sys, name) is getattr(sys, f"__{name}__"), getattr(sys, name).__name__)

# displayhook
sys.displayhook(None)
print(hasattr(builtins, "_"))
sys.displayhook([1, "two"])
print(builtins._)
kept, sys.stdout = sys.stdout, io.StringIO()
sys.displayhook("to another stream")
text, sys.stdout = sys.stdout.getvalue(), kept
print(repr(text), builtins._)


class NoRepr:
    def __repr__(self):
        raise ValueError("no repr")


try:
    sys.displayhook(NoRepr())
except ValueError as error:
    print(error, builtins._)
del builtins._


# excepthook
def caught(function):
    try:
        function()
    except BaseException:
        return sys.exc_info()


def inner():
    1 / 0


kept, sys.stderr = sys.stderr, io.StringIO()
sys.__excepthook__(*caught(inner))
sys.__excepthook__(ValueError, ValueError("without a traceback"), None)
sys.__excepthook__(None, 5, None)
text, sys.stderr = sys.stderr.getvalue(), kept
print(text.replace(__file__, "FILE").replace(os.path.basename(__file__), "FILE"))
for wrong in (), (1,), (1, 2), (1, 2, 3, 4):
    try:
        sys.__excepthook__(*wrong)
    except TypeError:
        print("TypeError", len(wrong))

# breakpointhook
import types

tool = types.ModuleType("a_debugger")
tool.stop = lambda *args, **kws: ("stopped", args, kws)
sys.modules["a_debugger"] = tool
os.environ["PYTHONBREAKPOINT"] = "a_debugger.stop"
print(breakpoint(), breakpoint(1, 2, x=3))
os.environ["PYTHONBREAKPOINT"] = "0"
print(breakpoint())
os.environ["PYTHONBREAKPOINT"] = "len"
print(breakpoint([1, 2, 3]))
import warnings

for name in "a_debugger.nothing", "no_such_module_at_all.x":
    os.environ["PYTHONBREAKPOINT"] = name
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        print(breakpoint(), [(w.category.__name__, str(w.message)) for w in seen])
sys.breakpointhook = lambda *args: ("mine", args)
print(breakpoint("a"))
del sys.breakpointhook
try:
    breakpoint()
except RuntimeError as error:
    print(error)
sys.breakpointhook = sys.__breakpointhook__

# audit
events = []


def auditor(event, args):
    if event.startswith("test."):
        events.append((event, args))
    if event == "test.refused":
        raise PermissionError("refused")
    if event == "sys.addaudithook" and closed:
        raise closed


closed = None
sys.audit("test.nobody", 1)
sys.addaudithook(auditor)
sys.audit("test.one", 1, "two")
sys.audit("test.none")
try:
    sys.audit("test.refused", None)
except PermissionError as error:
    print(error)
second = []
sys.addaudithook(lambda event, args: second.append(event) if event.startswith("test.") else None)
sys.audit("test.both")
closed = ValueError("closed")
sys.addaudithook(print)
sys.audit("test.quiet")
closed = KeyboardInterrupt()
try:
    sys.addaudithook(print)
except KeyboardInterrupt:
    print("interrupted")
closed = None
print(events, second)
for wrong in (), (1,):
    try:
        sys.audit(*wrong)
    except TypeError:
        print("TypeError", wrong)


# asynchronous generators
async def numbers():
    try:
        yield 1
        yield 2
    finally:
        print("closed")


def run(awaitable):
    step = awaitable.__await__()
    try:
        while True:
            print("waits for", step.send(None))
    except StopIteration as stop:
        return stop.value


begun = []
print(sys.get_asyncgen_hooks())
before = sys.get_asyncgen_hooks()
sys.set_asyncgen_hooks(firstiter=lambda generator: begun.append(generator.__name__))
hooks = sys.get_asyncgen_hooks()
print(hooks.firstiter is not None, hooks.finalizer)
generator = numbers()
print(begun)
print(run(generator.__anext__()), begun)
print(run(anext(generator)), begun)
print(run(anext(generator, "the end")), run(anext(generator, "again")), begun)
sys.set_asyncgen_hooks(*before)
print(sys.get_asyncgen_hooks())
for wrong in dict(firstiter=1), dict(finalizer="x"):
    try:
        sys.set_asyncgen_hooks(**wrong)
    except TypeError as error:
        print(error)


async def loop():
    return [item async for item in aiter(numbers())]


print(run(loop()))
for function, value in (aiter, 1), (anext, 1), (aiter, [1]):
    try:
        function(value)
    except TypeError as error:
        print(error)


class Bad:
    def __aiter__(self):
        return 5

    def __anext__(self):
        return 5


try:
    aiter(Bad())
except TypeError as error:
    print(error)
try:
    anext(Bad(), 1).send(None)
except TypeError as error:
    print(error)
generator = numbers()
step = anext(generator, None)
print(type(step).__name__, iter(step) is step, step.__await__() is step)
step.close()
try:
    anext(numbers(), 0).throw(KeyError("thrown"))
except KeyError as error:
    print(repr(error))
