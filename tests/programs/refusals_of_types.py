# Not under gc: it imports inspect and tokenize.
# What types and modules refuse, and in which words: type parameters in order, tokens that no source has, classes in tuples without
# end, containers in containers without end; signatures, hashes of a seed, device numbers.
import collections
import inspect
import io
import operator
import os
import subprocess
import sys
import tokenize
import typing
import weakref


def show(function, *arguments):
    try:
        print(function(*arguments))
    except Exception as error:
        print(type(error).__name__, error)


T, W = typing.TypeVar("T"), typing.TypeVar("W", default=int)
for parameters in [(1,), (T, 2), (W, T), [T], (W, typing.ParamSpec("P")), (T, W)]:
    show(lambda: typing.TypeAliasType("A", int, type_params=parameters))


def function():
    pass


def set_parameters(value):
    function.__type_params__ = value
    return function.__type_params__


for parameters in [1, [T], (T,)]:
    show(set_parameters, parameters)
kept = typing.ParamSpec("P").args
print(weakref.ref(kept)() is kept)


class Index:
    def __index__(self):
        return 10


index = Index()
print(operator.index(weakref.proxy(index)), [*range(20)][weakref.proxy(index)])
print(inspect.signature(staticmethod), inspect.signature(classmethod))

for source in [
    "(1+2]", "{1+2]", "\xa0", "€", "a€b", "012", "(" * 201, "]", " a\n\x00", "00", "0_7", "1if x", "1abc", "0xfg", "(\n1]",
    "f'{(]}'", "012.5", "012j", "1__0", "\n".join(" " * n + "if 1:" for n in range(102)),
]:
    for extra in False, True:
        try:
            read = io.StringIO(source).readline
            tokens = [token.string for token in tokenize._generate_tokens_from_c_tokenizer(read, extra_tokens=extra)]
            print(repr(source[:6]), len(tokens), tokens[:4])
        except (tokenize.TokenError, IndentationError) as error:
            print(repr(source[:6]), type(error).__name__, error.args[0], error.args[1][:2])


def endless(ask, value):
    classes = (int,)
    while True:
        for _ in range(2000):
            classes = (classes,)
        ask(value, classes)


class Abstract:
    def __init__(self, *bases):
        self.__bases__ = bases


class Claiming:
    def __init__(self, kind):
        self.kind = kind

    __class__ = property(lambda self: self.kind)


root, other = Abstract(), Abstract()
leaf = Abstract(Abstract(root))
print(issubclass(leaf, root), issubclass(leaf, other), issubclass(leaf, (other, root)), isinstance(Claiming(leaf), root))
print(isinstance(3, root), issubclass(leaf, int))
for ask, arguments in (isinstance, (1, 2)), (issubclass, (int, 2)), (issubclass, (2, root)):
    show(ask, *arguments)
root.__bases__ = (leaf, leaf)
try:
    issubclass(leaf, other)
except RecursionError:
    print("RecursionError")
for ask, value in (isinstance, "x"), (issubclass, str):
    try:
        endless(ask, value)
    except RecursionError:
        print("RecursionError")


class Mutating:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, other):
        calls.append(self.name)
        if len(calls) == 2:
            ordered.clear()
        return True


calls, ordered = [], collections.OrderedDict([(0, 1), (Mutating("a"), 2), (4, 5)])
show(operator.eq, ordered, collections.OrderedDict([(0, 1), (Mutating("b"), 2), (4, 5)]))
print(hash(""), hash(b""), hash(memoryview(b"")))
for seed in "0", "42":
    code = "print(hash('abc'), hash(b'abcdefghijk'), hash('äú∑ℇ'))"
    result = subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}, capture_output=True)
    print(result.stdout.decode(), end="")
for numbers in (-2, 1), (1, -2):
    show(os.makedev, *numbers)
import ctypes


class Empty(ctypes.Structure):
    pass


resized = Empty()
ctypes.resize(resized, 5)
view = memoryview(resized)
view.cast("B")[:] = b"hello"
print(view.nbytes, view.shape, view.itemsize, bytes(resized), memoryview(ctypes.c_int(1)).nbytes)
