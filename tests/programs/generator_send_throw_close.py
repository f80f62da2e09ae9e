def averager():
    total = n = 0
    avg = None
    while True:
        try:
            x = yield avg
        except ValueError as e:
            print("caught", e)
            continue
        if x is None:
            return total
        total += x
        n += 1
        avg = total / n

g = averager()
next(g)
for i in range(4000):
    a = g.send(i if i < 3000 else i * 0.5)
print(a, g.throw(ValueError("v")), g.send(1))
try:
    g.send(None)
except StopIteration as e:
    print("value", e.value)

def closing(log):
    try:
        while True:
            log.append((yield len(log)))
    except GeneratorExit:
        log.append("exit")
        raise
    finally:
        log.append("finally")

log = []
g = closing(log)
print(next(g), g.send("a"), g.send("b"), g.close(), log, g.close())

def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2

g = stubborn()
next(g)
try:
    g.close()
except RuntimeError as e:
    print(e)

def swallow():
    try:
        yield 1
    except GeneratorExit:
        return 7

g = swallow()
next(g)
print(g.close())
g = averager()
try:
    g.send(1)
except TypeError as e:
    print(e)
g = averager()
try:
    g.throw(KeyError("k"))
except KeyError as e:
    print("KeyError", e)
print(list(g))

def throws(n):
    def worker():
        got = 0
        while True:
            try:
                yield got
                got += 1
            except ZeroDivisionError:
                got += 1000
    g = worker()
    next(g)
    for i in range(n):
        x = g.throw(ZeroDivisionError()) if i % 1000 == 999 else next(g)
    return x

print(throws(4000))

def early(n):
    done = 0
    def gen():
        nonlocal done
        try:
            for i in range(100):
                yield i
        finally:
            done += 1
    t = 0
    for k in range(n // 10):
        g = gen()
        for x in g:
            if x == 9:
                break
            t += x
        g.close()
    return t, done

print(early(4000))

def finally_yield():
    try:
        yield 1
    finally:
        yield 2
        print("last")

print(list(finally_yield()))
def ctx():
    try:
        yield
    except ValueError as e:
        raise KeyError("new") from e
g = ctx()
next(g)
try:
    g.throw(ValueError("old"))
except KeyError as e:
    print(repr(e), repr(e.__cause__), e.__cause__ is e.__context__)
