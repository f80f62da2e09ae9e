"""OrderedDict, defaultdict and Counter: the order of keys, values made on demand, in hot loops and in subclasses."""
from collections import Counter, OrderedDict, defaultdict, namedtuple
import copy


def attempt(function, *arguments, **keywords):
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Cache:
    """The usual use of move_to_end and popitem."""

    def __init__(self, size):
        self.size, self.items, self.hits = size, OrderedDict(), 0

    def get(self, key):
        if key in self.items:
            self.hits += 1
            self.items.move_to_end(key)
            return self.items[key]
        if len(self.items) >= self.size:
            self.items.popitem(last=False)
        value = self.items[key] = key * key
        return value


cache = Cache(20)
print(sum([cache.get(i * i % 37) for i in range(3000)]), cache.hits, list(cache.items))


def against_list(n):
    """The same random changes of an ordered dict and of a list of keys."""
    o, l, seed = OrderedDict(), [], 1
    for step in range(n):
        seed = (seed * 1103515245 + 12345) % (1 << 31)
        choice, key = seed >> 8 & 7, seed >> 16 & 31
        if choice < 3:
            if key not in o:
                l.append(key)
            o[key] = step
        elif choice == 3 and l:
            key = l[key % len(l)]
            o.move_to_end(key), l.remove(key), l.append(key)
        elif choice == 4 and l:
            key = l[key % len(l)]
            o.move_to_end(key, last=False), l.remove(key), l.insert(0, key)
        elif choice == 5 and l:
            assert o.popitem()[0] == l.pop()
        elif choice == 6 and l:
            assert o.popitem(last=False)[0] == l.pop(0)
        elif choice == 7 and key in o:
            del o[key]
            l.remove(key)
        if step % 40 == 0:
            assert list(o) == l and list(reversed(o)) == l[::-1] and list(o.keys()) == l and len(o) == len(l), step
            assert [o[k] for k in l] == list(o.values()) and all([k in o for k in l]), step
    return l


print(against_list(1500))


def fifo(n):
    o = OrderedDict()
    for i in range(n):
        o[i] = i
    total = 0
    while o:
        total += o.popitem(last=False)[1]
    return total


print(fifo(2000))
o, p = OrderedDict(a=1, b=2, c=3), OrderedDict(c=3, b=2, a=1)
print(o, OrderedDict(), o == p, o == dict(p), dict(p) == o, o != p, attempt(lambda: o < p), attempt(hash, o))
print(list(reversed(o)), list(reversed(o.items())), list(reversed(o.keys())), list(reversed(o.values())), o.keys(), o.items())
print(o | {"z": 1}, {"z": 1} | o, attempt(lambda: o | 1), o.copy(), o.pop("a"), attempt(o.pop, "a"), o.pop("a", default=5))
print(o.setdefault("q"), o.setdefault(key="r", default=6), OrderedDict.fromkeys("ab", 1), attempt(OrderedDict, 1), attempt(OrderedDict, [], []))
print(attempt(o.move_to_end, "zz"), attempt(OrderedDict().popitem), isinstance(o.keys(), type({}.keys())), type(iter(o)).__name__)


def changed(change):
    o = OrderedDict(a=1, b=2, c=3)
    for key in o:
        change(o, key)


print(attempt(changed, lambda o, k: o.move_to_end(k)), attempt(changed, lambda o, k: o.__delitem__(k)))
print(attempt(changed, lambda o, k: o.__setitem__(k, 5)), attempt(changed, lambda o, k: o.__setitem__(k + "x", 5)))
o = OrderedDict(x=1)
o["self"] = o
o.attribute = 7
print(o, o.attribute, o.__dict__, o.__reduce__()[1:3])


class Doubling(OrderedDict):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)


class Slotted(OrderedDict):
    __slots__ = ("label",)


print(Doubling(a=1), Doubling(a=1).copy(), Doubling.fromkeys("a", 1), type(Doubling() | {}), Doubling([("k", 2)]))
slotted = Slotted(a=1)
slotted.label = ["kept"]
print(slotted, slotted.label)


def group(n):
    groups = defaultdict(list)
    counts = defaultdict(int)
    for i in range(n):
        groups[i * i % 7].append(i)
        counts[i % 5] += i
    return {key: len(group) for key, group in groups.items()}, counts


print(group(3000))
d = defaultdict(list, {1: 2}, a=3)
print(d, d["new"], d | {2: 3}, {2: 3} | d, d.copy(), copy.copy(d), copy.deepcopy(d), d.default_factory, d.get("none"))
print(attempt(defaultdict, 1), defaultdict(), attempt(lambda: defaultdict()[1]), attempt(lambda: d | 1), attempt(defaultdict, list, 1))
d.default_factory = None
print(d, attempt(lambda: d["missing"]), attempt(d.__missing__, 3), d == {1: 2, "a": 3, "new": []})
d = defaultdict()
d.default_factory = d.copy
d[1] = d
print(repr(d)[-5:], d.__reduce__()[1:4] == ((d.default_factory,), None, None))


class Own(defaultdict):
    def __missing__(self, key):
        return "no " + str(key)


class Raising(defaultdict):
    pass


def fails():
    raise ValueError("factory")


own = Own(list, x=1)
own.attribute = [1]
print(own, own["y"], own.copy(), type(own | {}), own.attribute, attempt(lambda: Raising(fails)[0]), Raising.fromkeys("ab"))
kept = [Own(list, k=[i]) for i in range(200)]
for i, one in enumerate(kept):
    one.default_factory, one.tag = (lambda i=i: i), [i]
del kept[::2]
print(kept[20].default_factory(), kept[20].tag, kept[20]["k"])


class Counts(Counter):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 10)


print(Counter("abracadabra"), Counter(a=2) + Counter("ab"), Counts("aab"), Counter([1, 1.0, True]), Counter({"a": 3}).most_common())
Point = namedtuple("Point", "x y")


def fields(points):
    total = 0
    for p in points:
        total += p.x * 2 - p.y
    return total


points = [Point(i, 1.5) for i in range(2000)]
print(fields(points), fields([Point("a", "b")]) if False else "", Point.x.__doc__, repr(Point.x), attempt(lambda: Point.x.__get__(1)))
print(attempt(setattr, points[0], "x", 1), attempt(delattr, points[0], "x"), Point.x.__get__((7, 8)), attempt(Point.y.__get__, (7,)))
short = tuple.__new__(Point, (5,))
print(attempt(fields, points[:1500] + [short]), short.x)
