# Not under gc: it imports importlib.
# What `__builtins__` of globals is, when it is no plain dict; modules that say who they are; `importlib` without its frozen parts;
# copies of dicts of which the last entry was removed.
import importlib
import importlib.util
import os
import pickle
import sys
import tempfile
import types


def show(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


class Giver(dict):
    def __getitem__(self, name):
        if name == "given":
            return 5
        raise KeyError(name)


show(lambda: eval("x", {"__builtins__": types.MappingProxyType({"x": 3})}))
show(lambda: eval("given", {"__builtins__": Giver()}))
show(lambda: eval("other", {"__builtins__": Giver()}))
show(lambda: exec("import sys", {"__builtins__": Giver()}))
show(lambda: exec("import sys", {"__builtins__": {}}))
show(lambda: exec("print(1)", {"__builtins__": types.MappingProxyType({})}))
show(lambda: eval("[x for y in (1,)]", {"__builtins__": types.MappingProxyType({"x": 3})}))
show(lambda: exec("import sys as s\nprint(s.__name__)", {"__builtins__": {"__import__": __import__, "print": print}}))

module = types.ModuleType("m")
print(module)
module.__loader__ = int
print(module)
module.__file__ = "/f.py"
print(module)
del module.__name__, module.__file__
print(module)
show(lambda: module.nothing)
show(lambda: types.ModuleType("m").nothing)
module.__dir__ = lambda: ["b", "a"]
print(dir(module))
module.__dir__ = lambda: 5
show(lambda: dir(module))

with tempfile.TemporaryDirectory() as folder:
    os.mkdir(f"{folder}/parts")
    for name, text in ("__init__", "__all__ = ['one', 'two']"), ("one", "1"), ("two", "2"), ("three", "3"):
        with open(f"{folder}/parts/{name}.py", "w") as file:
            file.write(text)
    sys.path.insert(0, folder)
    namespace = {}
    exec("from parts import *", namespace)
    print(sorted(set(namespace) - {"__builtins__"}))
    sys.modules["parts"].__all__ = ["one", 3]
    show(lambda: exec("from parts import *"))
    show(lambda: exec("from . import x", {"__package__": 3}))
    del sys.path[0]

kept = {name: sys.modules[name] for name in ("_frozen_importlib", "_frozen_importlib_external")}
sys.modules.update(dict.fromkeys(kept))
import json.tool
print(json.tool.__loader__ is None, type(importlib.util.find_spec("json.decoder")).__name__)
sys.modules.update(kept)

for function in str.maketrans, object.__new__, dict.fromkeys, bytes.fromhex, [].append:
    name, arguments = function.__reduce__()
    print(name.__name__, arguments, function.__self__ is arguments[0])
print(pickle.loads(pickle.dumps(bytearray.maketrans)) is bytearray.maketrans, repr(int.__new__).split(" at ")[0])
for kind in (2, 4):
    try:
        pickle.dumps(dict.__dict__["fromkeys"], kind)
    except TypeError as error:
        print(error)

numbers = {n: n for n in range(12)}
del numbers[11]
copy = numbers.copy()
print(all(n in copy for n in numbers), len(copy), copy.pop(4), dict(numbers)[7], set(copy) == set(numbers) - {4})
numbers.popitem()
print({**numbers, "x": 1}[3], (numbers | {})[9])


class Plain:
    pass


print(Plain.__dict__["__dict__"].__doc__, "/", Plain.__dict__["__weakref__"].__doc__)
for text in "a\ud800", "b":
    show(lambda: type(text, (), {}).__name__)
    show(lambda: type("C", (), {"__doc__": text}).__name__)


class Number(int):
    pass


def delete():
    del Number().real


show(delete)
