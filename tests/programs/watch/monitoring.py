# What tools are told of.
import sys

M = sys.monitoring
E = M.events
TOOL = 3
NAMES = {value: name for name, value in vars(E).items() if value and value & (value - 1) == 0}
events = []
ORDER = "PY_START PY_RESUME PY_RETURN PY_YIELD CALL LINE JUMP BRANCH_LEFT BRANCH_RIGHT STOP_ITERATION RAISE EXCEPTION_HANDLED PY_UNWIND PY_THROW RERAISE C_RETURN C_RAISE".split()


def recorder(name):
    def record(code, *args):
        if code.co_name == "show":
            return
        if name == "LINE":
            args = (args[0] - code.co_firstlineno,)
        elif name in ("CALL", "C_RETURN", "C_RAISE"):
            args = (getattr(args[1], "__name__", "?"), args[2] if args[2] is not M.MISSING else "MISSING")
            args = tuple(x if isinstance(x, (int, str)) else type(x).__name__ for x in args)
        elif name in ("JUMP", "BRANCH_LEFT", "BRANCH_RIGHT"):
            lines = {}
            for start, end, line in code.co_lines():
                for at in range(start, end, 2):
                    lines[at] = line
            args = tuple(lines[at] - code.co_firstlineno for at in args)
        elif len(args) > 1:
            args = (args[1] if isinstance(args[1], (int, str, type(None))) else type(args[1]).__name__,)
        else:
            args = ()
        events.append((code.co_name, name, *args))
    return record


def show(function, names):
    events.clear()
    wanted = 0
    for name in names:
        M.register_callback(TOOL, getattr(E, name), recorder(name))
        if name not in ("C_RETURN", "C_RAISE"):
            wanted |= getattr(E, name)
    M.set_events(TOOL, wanted)
    try:
        function()
    except Exception as error:
        M.set_events(TOOL, 0)
        print("raised", type(error).__name__)
    M.set_events(TOOL, 0)
    for name in names:
        M.register_callback(TOOL, getattr(E, name), None)
    print(function.__name__)
    for event in events:
        print("   ", *event)


def straight():
    a = 1
    b = len("abc")
    return a + b


def loops():
    total = 0
    for i in range(2):
        total += i
    while total:
        total -= 1
    if total:
        total = 5
    else:
        total = 6
    return total


def gen():
    x = yield 1
    yield from inner()
    return 9


def inner():
    yield 2
    return 3


def generators():
    for x in gen():
        pass
    g = gen()
    next(g)
    try:
        g.throw(KeyError)
    except KeyError:
        pass


def natives():
    a = abs(-1)
    b = "x".upper()
    c = [].append
    c(4)
    try:
        int("x")
    except ValueError:
        pass
    d = dict(a=1)
    e = sorted([3, 1], key=key)
    f = max(*[1, 2])


def key(x):
    return -x


class A:
    def __init__(self):
        self.x = 1

    def method(self):
        return self.x


class B(A):
    def __init__(self):
        super().__init__()


def objects():
    a = A()
    a.method()
    b = B()
    m = b.method
    m()


def exceptions():
    try:
        try:
            raise KeyError("k")
        finally:
            x = 1
    except KeyError:
        pass
    raiser()


def raiser():
    raise ValueError


M.use_tool_id(TOOL, "test")
print(M.get_tool(TOOL), M.get_tool(4), M.get_events(TOOL))
show(straight, ["PY_START", "PY_RETURN", "LINE"])
show(straight, ["CALL", "C_RETURN"])
show(loops, ["LINE"])
show(loops, ["JUMP", "BRANCH_LEFT", "BRANCH_RIGHT"])
show(loops, ["JUMP", "BRANCH_LEFT", "BRANCH_RIGHT", "LINE"])
show(generators, ["PY_START", "PY_RESUME", "PY_YIELD", "PY_RETURN", "PY_THROW", "PY_UNWIND"])
show(generators, ["STOP_ITERATION", "RAISE"])
show(natives, ["CALL", "C_RETURN", "C_RAISE", "PY_START"])
show(objects, ["CALL", "PY_START", "C_RETURN"])
show(exceptions, ["RAISE", "RERAISE", "EXCEPTION_HANDLED", "PY_UNWIND"])
show(exceptions, ["PY_START", "PY_UNWIND", "LINE"])

