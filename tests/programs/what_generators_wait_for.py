# What suspended generators and coroutines delegate to; complex numbers from text and signed zeros.
class Later:
    def __await__(self):
        yield 1


def inner():
    yield 1
    yield 2


def outer():
    yield 0
    yield from source
    yield 3


async def waits():
    await Later()


for _ in range(2000):
    source = inner()
    generator = outer()
    seen = [generator.gi_yieldfrom]
    for value in generator:
        seen.append(generator.gi_yieldfrom is source)
    seen.append(generator.gi_yieldfrom)
print(seen)
coroutine = waits()
print(coroutine.cr_await, coroutine.cr_origin)
coroutine.send(None)
print(type(coroutine.cr_await).__name__)
coroutine.close()
print(coroutine.cr_await)
print(complex(-1, -0.0), complex("(1_0+1e-3j)"), complex("\u0661"))
for wrong in ("1+", "j1", ""):
    try:
        print(complex(wrong))
    except ValueError as error:
        print(error)
