import gc
import sys

log = []


async def waits():
    try:
        yield 1
    finally:
        log.append("closed")


async def plain():
    yield 1


def begin(function):
    generator = function()
    try:
        generator.__anext__().send(None)
    except StopIteration:
        pass


def told(function):
    log.clear()
    begin(function)
    gc.collect()
    return list(log)


sys.set_asyncgen_hooks(lambda _: log.append("first"), lambda generator: log.append(generator.__name__))
print(told(waits), told(plain))
log.clear()
begin(waits)
sys.set_asyncgen_hooks(None, None)
gc.collect()
print(log)
print(told(waits), told(plain))