# DISABLE, and being told again.
hits = []


def once(code, line):
    hits.append(line - code.co_firstlineno)
    return M.DISABLE


def several(n):
    total = 0
    for i in range(n):
        if i == 4000:
            total += 1
        total += 1
    return total


M.register_callback(TOOL, E.LINE, once)
M.set_local_events(TOOL, several.__code__, E.LINE)
print(M.get_local_events(TOOL, several.__code__) == E.LINE, M.get_events(TOOL))
print(several(3), hits)
print(several(3), hits)
print(several(5000), hits)
print(several(5000), hits)
hits.clear()
M.restart_events()
print(several(5000), hits)
M.set_local_events(TOOL, several.__code__, 0)
hits.clear()
M.restart_events()
print(several(5000), hits)

# Two tools, one of which wants no more.
first, second = [], []


def to_first(code, offset):
    first.append(1)
    return M.DISABLE


M.use_tool_id(4, "other")
M.register_callback(TOOL, E.PY_START, to_first)
M.register_callback(4, E.PY_START, lambda code, offset: second.append(1))
for tool in (TOOL, 4):
    M.set_local_events(tool, key.__code__, E.PY_START)
for i in range(5000):
    key(i)
print(len(first), len(second))
M.free_tool_id(4)
for i in range(5000):
    key(i)
print(len(first), len(second), M.get_tool(4))

# What may not be disabled.


def disabling(code, offset, exception):
    return M.DISABLE


M.register_callback(TOOL, E.RAISE, disabling)
M.set_events(TOOL, E.RAISE)
try:
    raiser()
except ValueError as error:
    print(type(error).__name__, error)
M.set_events(TOOL, 0)
print(M.register_callback(TOOL, E.RAISE, None))

# A callback that raises.


def failing(code, offset):
    raise RuntimeError("no")


M.register_callback(TOOL, E.PY_START, failing)
M.set_local_events(TOOL, key.__code__, E.PY_START)
try:
    key(1)
except RuntimeError as error:
    print("caught", error)
M.set_local_events(TOOL, key.__code__, 0)

# Instructions.
offsets = []
M.register_callback(TOOL, E.INSTRUCTION, lambda code, offset: offsets.append(offset))
M.set_local_events(TOOL, raiser.__code__, E.INSTRUCTION)
try:
    raiser()
except ValueError:
    pass
M.set_local_events(TOOL, raiser.__code__, 0)
print(offsets == sorted(offsets), len(offsets) > 2)


def attempt(function, *args):
    try:
        print(function(*args))
    except Exception as error:
        print(type(error).__name__, error)


attempt(M.use_tool_id, 6, "x")
attempt(M.use_tool_id, -1, "x")
attempt(M.use_tool_id, TOOL, "x")
attempt(M.use_tool_id, 1, 1)
attempt(M.set_events, 1, E.LINE)
attempt(M.set_events, TOOL, 1 << 30)
attempt(M.set_events, TOOL, -1)
attempt(M.set_events, TOOL, E.C_RETURN)
attempt(M.set_local_events, TOOL, key.__code__, E.RAISE)
attempt(M.set_local_events, TOOL, key, E.LINE)
attempt(M.register_callback, TOOL, 3, None)
attempt(M.register_callback, TOOL, 1 << 25, None)
attempt(M.get_local_events, TOOL, None)
M.set_events(TOOL, E.LINE | E.PY_START)
M.register_callback(TOOL, E.LINE, None)
M.register_callback(TOOL, E.PY_START, None)
print({name: tools for name, tools in M._all_events().items()})
M.clear_tool_id(TOOL)
print(M.get_events(TOOL), M.get_tool(TOOL))
M.free_tool_id(TOOL)
print(M.get_tool(TOOL))
