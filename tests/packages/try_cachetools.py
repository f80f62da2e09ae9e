# needs: cachetools
from cachetools import LFUCache, LRUCache, TLRUCache, TTLCache, cached, cachedmethod
from cachetools.keys import hashkey

cache = LRUCache(maxsize=2)
cache["a"] = 1
cache["b"] = 2
cache["a"]
cache["c"] = 3
print(cache, sorted(cache), cache.currsize)
now = 0
timed = TTLCache(maxsize=5, ttl=10, timer=lambda: now)
timed["x"] = 1
now = 11
print("x" in timed, len(timed))
calls = []


@cached(cache=LFUCache(maxsize=3), key=lambda n: hashkey(n % 4))
def square(n):
    calls.append(n)
    return n * n


print([square(n) for n in (1, 5, 2, 2, 3, 4)], calls)


class Holder:
    def __init__(self):
        self.cache = LRUCache(maxsize=4)

    @cachedmethod(lambda self: self.cache)
    def get(self, key):
        calls.append(key)
        return key


holder = Holder()
holder.get("k"), holder.get("k")
print(calls)
