# Not under gc: it imports much.
# Signatures as the language's own functions and classes show them, and descriptors under a class's documented names.
import collections
import functools
import inspect
import itertools
import operator
from types import CodeType

SHOWN = [map, filter, zip, enumerate, reversed, callable, delattr, getattr, hasattr, setattr, isinstance, ord, chr, bytes, bytearray,
         int, str, float, complex, list, tuple, set, functools.partial, operator.methodcaller, itertools.islice, itertools.repeat,
         itertools.chain, itertools.count, collections.deque, collections.OrderedDict, functools.lru_cache, sorted, sum, print]
for shown in SHOWN:
    try:
        print(shown.__name__, inspect.signature(shown))
    except ValueError:
        print(shown.__name__, "-")


class Given:
    def __get__(self, instance, owner=None):
        return "given", instance is None, owner.__name__


class Named:
    __doc__ = Given()
    __annotate__ = Given()
    __qualname__ = "Other"


class Annotated:
    __annotations__ = Given()


class Derived(Named):
    pass


print(Named.__doc__, Named.__annotate__, Named.__qualname__, Named().__doc__)
print(Annotated.__annotations__, Derived.__doc__)


class Described(property):
    def __get__(self, instance, owner=None):
        return "of the class" if instance is None else property.__get__(self, instance, owner)


class Property:
    __doc__ = Described(lambda self: "of an instance")


print(Property.__doc__, Property().__doc__)

# Code that is empty can be made. Running it is another matter.
code = CodeType(1, 0, 0, 1, 1, 67, b"", (), (), ("f",), "module", "Whatever", "module.Whatever", 1, b"", b"")
print(code.co_argcount, code.co_name, code.co_code, list(code.co_positions()), list(code.co_lines()))
