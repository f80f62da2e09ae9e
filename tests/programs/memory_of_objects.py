"""tracemalloc: what is alive is counted; where it was made is not asked here."""
import tracemalloc

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
tracemalloc.start(5)
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())


def near(found, expected):
    return expected * 0.8 <= found <= expected * 1.25 + 100_000


before, _ = tracemalloc.get_traced_memory()
kept = [bytes(1000) for _ in range(1000)]
during, peak = tracemalloc.get_traced_memory()
print(near(during - before, 1_050_000), peak >= during)
snapshot = tracemalloc.take_snapshot()
print(near(sum(trace.size for trace in snapshot.traces), during), len(snapshot.statistics('filename')) > 0)
del kept
after, peak = tracemalloc.get_traced_memory()
print(after < during - 800_000, peak >= during)
tracemalloc.reset_peak()
print(tracemalloc.get_traced_memory()[1] < during - 500_000)
text = 'x' * 3_000_000
print(near(tracemalloc.get_traced_memory()[0] - after, 3_000_000))
tracemalloc.clear_traces()
print(tracemalloc.get_traced_memory()[0] < 1_000_000)
print(tracemalloc.get_tracemalloc_memory() > 0)
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory())
for n in (0, -1, 65536):
    try:
        tracemalloc.start(n)
    except ValueError as error:
        print(error)
print(tracemalloc.get_object_traceback(text))
try:
    tracemalloc.take_snapshot()
except RuntimeError as error:
    print(error)
