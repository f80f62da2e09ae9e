# What natives, methods, wrappers and iterators say of themselves; messages of built-in functions; modules of programs.
import operator
def attempt(f):
    try: r = f()
    except Exception as e: r = type(e).__name__ + ': ' + str(e)
    print(repr(r)[:150])
for make in (lambda: [1,2,3], lambda: (1,2,3), lambda: 'ab\u1234', lambda: b'abc', lambda: bytearray(b'abc'), lambda: {1:2,3:4,5:6}, lambda: {1,2,3}, lambda: range(3), lambda: {1:2,3:4,5:6}.items(), lambda: {1:2,3:4,5:6}.values(), lambda: frozenset((1,2,3))):
    it = iter(make()); out = []
    for _ in range(5):
        out.append(operator.length_hint(it, -7)); next(it, None)
    print(type(it).__name__, out, hasattr(it, '__length_hint__'), hasattr(it,'__reduce__'), hasattr(it, '__setstate__'))
for make in (lambda: [1,2,3], lambda: (1,2,3), lambda: 'abc', lambda: b'abc', lambda: range(3)):
    it = reversed(make()); out = []
    for _ in range(4):
        out.append(operator.length_hint(it, -7)); next(it, None)
    print(type(it).__name__, out)
d = {1:2}
it = iter(d); d[5]=6
print(operator.length_hint(it))
l = [1,2]; it = iter(l); next(it); l.append(3); print(operator.length_hint(it)); list(it); l.append(4); print(operator.length_hint(it))
for o, n in ((1,'__add__'),([], '__len__'),('', '__str__'),(object(),'__repr__'),(object(),'__eq__'),(int,'__call__'), (int, '__repr__')):
    m = getattr(o, n); print(type(m).__name__, type(m).__module__, m.__name__, m.__qualname__, m.__text_signature__, getattr(m,'__self__',0) is o, m.__doc__ is not None)
    r = repr(m); print(r.split(' at ')[0])
m = (1).__add__
attempt(lambda: m(2)); attempt(lambda: m()); attempt(lambda: m(1,2)); attempt(lambda: m(a=1)); attempt(lambda: m == (1).__add__); attempt(lambda: m == (2).__add__); attempt(lambda: hash(m) == hash((1).__add__)); attempt(lambda: m.__objclass__); attempt(lambda: type(m)()); attempt(lambda: m.__reduce__()[1])
attempt(lambda: type(dict.__dict__['fromkeys']).__name__); attempt(lambda: type(int.__dict__['from_bytes']).__name__); attempt(lambda: type(dict.fromkeys).__name__); attempt(lambda: dict.__dict__['fromkeys']); attempt(lambda: dict.__dict__['fromkeys'].__name__);attempt(lambda: dict.__dict__['fromkeys'].__qualname__); attempt(lambda: dict.__dict__['fromkeys'].__objclass__); attempt(lambda: dict.__dict__['fromkeys'].__get__(None, dict)([1])); attempt(lambda: dict.__dict__['fromkeys'](dict, [1])); attempt(lambda: dict.__dict__['fromkeys'](3)); attempt(lambda: dict.__dict__['fromkeys']()); attempt(lambda: dict.__dict__['fromkeys'].__get__(None, int)); attempt(lambda: dict.__dict__['fromkeys'].__get__(3)); attempt(lambda: dict.__dict__['fromkeys'].__get__({}) ([2])); attempt(lambda: dict.__dict__['fromkeys'].__text_signature__)
attempt(lambda: [].append.__text_signature__); attempt(lambda: len.__text_signature__); attempt(lambda: print.__text_signature__); attempt(lambda: list.append.__text_signature__); attempt(lambda: list.append.__objclass__); attempt(lambda: list.__add__.__objclass__); attempt(lambda: type(list.__dict__['__add__']).__name__); attempt(lambda: dict.fromkeys.__self__); attempt(lambda: len.__self__.__name__); attempt(lambda: len.__module__); attempt(lambda: [].append.__module__); attempt(lambda: list.append.__module__ ); attempt(lambda: dict.fromkeys.__qualname__); attempt(lambda: [].append.__qualname__); attempt(lambda: len.__qualname__)
attempt(lambda: object(1)); attempt(lambda: object(a=1)); attempt(lambda: object.__new__(int)); attempt(lambda: object.__init__(3, 4))
class A: pass
attempt(lambda: A(1)); attempt(lambda: A(a=1)); attempt(lambda: object.__new__(A, 1)); attempt(lambda: A().__init__(1))
class B:
    def __new__(cls, *a): return object.__new__(cls, *a)
attempt(lambda: B(1))
class C:
    def __init__(self, *a): pass
attempt(lambda: object.__init__(C(), 1))
attempt(lambda: print(sep=1)); attempt(lambda: print(end=1)); attempt(lambda: print(file=1)); attempt(lambda: print(sepp=1)); attempt(lambda: print(1, foo=2))
attempt(lambda: sorted()); attempt(lambda: sorted([1], None)); attempt(lambda: sorted([1], reverse='x')); attempt(lambda: sorted(1)); attempt(lambda: sorted([1,'a'])); attempt(lambda: sorted(iterable=[1])); attempt(lambda: sorted([1], key=None, reverse=None))
attempt(lambda: round(1e300, -299)); attempt(lambda: round(1.5e300, -300)); attempt(lambda: round(123456.789, -3)); attempt(lambda: round(1e22, 2)); attempt(lambda: round(5e-324, 400)); attempt(lambda: round(1e308, -308)); attempt(lambda: round(9.9e307, -308)); attempt(lambda: round(1.7e308, -308)); attempt(lambda: round(2.675, 2)); attempt(lambda: round(1e16, -1)); attempt(lambda: round(-0.0, 3)); attempt(lambda: round(-0.4, 0)); attempt(lambda: round(float('nan'), 2)); attempt(lambda: round(float('inf'), -5)); attempt(lambda: round(1.5, None)); attempt(lambda: round(1.5, 2.0)); attempt(lambda: round(12345678901234567890.0, -18)); attempt(lambda: round(0.5, 2**70)); attempt(lambda: round(0.5, -2**70))
attempt(lambda: iter(5, 5)); attempt(lambda: iter(5)); attempt(lambda: iter()); attempt(lambda: iter([1], 2)); attempt(lambda: list(iter([1,2,3].pop, 1))); attempt(lambda: iter(int, 1).__reduce__()[1])
it = iter(int, 0); attempt(lambda: list(it)); attempt(lambda: it.__reduce__()[1])
import sys
M = type(sys)
class Mod(M):
    def __init__(self, name): super().__init__(name); self.x = 1
attempt(lambda: Mod('q').x); attempt(lambda: Mod('q')); attempt(lambda: type(Mod('q')).__name__); attempt(lambda: M.__new__(int)); attempt(lambda: M()); attempt(lambda: M(1)); attempt(lambda: M('a', 'doc').__doc__); attempt(lambda: sorted(vars(M('a')))); attempt(lambda: vars(M.__new__(M))); attempt(lambda: M('a', b=1)); attempt(lambda: M(name='z', doc='d').__doc__); attempt(lambda: M.__dict__['__annotations__'].__class__.__name__); attempt(lambda: M('a').__annotations__); attempt(lambda: M('a').__annotate__)
