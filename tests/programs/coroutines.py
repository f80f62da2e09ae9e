class Sleep:
    def __init__(self, v):
        self.v = v
    def __await__(self):
        got = yield self.v
        return got

async def child(n):
    t = 0
    for i in range(n):
        t += await Sleep(i)
    return t

async def parent(n):
    a = await child(n)
    b = await child(n // 2)
    return a, b

def run(coro):
    value = None
    n = 0
    try:
        while True:
            value = coro.send(value)
            n += 1
    except StopIteration as e:
        return e.value, n

print(run(parent(3000)))

async def gen(n):
    for i in range(n):
        await Sleep(i)
        yield i

async def consume(n):
    t = 0
    async for x in gen(n):
        t += x
    return t, [y async for y in gen(3)], {y: 1 async for y in gen(2) if y}

print(run(consume(3000)))

class Ctx:
    async def __aenter__(self):
        await Sleep("in")
        return "ctx"
    async def __aexit__(self, t, v, tb):
        await Sleep("out")
        return t is ValueError

async def use():
    async with Ctx() as c:
        raise ValueError("swallowed")
    return c

print(run(use()))

async def fails():
    try:
        await child(2)
        raise KeyError("k")
    finally:
        await Sleep("cleanup")

try:
    run(fails())
except KeyError as e:
    print("KeyError", e)

def scheduler(coros):
    queue = [(c, None) for c in coros]
    done = []
    steps = 0
    while queue:
        c, v = queue.pop(0)
        steps += 1
        try:
            queue.append((c, c.send(v)))
        except StopIteration as e:
            done.append(e.value)
    return done, steps

print(scheduler([child(n) for n in range(0, 100, 7)]))
c = child(1)
c.close()
try:
    c.send(None)
except RuntimeError as e:
    print(e)
try:
    run(child(1)).x
except AttributeError as e:
    print(e)
async def wrong():
    await 5
try:
    run(wrong())
except TypeError as e:
    print(e)
c = child(1)
print(type(c).__name__, type(gen(1)).__name__, c.cr_running)
c.close()
