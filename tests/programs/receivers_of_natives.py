# Methods of built-in types that are called with a receiver of another type, be its memory alike.
def shown(function):
    try:
        result = function()
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print(repr(result))


class MySet(set):
    pass


class MyDict(dict):
    pass


shown(lambda: set.union(frozenset(), ()))
shown(lambda: frozenset.union(set(), ()))
shown(lambda: set.union(MySet(), [1]))
shown(lambda: set.add(frozenset(), 1))
shown(lambda: set.isdisjoint({}.keys(), ()))
shown(lambda: type({}.keys()).isdisjoint({}.items(), ()))
shown(lambda: type({}.items()).isdisjoint({}.keys(), ()))
shown(lambda: type({}.keys()).mapping.__get__({}.values()))
shown(lambda: dict.get(set(), 1))
shown(lambda: dict.get(MyDict(a=1), "a"))
shown(lambda: list.append((), 1))
shown(lambda: tuple.count([], 1))
shown(lambda: int.bit_length(2.0))
shown(lambda: int.bit_length(True))
shown(lambda: float.hex(3))
shown(lambda: complex.conjugate(3))
shown(lambda: bytes.find(bytearray(), b""))
shown(lambda: bytearray.find(b"", b""))
shown(lambda: type(iter([])).__length_hint__(iter(())))
shown(lambda: type((i for i in ())).send(1, None))
shown(lambda: type((i for i in ())).close(type.__call__))
