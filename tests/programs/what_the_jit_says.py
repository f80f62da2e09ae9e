"""What `stitch.jit` says holds together, whatever the JIT does or does not do."""

import stitch.jit
import sys
from stitch import jit

assert jit is stitch.jit is sys.modules["stitch.jit"]


def hot(n):
    total = 0
    for i in range(n):
        total += i if i % 3 else -1
    return total


class Callable:
    def __call__(self, event):
        raise LookupError("from a hook")


compiled, aborted, unraisable = [], [], []
sys.unraisablehook = lambda it: unraisable.append((it.exc_type, it.object))
print(jit.on_compile(compiled.append), jit.on_abort(aborted.append))
before = jit.set_thresholds(loop=900, exit=50)
assert jit.get_thresholds() == (900, before.entry, 50)
assert jit.set_thresholds(loop=before.loop, exit=before.exit) == (900, before.entry, 50)
print(hot(2500))

executors = jit.executors(hot)
assert [it.id for it in jit.executors(hot.__code__)][: len(executors)] == [it.id for it in executors]
assert {it.id for it in executors} <= {it.id for it in jit.executors()}
assert sys._jit.is_enabled() or not (jit.executors() or compiled or aborted)
offsets = {offset for offset, _, _ in hot.__code__.co_lines()}
for executor in jit.executors():
    assert executor.kind in ("loop", "entry", "side", "return", "fused"), executor.kind
    assert executor.root.id <= executor.id and executor.runs >= 0
    assert executor.parent is None or executor.kind == "side"
    for text in executor.uops, executor.recorded_uops:
        assert text is None or text.strip(), executor
    assert executor.machine_code is None or len(executor.machine_code) > 0
    assert repr(executor).startswith(f"<executor {executor.id} ({executor.kind})"), repr(executor)
    for index, exit in enumerate(executor.exits()):
        assert exit.index == index and exit.taken >= 0 and exit.hotness >= 0
        assert exit.kind in ("side", "deopt", "error", "pending", "dynamic"), exit
        assert exit.code is None or 0 <= exit.offset < len(exit.code.co_code)
        assert exit.target is None or exit.target.kind == "side"
for executor in executors:
    code, offset, line = executor.code, executor.offset, executor.line
    # One may be freed at any time, and says nothing more.
    if None not in (code, offset, line):
        assert code is hot.__code__ and 0 <= offset < len(code.co_code) and 11 <= line <= 15
for failure in aborted + jit.failures(hot):
    assert failure.count >= 0 and failure.reason and failure.is_final in (False, True)
    assert failure.code is None or failure.offset < len(failure.code.co_code)

counts = jit.statistics()
assert counts["created"] == sum(counts[kind] for kind in ("loops", "entries", "returns", "sides", "fused"))
assert counts["attempts"] >= counts["loops"] + counts["entries"]
assert all(count >= 0 for name, count in counts.items() if not isinstance(count, dict))
print(sorted(counts["exits_by_kind"]))

# What was taken out stays what it is, and says so.
old = jit.executors()
assert jit.flush() <= len(old)
assert not any(executor.is_valid for executor in old)
print(hot(2500))
for executor in old:
    assert repr(executor).endswith(", gone>") and executor.code in (None, executor.code)
    executor.exits(), executor.uops, executor.machine_code, executor.offset

# A hook that raises is told to the hook for that, and the program goes on.
assert jit.on_compile(Callable()) == compiled.append and jit.on_abort(None) == aborted.append
exec("n = 0\nfor i in range(2500): n += i\nprint(n)")
jit.on_compile(None)
assert all(kind is LookupError and isinstance(hook, Callable) for kind, hook in unraisable)

for wrong in (
    lambda: jit.executors(3),
    lambda: jit.failures(None),
    lambda: jit.on_compile(3),
    lambda: jit.on_abort("x"),
    lambda: jit.set_thresholds(loop=0),
    lambda: jit.set_thresholds(exit=1 << 16),
    lambda: type(old[0])() if old else jit.Executor(),
):
    try:
        print(wrong())
    except (TypeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}")
