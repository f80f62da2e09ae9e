import gc
class A:
    def __init__(self, *held): self.held = held
print(gc.isenabled(), gc.get_threshold(), gc.get_debug())
gc.disable(); print(gc.isenabled()); gc.enable()
gc.set_threshold(500, 5, 2); print(gc.get_threshold()); gc.set_threshold(2000, 10, 0)
print(len(gc.get_count()), [sorted(s) for s in gc.get_stats()])
for value in (1, 'a', None, 1.5, b'x', [], {}, {1: []}, (1, 2), ([],), A(), A, len, lambda: 1, {1}, frozenset()):
    if type(value) not in (tuple, dict, frozenset): print(type(value).__name__, gc.is_tracked(value))
events = []
gc.callbacks.append(lambda phase, info: events.append((phase, sorted(info), info['generation'])))
gc.collect(); gc.collect(0); gc.callbacks.clear()
print(events)
for bad in (3, -1):
    try: gc.collect(bad)
    except ValueError as e: print(e)
a = A(1, 'x'); b = [a]; c = {'k': a}; d = (a,)
refs = gc.get_referrers(a)
print(b in refs, any(r is c for r in refs), any(r is d for r in refs))
print(sorted(map(repr, gc.get_referents([1, 'two', None]))), gc.get_referents({'k': 5}), gc.get_referents(3, 'x'))
print(any(o is a for o in gc.get_objects()), any(o is b for o in gc.get_objects()))
gc.freeze(); print(gc.get_freeze_count() > 0); gc.unfreeze(); print(gc.get_freeze_count())
print(type(gc.collect()), gc.garbage, gc.DEBUG_LEAK, gc.DEBUG_SAVEALL)
# Classes go with their last instance.
import _weakref
def make(i):
    class K:
        x = i
        def m(self): return self.x
    return _weakref.ref(K), K()
def run():
    r, k = make(1)
    gc.collect()
    print(r() is type(k), k.m())
    return r
kept = []
list(map(lambda _: max([0], key=lambda _: kept.append(run()) or 0), [0]))
gc.collect(); print(kept[0]())
class Base: pass
def run():
    class Derived(Base): pass
    print([c.__name__ for c in Base.__subclasses__()])
list(map(lambda _: max([0], key=lambda _: run() or 0), [0])); gc.collect(); print(Base.__subclasses__())
