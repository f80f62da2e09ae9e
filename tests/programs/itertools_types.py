"""Every type of itertools: what it gives, what it refuses, subclasses, re-entry."""
import itertools
import operator
from itertools import *


def tell(function, *args, **kwargs):
    try:
        result = function(*args, **kwargs)
        print(result if not hasattr(result, "__next__") else list(islice(result, 12)))
    except Exception as e:
        print(type(e).__name__, e)


def steps(iterator, n):
    for _ in range(n):
        try:
            print(next(iterator), end=" ")
        except StopIteration:
            print("stop", end=" ")
        except Exception as e:
            print(type(e).__name__, e, end=" ")
    print()


print("count")
for args in [(), (5,), (5, 2), (2.5,), (0, -1), (1, 0.5), (True,), (True, 2), (10**20,), (2**63 - 3,), (3j,), (-2**63,)]:
    c = count(*args)
    print(repr(c), [next(c) for _ in range(4)], repr(c))
print(repr(count(start=1, step=True)), repr(count(2**63 - 1)))
c = count(2**63 - 2)
print([next(c) for _ in range(4)], c)
tell(count, "a")
tell(count, 1, "a")
tell(count, None)
tell(count, 1, 2, 3)
tell(count, begin=1)


class Number:
    def __init__(self, value):
        self.value = value

    def __int__(self):
        return 1

    def __add__(self, other):
        return Number(self.value + 1)

    def __repr__(self):
        return f"Number({self.value})"


c = count(Number(1))
print(next(c), next(c), c)


class Counter(count):
    pass


print(repr(Counter(3, 4)), isinstance(Counter(), count))
x = Counter(1)
x.note = "kept"
print(next(x), x.note)

print("repeat")
print(repr(repeat(1)), repr(repeat("a", 3)), repr(repeat("a", -3)), repr(repeat(object=1, times=2)))
r = repeat("a", 3)
print(operator.length_hint(r), next(r), r, list(r), r, next(r, "end"), operator.length_hint(r))
tell(repeat)
tell(repeat, 1, None)
tell(repeat, 1, 2, 3)
tell(repeat, 1, "a")
tell(repeat, 1, 2.0)
print(list(map(pow, [2, 3], repeat(2))))

print("cycle")
tell(cycle, "abc")
tell(cycle, "")
tell(cycle, 5)
tell(cycle)
tell(cycle, "a", "b")
tell(cycle, iterable="a")


def fails():
    yield 1
    yield 2
    raise ValueError("enough")


steps(cycle(fails()), 6)

print("chain")
tell(chain, "abc", [1, 2], (), {3: 4})
tell(chain)
tell(chain.from_iterable, ["ab", "cd"])
tell(chain, 1)
tell(chain.from_iterable, 1)
tell(chain, x=1)
tell(chain.from_iterable, [[1], 2])
steps(chain("ab", fails(), "c"), 6)
steps(chain([1], 2, [3]), 4)


class Chained(chain):
    pass


print(type(Chained("a")).__name__, type(Chained.from_iterable(["a"])).__name__, list(Chained.from_iterable(["ab", "c"])))

print("islice")
for args in [(3,), (2, 5), (2, None), (None,), (None, None), (1, 9, 3), (0, 0), (9, 20), (5, 2), (None, 4, None), (0, 5, 100)]:
    data = iter(range(10))
    print(args, list(islice(data, *args)), list(data))
for args in [(-1,), (-1, 2), (1, -2), (0, 1, 0), (0, 1, -1), ("a",), (1, "a"), ("a", 1), (0, 1, "a"), (2**80,), (0, 1, 2**80), (1.0,), (), (1, 2, 3, 4)]:
    tell(islice, range(10), *args)
tell(islice)
tell(islice, 5, 2)
tell(islice, range(3), stop=2)
it = iter(range(10))
a = islice(it, 2, 8, 3)
print(next(a), next(it), next(a, "end"), list(it))
steps(islice(fails(), 1, 9), 4)

print("accumulate")
tell(accumulate, [1, 2, 3])
tell(accumulate, "abc")
tell(accumulate, [3, 1, 2], max)
tell(accumulate, [1, 2, 3], func=operator.mul, initial=10)
tell(accumulate, [], initial=None)
tell(accumulate, [], initial=7)
tell(accumulate, iterable=[1, 2], func=None)
tell(accumulate, [1, "a"])
tell(accumulate)
tell(accumulate, 1)
tell(accumulate, [1], 2, 3)
tell(accumulate, [1, 2], 5)

print("takewhile, dropwhile, filterfalse, compress")
tell(takewhile, lambda x: x < 3, [1, 2, 3, 1])
tell(dropwhile, lambda x: x < 3, [1, 2, 3, 1])
tell(filterfalse, lambda x: x < 3, [1, 2, 3, 1])
tell(filterfalse, None, [0, 1, "", "a"])
tell(filterfalse, bool, [0, 1, "", "a"])
t = takewhile(bool, iter([1, 0, 1, 1]))
steps(t, 4)
for kind in takewhile, dropwhile, filterfalse:
    tell(kind)
    tell(kind, 1, 2, 3)
    tell(kind, len, 5)
    tell(kind, 5, [1])
    tell(kind, len, [1])
    tell(kind, predicate=len, iterable=[])
tell(compress, "abcdef", [1, 0, 1, 0, 1])
tell(compress, data="abc", selectors=[0, 1, 2, 3])
tell(compress, "abc")
tell(compress, 1, 2)

