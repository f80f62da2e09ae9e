# Coroutines keep which frames made them, also those that compiled code makes.
import sys


async def work():
    return 1


def make():
    return work()


def names(n):
    for _ in range(n):
        coroutine = make()
        origin = coroutine.cr_origin
        coroutine.close()
    return origin and [(line, name) for _, line, name in origin]


print(sys.get_coroutine_origin_tracking_depth(), names(300))
sys.set_coroutine_origin_tracking_depth(1)
print(names(300))
sys.set_coroutine_origin_tracking_depth(2)
print(names(300), sys.get_coroutine_origin_tracking_depth())
sys.set_coroutine_origin_tracking_depth(0)
print(names(300))
for depth in (-1, 1 << 40, "x"):
    try:
        sys.set_coroutine_origin_tracking_depth(depth)
    except Exception as error:
        print(type(error).__name__, error)
