# What __spec__ tells of modules, made by the import statement and by importlib.
import os
import sys
import tempfile

folder = tempfile.mkdtemp()


def write(path, text):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


write("plain.py", "print(__spec__.name, repr(__spec__.parent), __package__)\nvalue = 1\n")
write("pack/__init__.py", "from .inner import value\nparent = __spec__.parent\n")
write("pack/inner.py", "from . import other\nvalue = other.value + 1\nparent = __spec__.parent\n")
write("pack/other.py", "value = 10\n")
write("circle_a.py", "import circle_b\nvalue = 1\n")
write("circle_b.py", "from circle_a import value\n")
write("circle_c.py", "import circle_d\nvalue = 1\n")
write("circle_d.py", "import circle_c\ncircle_c.value\n")
write("apart/part.py", "value = 'in a namespace'\n")
sys.path.insert(0, folder)
sys.dont_write_bytecode = True


def shown(text):
    return str(text).replace(folder, "FOLDER")


import plain

spec = plain.__spec__
print(spec.name, shown(spec.origin), spec.has_location, spec.submodule_search_locations, spec.loader_state)
print(type(spec).__name__, type(spec).__module__, type(spec.loader).__name__, spec.loader is plain.__loader__)
print(os.path.basename(spec.cached).startswith("plain."), plain.__cached__ == spec.cached)
print(shown(plain), shown(plain.__file__))
import pack

print(pack.value, pack.parent, pack.inner.parent, shown(pack.__spec__.submodule_search_locations), pack.__path__ is pack.__spec__.submodule_search_locations)
print(pack.inner.__spec__.name, pack.inner.__package__, shown(pack.inner), shown(pack))
for name in "circle_a", "circle_c":
    try:
        __import__(name)
    except (ImportError, AttributeError) as error:
        print(type(error).__name__, shown(error))
    print(name in sys.modules)
print(sys.__spec__, sys, sys.__loader__)

import importlib
import importlib.machinery
import importlib.util

ModuleSpec = importlib.machinery.ModuleSpec
print(isinstance(spec, ModuleSpec), ModuleSpec is type(sys.__spec__))
print(importlib.util.find_spec("pack.other").name, importlib.util.find_spec("pack") == pack.__spec__)
print(importlib.util.find_spec("no_such_module"), importlib.util.find_spec("sys"))
import apart.part

print(apart.part.value, apart.__spec__.origin, shown(list(apart.__path__)), apart.__file__ if hasattr(apart, "__file__") else None)
made = importlib.util.module_from_spec(spec)
print(made is plain, made.__name__, made.__spec__ is spec)
spec.loader.exec_module(made)
print(made.value)
print(importlib.reload(plain) is plain)

# The class itself
one = ModuleSpec("name.inner", None, origin="somewhere", loader_state=5, is_package=True)
print(one, one.parent, one.cached, one.has_location, one.loader_state)
one.has_location = True
one.cached = "a file"
one.extra = "kept"
print(one.has_location, one.cached, one.extra, one == ModuleSpec("name.inner", None), one == 5)
print(ModuleSpec("a", 1) == ModuleSpec("a", 1), ModuleSpec("a", 1) != ModuleSpec("b", 1))
try:
    hash(one)
except TypeError:
    print("unhashable")


class Derived(ModuleSpec):
    def __init__(self, name):
        super().__init__(name, "a loader")


print(Derived("x"), Derived("x").parent == "", Derived("x.y").parent)
for wrong in lambda: ModuleSpec(), lambda: ModuleSpec("a"), lambda: ModuleSpec("a", None, "origin"):
    try:
        wrong()
    except TypeError:
        print("TypeError")


# A finder in front of all others
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in ("plain", "invented"):
            return importlib.util.spec_from_loader(name, Finder, origin="nowhere")

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.value = "from the finder"


sys.meta_path.insert(0, Finder)
import invented

print(invented, invented.value, invented.__spec__.loader is Finder)
del sys.modules["plain"]
import plain

print(plain.value, plain)
sys.meta_path.remove(Finder)
del sys.modules["plain"]
import plain

print(plain.value)
