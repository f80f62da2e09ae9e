# Not under gc: it calls functions thousands of times that are told of.
# cProfile and profile: what they count, of Python functions and native ones, in loops that are hot.
import cProfile, profile, pstats, io, _lsprof, sys


def leaf(x):
    return x + 1


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work():
    items = []
    for i in range(3000):
        items.append(leaf(i))
    fib(10)
    return len(items)


def gen():
    for i in range(5):
        yield i


def failing():
    try:
        int("x")
        [].pop()
    except ValueError:
        pass
    try:
        [].pop()
    except IndexError:
        return sum(gen())


def counts(prof):
    return {key[2]: (stats[0], stats[1], sorted((k[2], v[:2]) for k, v in stats[4].items())) for key, stats in prof.stats.items()}


prof = cProfile.Profile()
print(prof.runcall(work))
prof.create_stats()
for name, entry in sorted(counts(prof).items()):
    print(name, entry)

with cProfile.Profile() as prof:
    print(failing())
    "-".join(["a", "b"])
prof.create_stats()
for name, entry in sorted(counts(prof).items()):
    if "print" not in name:
        print(name, entry)

# Without native functions, without callers, with a clock that counts calls of its own.
ticks = 0


def clock():
    global ticks
    ticks += 1
    return ticks


prof = cProfile.Profile(clock, 0.5, subcalls=False, builtins=False)
prof.enable(False, False)
work()
prof.disable()
entries = prof.getstats()
print(sorted((entry.code.co_name, entry.callcount, entry.reccallcount, entry.calls) for entry in entries))
print([entry.inlinetime == 0.5 * 1 for entry in entries if entry.code.co_name == "leaf"], len(entries[0]), type(entries[0]).__name__)
prof.clear()
print(prof.getstats())

# There is one at a time.
one, two = cProfile.Profile(), cProfile.Profile()
one.enable()
try:
    two.enable()
except ValueError as error:
    print(error)
one.disable()
two.enable()
two.disable()
one.disable()
print(sys.monitoring.get_tool(2))


class Counting(_lsprof.Profiler):
    def __init__(self, name):
        super().__init__()
        self.name = name


counting = Counting("mine")
counting.enable()
fib(5)
counting.disable()
print(counting.name, [(e.code.co_name, e.callcount, e.reccallcount, e.calls[0].callcount) for e in counting.getstats() if hasattr(e.code, "co_name")])

out = io.StringIO()
pstats.Stats(prof := cProfile.Profile().runctx("work()", globals(), {}), stream=out).sort_stats("ncalls").print_stats("leaf|fib|append")
print([line.split()[0] for line in out.getvalue().splitlines() if "(" in line and line[:1] == " " and line.split()[0][0].isdigit()])

slow = profile.Profile()
slow.runcall(fib, 8)
slow.create_stats()
print([(key[2], stats[:2]) for key, stats in slow.stats.items() if key[2] == "fib"])
