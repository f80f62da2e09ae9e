# Copies of everything, and the library's enumerations, caches and contexts on what the runtime has natively.
import copy, enum, functools, collections, contextlib
class A:
    def __init__(self): self.x=[1]
a=A(); b=copy.deepcopy(a); print(b.x, b.x is a.x, copy.copy(a).x is a.x)
class S:
    __slots__=('p','q')
s=S(); s.p=1; print(s.__reduce_ex__(4)[1:], copy.copy(s).p)
for v in (1, "x", [1], {1:2}, (1,2), {1}, frozenset([1]), 2.5, None, len, int, b"x", bytearray(b"x"), range(3), slice(1,2), 1j, collections.OrderedDict(a=1), collections.deque([1]), collections.defaultdict(list,{1:[2]}), collections.Counter("aab")):
    print(repr(copy.copy(v)), repr(copy.deepcopy(v)))
for v in ((i for i in ()), ):
    try: copy.copy(v)
    except TypeError as e: print(e)
class C(enum.Enum):
    RED=1; BLUE=2
    def f(self): return self.value
print(C.RED, list(C), C(2), C['RED'].f(), copy.copy(C.RED) is C.RED, C.RED == C.BLUE, C.RED in C)
class F(enum.IntFlag):
    A=1; B=2
print(F.A|F.B, F(3), ~F.A)
@functools.lru_cache
def g(n): return n if n<2 else g(n-1)+g(n-2)
print(g(60), g.cache_info())
@functools.singledispatch
def h(x): return 'o'
@h.register
def _(x: int): return 'i'
print(h(1), h('x'))
@contextlib.contextmanager
def cm():
    yield 5
with cm() as v: print(v)
class L(list): pass
l=L([1]); l.a=2; m=copy.copy(l); print(m, m.a)
print(object().__reduce_ex__(2)[1:], A().__getstate__())
