# Classes of bases that add no memory are made as their bases are; what adds some is not.
import copy
import typing

T = typing.TypeVar("T")


class Field(typing.Generic[T]):
    def __init__(self):
        self.x = 1


class Integer(Field[int]):
    pass


print(copy.copy(Integer()).x, type(object.__new__(Integer)).__name__)
for kind in (dict, Exception, int, type):
    try:
        object.__new__(kind)
    except TypeError as error:
        print(error)
globals_of = type("Answers", (dict,), {"__missing__": lambda self, key: f"<{key}>"})


def names():
    return [missing, len]


answers = type(names)(names.__code__, globals_of())
for _ in range(3000):
    result = answers()
print(result)
text = eval("dict(b=True  # comes from here\n    )")
print(text)
