# needs: sortedcontainers
from sortedcontainers import SortedDict, SortedKeyList, SortedList, SortedSet

values = SortedList([5, 1, 4, 1, 3])
values.add(2)
values.remove(1)
print(values, values.bisect(3), values[1:3], list(values.irange(2, 4)), values.count(1), values.index(5))
mapping = SortedDict({"b": 2, "a": 1, "c": 3})
print(mapping, mapping.peekitem(0), mapping.popitem(), list(mapping.irange("a", "b")), mapping.keys()[0], mapping.setdefault("z", 9))
print(SortedSet("hello"), SortedSet([1, 2]) | SortedSet([5]), SortedKeyList(["bbb", "a", "cc"], key=len))
big = SortedList(range(5000, 0, -1))
for number in range(1, 5000, 3):
    big.discard(number)
print(len(big), big[100], big.bisect_left(2500), sum(big[::7]))
try:
    values.remove(99)
except ValueError as error:
    print(error)
