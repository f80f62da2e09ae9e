# needs: cloudpickle
import cloudpickle, pickle, abc, enum, dataclasses, typing, functools, collections
def rt(x): return pickle.loads(cloudpickle.dumps(x))
def make(n):
    def inner(x, *, k=2): return x + n * k
    return inner
print(rt(make(3))(4), rt(lambda x: x ** 2)(9))
class A(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
class B(A):
    __slots__ = ("v",)
    def __init__(self, v): self.v = v
    def f(self): return super().__class__, self.v
print(rt(B)(3).f()[1], rt(B(4)).v)
class E(enum.Enum): X = 1; Y = "b"
print(rt(E)["X"], rt(E.Y))
@dataclasses.dataclass
class D: a: int; b: list = dataclasses.field(default_factory=list)
print(rt(D)(1), rt(D(2, [3])), dataclasses.fields(rt(D))[1].name)
T = typing.TypeVar("T", bound=int); print(rt(T), rt(T).__bound__)
class G(typing.Generic[T]):
    x: T
print(rt(G[int]), rt(G).__parameters__)
NT = collections.namedtuple("NT", "a b"); print(rt(NT(1, 2)))
@functools.lru_cache
def cached(x): return x
print(rt(cached)(3))
def gen(n):
    for i in range(n): yield i
print(list(rt(gen)(3)))
x = 10
def uses(): return x + other()
def other(): return 5
print(rt(uses)())
async def co(): return 1
print(rt(co).__name__, rt(functools.partial(make(1), k=5))(1))
print(rt(property(lambda s: 3)).fget(None), rt(classmethod(lambda c: 4)).__func__(0), rt(staticmethod(len)).__func__("ab"))
import types
m = types.ModuleType("dyn"); m.v = 5; print(rt(m).v, rt({1}.__contains__)(1), rt({}.keys()), rt(type(None)), rt(Ellipsis), rt(NotImplemented))
import logging; print(rt(logging.getLogger("a.b")).name)
def f[T](x: T) -> T: return x
print(rt(f)(3), rt(f).__type_params__)
