# The library's own tools that look at what runs: bdb, pdb, trace, profile.
import bdb
import io
import os
import pdb
import profile
import re
import sys
import warnings
import trace


warnings.simplefilter("ignore", RuntimeWarning)


def inner(a, b):
    total = a + b
    total *= 2
    return total


def work(n):
    result = []
    for i in range(n):
        result.append(inner(i, 1))
    try:
        result[99]
    except IndexError:
        result.append(None)
    return result


class Steps(bdb.Bdb):
    def __init__(self):
        super().__init__()
        self.seen = []

    def note(self, what, frame, extra=""):
        line = frame.f_lineno - frame.f_code.co_firstlineno
        self.seen.append(f"{what} {frame.f_code.co_name}+{line} {extra}".strip())

    def user_call(self, frame, args):
        self.note("call", frame)
        self.set_step()

    def user_line(self, frame):
        self.note("line", frame)
        self.set_step()

    def user_return(self, frame, value):
        self.note("return", frame, repr(value))
        self.set_step()

    def user_exception(self, frame, info):
        self.note("exception", frame, info[0].__name__)
        self.set_step()


steps = Steps()
print(steps.runcall(work, 2))
print("\n".join(steps.seen))


class Breaks(Steps):
    def user_line(self, frame):
        self.note("line", frame)
        self.set_continue()


breaks = Breaks()
print(breaks.set_break(__file__, inner.__code__.co_firstlineno + 2, cond="a == 2"))
breaks.runcall(work, 4)
print("\n".join(breaks.seen))
print(breaks.get_all_breaks() != {})
breaks.clear_all_breaks()


def debug(commands, function, *args):
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("\n".join(commands) + "\n"), stdout=out, nosigint=True, readrc=False)
    debugger.use_rawinput = False
    try:
        print(debugger.runcall(function, *args))
    except bdb.BdbQuit:
        print("quit")
    finally:
        sys.settrace(None)
    text = out.getvalue().replace(os.path.abspath(__file__), "FILE").replace(__file__, "FILE")
    print(re.sub(r"0x[0-9a-f]+", "0x", text))


debug(["next", "next", "step", "args", "p a, b", "up", "p i", "down", "return", "next", "continue"], work, 2)
debug([f"break {inner.__code__.co_firstlineno + 1}", "continue", "where 1", "p a", "!a = 10", "continue", "clear 1", "continue"], work, 2)
debug([f"tbreak {work.__code__.co_firstlineno + 6}", "continue", "p result", "step", "step", "p result", "continue"], work, 1)
debug(["next", f"jump {work.__code__.co_firstlineno + 4}", "next", "next", "quit"], work, 3)
debug(["step", f"until {work.__code__.co_firstlineno + 4}", "p len(result)", "display i", "continue"], work, 3)

tracer = trace.Trace(count=1, trace=0)
tracer.runfunc(work, 3)
counts = tracer.results().counts
print([n for (name, line), n in sorted(counts.items()) if name == __file__])
tracer = trace.Trace(count=0, trace=0, countfuncs=1)
tracer.runfunc(work, 3)
print(sorted(name for _, _, name in tracer.results().calledfuncs))

profiler = profile.Profile()
profiler.runcall(work, 3)
profiler.create_stats()
print(sorted((name, stat[0], stat[1]) for (_, _, name), stat in profiler.stats.items() if name in ("inner", "work")))
print(sys.gettrace(), sys.getprofile())
