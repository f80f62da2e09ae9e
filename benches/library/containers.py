"""Kernels of containers, and of the functions over them."""

from samples import TEXT, WORDS, Record


# containers


def sorted_key():
    words = WORDS * 10
    return lambda: sorted(words, key=len)


def sorted_lambda():
    pairs = [(i * 7919 % 1000, str(i)) for i in range(300)]
    return lambda: sorted(pairs, key=lambda pair: pair[0])


def sorted_attribute():
    from operator import attrgetter, itemgetter

    records = [Record(str(i), i * 7919 % 1000) for i in range(100)]
    pairs = [(i * 7919 % 1000, str(i)) for i in range(100)]
    return lambda: (sorted(records, key=attrgetter("number")), sorted(pairs, key=itemgetter(0), reverse=True))


def sorted_plain():
    numbers = [i * 7919 % 10007 for i in range(1000)]
    floats = [n / 7 for n in numbers]
    return lambda: (sorted(numbers), sorted(floats))


def sorted_tuples():
    pairs = [(i % 10, str(i * 7919 % 1000)) for i in range(300)]
    return lambda: sorted(pairs)


def counter_words():
    from collections import Counter

    words = TEXT.split()
    return lambda: Counter(words).most_common(3)


def counter_arithmetic():
    from collections import Counter

    a, b = Counter("abracadabra"), Counter("alakazam")
    return lambda: (a + b, a & b, a - b)


def deque_ends():
    from collections import deque

    def run():
        queue = deque()
        for i in range(200):
            queue.append(i)
            queue.appendleft(i)
        while queue:
            queue.pop()
            queue.popleft()

    return run


def ordered_dict():
    from collections import OrderedDict

    def run():
        table = OrderedDict()
        for i in range(100):
            table[i] = i
        for i in range(0, 100, 2):
            table.move_to_end(i)
        return list(table.items())

    return run


def default_dict():
    from collections import defaultdict

    def run():
        table = defaultdict(list)
        for i in range(200):
            table[i % 10].append(i)
        return table

    return run


def named_tuple():
    from collections import namedtuple

    Point = namedtuple("Point", "x y")

    def run():
        point = Point(1, 2)
        return point._replace(x=point.x + point.y)._asdict()

    return run


def chain_map():
    from collections import ChainMap

    chained = ChainMap({"a": 1}, {"b": 2}, {"c": 3})
    return lambda: (chained["c"], "b" in chained, len(chained))


def itertools_chain():
    from itertools import accumulate, chain, islice, takewhile

    numbers = list(range(100))
    return lambda: (
        sum(chain(numbers, numbers)),
        list(accumulate(numbers))[-1],
        list(islice(numbers, 10, 50, 3)),
        list(takewhile(lambda n: n < 50, numbers)),
    )


def itertools_product():
    from itertools import combinations, permutations, product

    return lambda: (len(list(product(range(8), repeat=3))), len(list(combinations(range(10), 3))), len(list(permutations(range(5)))))


def itertools_groupby():
    from itertools import batched, groupby, zip_longest

    data = [i // 5 for i in range(100)]
    return lambda: ([(k, len(list(g))) for k, g in groupby(data)], list(zip_longest(data, data)), list(batched(data, 7)))


def functools_cache():
    from functools import lru_cache

    @lru_cache(maxsize=100)
    def square(n):
        return n * n

    def run():
        for i in range(50):
            square(i)

    return run


def functools_partial():
    from functools import partial

    add = partial(lambda a, b, c=0: a + b + c, 1, c=5)
    return lambda: add(2)


def functools_reduce():
    from functools import reduce
    from operator import add

    numbers = list(range(100))
    return lambda: (reduce(lambda a, b: a + b, numbers), reduce(add, numbers))


def functools_dispatch():
    from functools import singledispatch

    @singledispatch
    def name(x):
        return "object"

    name.register(int, lambda x: "int")
    name.register(str, lambda x: "str")
    return lambda: (name(1), name("a"), name(1.5))


def functools_cmp():
    from functools import cmp_to_key

    numbers = [i * 7919 % 1000 for i in range(100)]
    return lambda: sorted(numbers, key=cmp_to_key(lambda a, b: a - b))


def heapq_push_pop():
    from heapq import heapify, heappop, heappush, nsmallest

    data = [i * 7919 % 1000 for i in range(200)]

    def run():
        heap = []
        for n in data:
            heappush(heap, n)
        while heap:
            heappop(heap)
        return nsmallest(5, data)

    return run


def heapq_merge():
    from heapq import merge

    parts = [list(range(i, 100, 3)) for i in range(3)]
    return lambda: list(merge(*parts))


def bisect_insort():
    from bisect import bisect, insort

    data = [i * 7919 % 1000 for i in range(200)]

    def run():
        ordered = []
        for n in data:
            insort(ordered, n)
        return bisect(ordered, 500)

    return run


def array_numbers():
    from array import array

    numbers = array("d", range(200))
    return lambda: (sum(numbers), numbers.tolist(), array("i", [1, 2, 3]).tobytes())