print("starmap")
tell(starmap, pow, [(2, 3), [3, 2], iter((10, 2))])
tell(starmap, max, ["ab", range(3), {5: 1, 6: 2}])
tell(starmap, pow, [1])
tell(starmap, pow, 1)
tell(starmap, None, [()])

print("pairwise, batched")
tell(pairwise, "abcd")
tell(pairwise, "a")
tell(pairwise, "")
tell(pairwise, 1)
steps(pairwise(fails()), 4)
for n in 1, 2, 3, 7, 8:
    tell(batched, "abcdefg", n)
tell(batched, "abc", 2, strict=True)
steps(batched("abc", 2, strict=True), 3)
tell(batched, "abcd", n=2, strict=True)
tell(batched, "abc", 0)
tell(batched, "abc")
tell(batched, "abc", "a")
steps(batched(fails(), 5), 2)

print("zip_longest")
tell(zip_longest, "abc", [1], fillvalue="-")
tell(zip_longest, "abc", [1], range(5))
tell(zip_longest)
tell(zip_longest, "ab", 5)
steps(zip_longest(fails(), "abcdef"), 5)

print("product, permutations, combinations")
tell(product, "ab", [1, 2, 3])
tell(product, "ab", repeat=3)
tell(product)
tell(product, "ab", "")
tell(product, "ab", repeat=0)
tell(product, "ab", repeat=-1)
tell(product, 5)
tell(product, "ab", repeat="a")
tell(product, "ab", times=1)
print(len(list(product(range(7), repeat=4))), sum(a * b for a, b in product(range(40), range(40))))
for kind in combinations, combinations_with_replacement, permutations:
    for r in range(6):
        print(r, ["".join(c) for c in kind("abcd", r)][:30])
    print(list(kind("", 0)), list(kind("", 1)), len(list(kind(range(6), 3))))
    tell(kind, "abc", -1)
    tell(kind, "abc", "a")
    tell(kind, 5, 2)
    tell(kind, "abc", r=2)
    tell(kind, "abc", 2, 3)
    tell(kind)
    tell(kind, "abc", 2.0)
    tell(kind, iterable=(x for x in "abc"), r=1)
tell(permutations, "abc")
tell(permutations, "abc", None)
tell(combinations, "abc", None)
print(sum(1 for _ in permutations(range(7))), list(permutations(range(4), 2))[-1])

print("groupby")
print([(k, list(g)) for k, g in groupby("aaabbca")])
print([(k, list(g)) for k, g in groupby([1, 3, 2, 4, 5], key=lambda x: x % 2)])
print([k for k, g in groupby("aabbcc")])
groups = [g for k, g in groupby("aabbcc")]
print([list(g) for g in groups])
tell(groupby, 5)
tell(groupby)
tell(groupby, [1], 5)
g = groupby(fails(), key=None)
print(next(g)[0], next(g)[0])
steps(g, 2)
k, first = next(g2 := groupby("aab"))
print(k, next(first), next(g2)[0], list(first))
print(type(first), type(first).__module__)


class Key:
    def __eq__(self, other):
        raise KeyError("eq")


g = groupby([1, 2], key=lambda x: Key())
next(g)
steps(g, 1)

print("tee")
a, b = tee(range(200))
print(next(a), next(a), sum(b), sum(a), next(b, "end"))
a, b, c = tee("abc", 3)
print("".join(a), next(b), "".join(c), "".join(b))
print(tee("abc", 0), len(tee([], 5)))
tell(tee, "abc", -1)
tell(tee, 5)
tell(tee, "a", 1, 2)
tell(tee, "a", "b")
a, b = tee("abcdef")
next(a)
c, d = tee(a)
print(a is c, next(c), next(d), next(a), "".join(b), "".join(c))
import copy
a, = tee("xyz", 1)
next(a)
e = copy.copy(a)
print(list(e), list(a), type(e).__name__)
steps(tee(fails(), 1)[0], 5)


class Reenter:
    def __iter__(self):
        return self

    def __next__(self):
        return next(inner)


inner, other = tee(Reenter())
steps(inner, 1)

print("what they are")
for name in sorted(vars(itertools)):
    kind = getattr(itertools, name)
    if isinstance(kind, type) and kind.__module__ == "itertools":
        print(name, kind.__qualname__, hasattr(kind, "__iter__"), hasattr(kind, "__next__"), "__setstate__" in vars(kind))


def subclassed(kind, *args):
    class Plain(kind):
        pass

    class WithInit(kind):
        def __init__(self, *args, newarg=None):
            self.newarg = newarg

    class WithNew(kind):
        def __new__(cls, *args, newarg=None):
            self = super().__new__(cls, *args)
            self.newarg = newarg
            return self

    tell(lambda: list(islice(Plain(*args), 3)))
    if kind not in (count, repeat, zip_longest, compress, accumulate, product):
        tell(lambda: list(islice(Plain(*args, newarg=3), 3)))
    for cls in WithInit, WithNew:
        try:
            made = cls(*args, newarg=3)
            print(cls.__name__, made.newarg, list(islice(made, 3)))
        except TypeError as e:
            print(cls.__name__, kind.__name__, "TypeError")


for case in [(cycle, "ab"), (chain, "ab", "c"), (islice, "abc", 2), (takewhile, bool, [1]), (dropwhile, bool, [0, 1]), (filterfalse, bool, [0]), (starmap, pow, [(1, 2)]), (pairwise, "abc")]:
    subclassed(*case)
