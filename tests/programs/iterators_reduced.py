"""The iterators of built-in types are copied and pickled, wherever they stand."""
import copy
import operator
import pickle


class Items:
    def __getitem__(self, index):
        if index > 3:
            raise IndexError
        return index * 10


makers = {
    "range": lambda: iter(range(5)),
    "long range": lambda: iter(range(10**20, 10**20 + 4)),
    "set": lambda: iter({1, 2, 3}),
    "frozenset": lambda: iter(frozenset("a")),
    "list": lambda: iter([1, 2, 3]),
    "tuple": lambda: iter((1, 2)),
    "str": lambda: iter("abc"),
    "wide str": lambda: iter("a\u1234\U00012345"),
    "bytes": lambda: iter(b"abc"),
    "bytearray": lambda: iter(bytearray(b"abc")),
    "dict": lambda: iter({1: 2, 3: 4}),
    "values": lambda: iter({1: 2, 3: 4}.values()),
    "items": lambda: iter({1: 2, 3: 4}.items()),
    "reversed list": lambda: reversed([1, 2, 3]),
    "reversed str": lambda: reversed("abc"),
    "reversed range": lambda: reversed(range(4)),
    "enumerate": lambda: enumerate("ab", 7),
    "wide enumerate": lambda: enumerate("ab", 10**20),
    "zip": lambda: zip([1, 2], "ab"),
    "strict zip": lambda: zip([1, 2], "ab", strict=True),
    "map": lambda: map(operator.add, [1, 2], [3, 4]),
    "filter": lambda: filter(None, [0, 1, 2]),
    "items by index": lambda: iter(Items()),
    "call": lambda: iter(int, 1),
}

for name, make in makers.items():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(make(), protocol))
        if name != "call":
            assert list(again) == list(make()), name
        else:
            assert next(again) == 0
    if name == "call":
        continue
    one = make()
    first = next(one)
    other = pickle.loads(pickle.dumps(one))
    third = copy.copy(one)
    rest = list(one)
    print(name, [first, *rest] == list(make()), list(other) == rest, list(third) == rest, list(one), list(copy.deepcopy(one)))

try:
    print(list(pickle.loads(pickle.dumps(zip([1, 2], "a", strict=True)))))
except ValueError as error:
    print(error)
print(enumerate("ab").__reduce__()[1][1], zip([1], strict=True).__reduce__()[2], len(map(str, [1]).__reduce__()))

for iterator, state in ((iter(range(10)), 4), (iter(range(0, 10**20, 10**19)), 8), (iter([1, 2, 3]), 1), (reversed([1, 2, 3]), 1), (iter(Items()), 2), (iter("abc"), -5)):
    iterator.__setstate__(state)
    print(list(iterator))
print(operator.length_hint(iter(Items()), 9), operator.length_hint(iter(range(10**20, 10**20 + 4))))

table = {1: 2, 3: 4}
iterator = iter(table)
table[5] = 6
try:
    pickle.dumps(iterator)
except RuntimeError as error:
    print(error)
