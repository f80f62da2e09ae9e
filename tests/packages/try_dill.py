# needs: dill
import dill, io
def make(n):
    def inner(x): return x + n
    return inner
f = dill.loads(dill.dumps(make(3))); print(f(4))
print(dill.loads(dill.dumps(lambda x: x * 2))(21))
class A:
    def __init__(self, v): self.v = v
    def get(self): return self.v
    @property
    def twice(self): return self.v * 2
    @classmethod
    def build(cls): return cls(9)
    @staticmethod
    def s(x): return x
a = dill.loads(dill.dumps(A(5))); print(a.get(), a.twice, type(a).build().v, a.s(3))
B = dill.loads(dill.dumps(A)); print(B(1).get())
def fact(n): return 1 if n < 2 else n * fact(n - 1)
print(dill.loads(dill.dumps(fact, recurse=True))(6))
import math, functools, collections, operator
for thing in [math, math.sin, functools.partial(pow, 2), collections.OrderedDict(a=1), {1: {2, 3}}, range(3), slice(1, 2), type(None), Ellipsis, NotImplemented, memoryview(b"ab"), operator.itemgetter(1), operator.attrgetter("x"), (x for x in ()).__class__, property(lambda s: 1), int.__add__, [].append, "a".upper, dict.fromkeys, type("T", (), {"x": 1})]:
    try:
        got = dill.loads(dill.dumps(thing)); print(type(got).__name__)
    except Exception as e: print("fails", type(thing).__name__, type(e).__name__, str(e)[:80])
buf = io.StringIO("abc"); buf.read(1); print(dill.loads(dill.dumps(buf)).read())
print(dill.pickles(open), dill.source.getsource(make).splitlines()[0])
d = {}; exec("def g(): return h()\ndef h(): return 7", d); print(dill.loads(dill.dumps(d["g"], recurse=True))())
print(dill.copy([1, [2]]))
import types
c = dill.loads(dill.dumps(make.__code__)); print(c.co_name, c.co_varnames, c.co_consts[-1] if not isinstance(c.co_consts[-1], types.CodeType) else "code")
cell = dill.loads(dill.dumps(make(3).__closure__[0])); print(cell.cell_contents)
