def inner(n):
    got = []
    for i in range(n):
        got.append((yield i))
    return got

def outer(n):
    result = yield from inner(n)
    yield result
    yield from []
    yield from ()
    yield from "ab"
    return "end"

g = outer(2)
print(next(g), g.send("x"), g.send("y"), list(g))

def delegate(depth, n):
    if depth == 0:
        t = 0
        for i in range(n):
            t += (yield i) or 0
        return t
    return (yield from delegate(depth - 1, n)) + 1

def drive(depth, n):
    g = delegate(depth, n)
    x = next(g)
    try:
        while True:
            x = g.send(x)
    except StopIteration as e:
        return e.value

print(drive(0, 4000), drive(5, 3000), drive(40, 200))

def empties(n):
    for i in range(n):
        yield from []
        yield from (i,) if i % 1000 == 0 else ()

print(list(empties(4000)))

def thrown():
    try:
        yield from sub()
    except KeyError as e:
        yield "outer " + str(e)

def sub():
    try:
        yield 1
    except ValueError:
        yield "inner"
        raise KeyError("k")

g = thrown()
print(next(g), g.throw(ValueError()), next(g))

class It:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration("val")
        self.n -= 1
        return self.n

def over():
    x = yield from It(3)
    yield x

print(list(over()))
def bad():
    yield from 5
try:
    list(bad())
except TypeError as e:
    print(e)
def closes():
    def sub():
        try:
            yield 1
        finally:
            print("sub closed")
    try:
        yield from sub()
    finally:
        print("outer closed")
g = closes()
next(g)
g.close()

def flatten(x):
    if isinstance(x, list):
        for y in x:
            yield from flatten(y)
    else:
        yield x

nested = [i if i % 3 else [i, [i, [i]]] for i in range(1500)]
print(sum(flatten(nested)), len(list(flatten(nested))))
