d = {"b": 1, "a": 2}
d["c"] = 3
del d["b"]
d["b"] = 4
d["a"] = 5
print(d, list(d), list(d.values()), list(d.items()), list(reversed(d)), d.popitem(), d)
print(d.get("z"), d.get("z", 0), d.setdefault("q", []), d.pop("a"), d.pop("zz", "dflt"), "q" in d, len(d))
d.update({"x": 1}, y=2)
d |= {"x": 9}
print(d, d | {"n": 0}, {**d, "c": 0}, dict([("k", 1)], z=2), dict.fromkeys("ab", 0), d == dict(reversed(list(d.items()))))
for f in (lambda: {}["missing"], lambda: {}.popitem(), lambda: {}.pop(1), lambda: {[]: 1}, lambda: dict([1]), lambda: {(1, []): 2}):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

def churn(n):
    d = {}
    for i in range(n):
        d[i] = i
        if i % 2 == 1:
            del d[i - 1]
        if i % 500 == 499:
            for k in list(d)[:100]:
                del d[k]
    return len(d), list(d)[:3], list(d)[-2:], sum(d.values())

def lru(n, size):
    cache = {}
    hits = 0
    x = 1
    for i in range(n):
        x = (x * 1103515245 + 12345) % 2147483648
        k = (x >> 16) % 60
        if k in cache:
            hits += 1
            v = cache.pop(k)
            cache[k] = v + 1
        else:
            if len(cache) >= size:
                del cache[next(iter(cache))]
            cache[k] = 0
    return hits, list(cache)[:5], sum(cache.values())

print(churn(5000), lru(5000, 20))

def queue_like(n):
    d = {}
    for i in range(n):
        d[i] = 1
        if len(d) > 10:
            d.pop(next(iter(d)))
    return list(d)

print(queue_like(4000))
