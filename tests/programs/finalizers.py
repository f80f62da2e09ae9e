import gc, sys
def apart(function):
    """Calls it deep in the native stack, where nothing that it leaves behind is taken for a reference later."""
    list(map(lambda _: max([0], key=lambda _: sorted([0], key=lambda _: function() or 0)[0]), [0]))
class F:
    def __init__(self, name, *held): self.name = name; self.held = held
    def __del__(self): print('del', self.name)
def run():
    F('temporary')
    a = F('a', F('b', F('c')))
    x = F('self'); x.me = x
apart(run)
gc.collect()
print('-- order')
def run():
    outer = F('outer'); outer.inner = F('inner'); outer.inner.most = F('innermost')
apart(run); gc.collect()
print('-- resurrection')
kept = []
class R:
    def __del__(self): print('del R'); kept.append(self)
def run(): R()
apart(run); gc.collect(); print(len(kept), gc.is_finalized(kept[0])); kept.clear(); gc.collect(); print(len(kept))
print('-- subclass, exception, int, list, late __del__')
class E(Exception):
    def __del__(self): print('del E')
class I(int):
    def __del__(self): print('del I', int(self))
class L(list):
    def __del__(self): print('del L', len(self))
class S:
    __slots__ = ('v',)
    def __del__(self): print('del S', self.v)
class Late: pass
def run(): E(1)
apart(run); gc.collect()
def run(): I(5)
apart(run); gc.collect()
def run(): L([1, 2])
apart(run); gc.collect()
def run():
    s = S(); s.v = 3
apart(run); gc.collect()
def run():
    late = Late()
    Late.__del__ = lambda self: print('del late')
apart(run); gc.collect()
class Base:
    def __del__(self): print('base', type(self).__name__)
class Derived(Base): pass
def run(): Derived()
apart(run); gc.collect()
print('-- raises')
def hook(u): print(u.exc_type.__name__, u.exc_value, u.err_msg.split(' at 0x')[0], u.object)
sys.unraisablehook = hook
class X:
    def __del__(self): raise ValueError('in del')
def run(): X()
apart(run); gc.collect()
try:
    raise KeyError('outer')
except KeyError as e:
    apart(run); gc.collect()
    print(repr(sys.exception()))
print('-- generators')
def gen(n):
    try:
        yield n
        yield n
    finally:
        print('closed', n)
class M:
    def __enter__(self): return self
    def __exit__(self, *a): print('exit', a[0].__name__ if a[0] else None)
def gen2():
    with M(): yield 1
def run():
    list(gen(3))
    gen(2)
    g = gen(1); next(g)
apart(run); gc.collect()
def run():
    g = gen2(); next(g)
apart(run); gc.collect()
def bad():
    try: yield 1
    finally: raise ValueError('closing')
def run(): next(bad())
apart(run); gc.collect()
def stubborn():
    try: yield 1
    except GeneratorExit: yield 2
def run(): next(stubborn())
apart(run); gc.collect()
print('-- hot loop')
count = 0
class C:
    def __init__(self, v): self.v = v
    def __del__(self):
        global count
        count += 1
for i in range(20000): C(i)
gc.collect()
print(count >= 19990)
closed = 0
def g():
    global closed
    try:
        yield 1
    finally: closed += 1
def loop():
    for i in range(20000):
        for x in g(): break
loop()
gc.collect()
# The last of them may be seen on the stack yet.
print(closed >= 19990)
