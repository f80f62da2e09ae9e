def trace(log):
    def deco(f):
        def wrapper(*args, **kw):
            log.append(f.__name__)
            return f(*args, **kw)
        return wrapper
    return deco

log = []
@trace(log)
@trace(log)
def add(a, b=1):
    return a + b

print(add(1), add(1, b=5), log)

def memo(f):
    cache = {}
    def inner(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]
    inner.cache = cache
    return inner

@memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

print(fib(80), len(fib.cache))

def hot(n):
    t = 0
    for i in range(n):
        t += fib(i % 90) % 1000
    return t

def cls_deco(c):
    c.extra = lambda self: self.v + 1
    return c

@cls_deco
class K:
    v = 5
    @staticmethod
    def s(x):
        return x * 2
    @classmethod
    def c(cls, x):
        return cls.v + x

def calls(n):
    k = K()
    t = 0
    for i in range(n):
        t += k.extra() + K.s(i) + k.s(1) + K.c(1) + k.c(i)
    return t

class Deco:
    def __init__(self, f):
        self.f, self.n = f, 0
    def __call__(self, *a):
        self.n += 1
        return self.f(*a)
    def __get__(self, obj, owner):
        return lambda *a: self(obj, *a)

class M:
    @Deco
    def m(self, x):
        return x + 1

@Deco
def plain(x):
    return x * 3

def objs(n):
    m = M()
    t = 0
    for i in range(n):
        t += plain(i) + m.m(i)
    return t, plain.n, M.__dict__["m"].n

print(hot(4000), calls(3500), objs(3000))
