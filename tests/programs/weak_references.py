import gc, _weakref
from _weakref import *
from _weakref import _remove_dead_weakref
def apart(function):
    """Calls it deep in the native stack, where nothing that it leaves behind is taken for a reference later."""
    list(map(lambda _: max([0], key=lambda _: sorted([0], key=lambda _: function() or 0)[0]), [0]))
class A: pass
def clear(): gc.collect()
def first():
    global r, r2, r3
    a = A(); r = ref(a)
    print(r() is a, ref(a) is r, getweakrefcount(a), getweakrefs(a) == [r], a.__weakref__ is r)
    r2 = ref(a, lambda x: print('called', x is r2, x()))
    r3 = ref(a, lambda x: print('called second'))
    print(r2 is r, r2 == r, hash(r) == hash(a), r.__callback__, r2.__callback__ is not None, getweakrefcount(a))
apart(first); clear()
print(r(), r2(), r == r2, r == r, r != r2)
try: print(hash(r3))
except TypeError as e: print(e)
print(hash(r) is not None)
class K(ref):
    __slots__ = ('key',)
    def __new__(cls, ob, cb, key):
        self = super().__new__(cls, ob, cb); self.key = key; return self
    def __init__(self, ob, cb, key): super().__init__(ob, cb)
a = A(); k = K(a, None, 5); print(k.key, k() is a, type(k).__name__, ref(a) is k)
class D(ref): pass
d = D(a); d.x = 1; print(d.x, d() is a)
import sys
p = proxy(a); a.v = [1, 2]; print(p.v, type(p).__name__); p.w = 3; print(a.w); del p.w; print(hasattr(a, 'w'))
class N:
    def __add__(s, o): return ('add', o)
    def __radd__(s, o): return ('radd', o)
    def __iadd__(s, o): return 'iadd'
    def __len__(s): return 7
    def __getitem__(s, k): return k
    def __contains__(s, k): return k == 1
    def __iter__(s): return iter((1, 2))
    def __call__(s, *a): return a
    def __str__(s): return 'str N'
    def __bool__(s): return False
    def __eq__(s, o): return o == 5
    def __neg__(s): return 'neg'
    def __pow__(s, o): return ('pow', o)
    def __divmod__(s, o): return ('divmod', o)
    def __lt__(s, o): return True
def second():
    global p
    n = N(); p = proxy(n)
    print(p + 1, 1 + p, len(p), p[3], 1 in p, list(p), p(1, 2), str(p), bool(p), p == 5, -p, p ** 2, divmod(p, 3), p < 1, type(p).__name__)
    p += 1; print(p)
    p = proxy(n)
    print(isinstance(p, N), p.__class__ is N)
    try: hash(p)
    except TypeError as e: print(e)
    try: next(p)
    except TypeError as e: print(e)
apart(second); clear()
for f in (lambda: p.x, lambda: p + 1, lambda: str(p), lambda: len(p), lambda: p()):
    try: print(f())
    except ReferenceError as e: print(e)
try: r(1)
except TypeError as e: print(e)
try: ref()
except TypeError as e: print(e)
try: ref(1)
except TypeError as e: print(e)
d = {'a': r, 'b': k}
_remove_dead_weakref(d, 'a'); _remove_dead_weakref(d, 'b'); _remove_dead_weakref(d, 'zz'); print(list(d))
print(ref[int], ref, ProxyType, CallableProxyType, ReferenceType is ref)
# in __del__ the reference still works
class W:
    def __del__(self): print('in del', rw() is self)
def make():
    global rw
    w = W(); rw = ref(w, lambda r: print('after del', r()))
apart(make); clear(); apart(clear); clear(); print(rw())
# callbacks of dead references are not called
a = A(); r = ref(a, lambda r: print('never')); del r; clear(); del a; clear()
# cycle
def make():
    global r
    a = A(); a.me = a; r = ref(a, lambda r: print('cycle'))
apart(make); clear()
rs = []
def make():
    for i in range(5):
        x = A(); rs.append(ref(x))
apart(make); clear()
print([r() for r in rs])
# Their order, what is called at the end, and how they are shown.
import gc
import weakref


class Thing:
    pass


class Derived(weakref.ref):
    pass


def order():
    thing = Thing()
    first = Derived(thing)
    told = []
    callbacks = [weakref.ref(thing, lambda _, n=n: told.append(n)) for n in range(3)]
    proxy = weakref.proxy(thing)
    plain = weakref.ref(thing)
    names = {id(first): 'derived', id(proxy): 'proxy', id(plain): 'plain'}
    names.update((id(callback), f'callback {n}') for n, callback in enumerate(callbacks))
    print([names[id(reference)] for reference in weakref.getweakrefs(thing)])
    print(callbacks[0].__callback__ is not None)
    del thing
    gc.collect()
    print(told, [callback.__callback__ for callback in callbacks])


class Config(dict):
    def __getattr__(self, name):
        return self[name]


class Named:
    def __init__(self):
        self.__name__ = 'own'


def shown(referent):
    return repr(weakref.ref(referent)).split(' to ')[1].split(' at ')[0], '(' in repr(weakref.ref(referent))


apart(order)
print("Config" in repr(weakref.ref(config := Config(a=1))))
named = Named()
print(shown(named), shown(Named), shown(order))
for call in (
    lambda: weakref.ref(named, callback=None),
    lambda: weakref.ref(),
    lambda: weakref.ref(named, None, None),
    lambda: weakref.ref(named, object=1),
    lambda: weakref.proxy(named, callback=None),
):
    try:
        print(call())
    except TypeError as error:
        print(error)
