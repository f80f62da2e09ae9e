# needs: boltons
from boltons.cacheutils import LRU
from boltons.dictutils import OMD, OneToOne
from boltons.iterutils import chunked, remap, windowed, research
from boltons.setutils import IndexedSet
from boltons.strutils import camel2under, slugify, bytes2human, pluralize
from boltons.funcutils import wraps
from boltons.tbutils import ExceptionInfo

print(chunked(range(5), 2), list(windowed("abc", 2)), remap({"a": [1, None, {"b": None}]}, lambda p, k, v: v is not None))
print(OMD([("a", 1), ("a", 2)]).getlist("a"), OneToOne({"a": 1}).inv, IndexedSet([3, 1, 3])[1], camel2under("BoltonsIsUseful"))
print(slugify("Hello World!"), bytes2human(123456), pluralize("box"), research({"a": [1, 2]}, lambda p, k, v: v == 2))


@wraps(chunked)
def other(*args, **kwargs):
    return chunked(*args, **kwargs)


print(other.__name__, other([1, 2, 3], 2), LRU(max_size=2, values={1: 2}))
try:
    {}["k"]
except KeyError:
    print(ExceptionInfo.from_current().exc_type)
