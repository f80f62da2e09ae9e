"""Containers."""

import sys as _sys
from _collections import OrderedDict, _count_elements, _tuplegetter, defaultdict, deque
from types import ModuleType as _ModuleType

_missing = object()


_KEYWORDS = frozenset([
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while", "with", "yield",
])


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    field_names = [str(name) for name in field_names]
    typename = str(typename)
    if rename:
        seen = set()
        for index, name in enumerate(field_names):
            if not name.isidentifier() or name in _KEYWORDS or name.startswith("_") or name in seen:
                field_names[index] = f"_{index}"
            seen.add(name)
    for name in [typename] + field_names:
        if not name.isidentifier():
            raise ValueError(f"Type names and field names must be valid identifiers: {name!r}")
        if name in _KEYWORDS:
            raise ValueError(f"Type names and field names cannot be a keyword: {name!r}")
    seen = set()
    for name in field_names:
        if name.startswith("_") and not rename:
            raise ValueError(f"Field names cannot start with an underscore: {name!r}")
        if name in seen:
            raise ValueError(f"Encountered duplicate field name: {name!r}")
        seen.add(name)
    defaults = () if defaults is None else tuple(defaults)
    if len(defaults) > len(field_names):
        raise TypeError("Got more default values than field names")
    field_defaults = dict(zip(field_names[len(field_names) - len(defaults):], defaults))
    field_names = tuple(field_names)
    n_fields = len(field_names)
    arguments = ", ".join(field_names)
    scope = {"_tuple_new": tuple.__new__, "__builtins__": {}, "__name__": f"namedtuple_{typename}"}
    pack = f"({arguments},)" if field_names else "()"
    separator = ", " if field_names else ""
    exec(f"def __new__(_cls{separator}{arguments}):\n    return _tuple_new(_cls, {pack})\n", scope)
    new = scope["__new__"]
    new.__doc__ = f"Create new instance of {typename}({arguments})"
    new.__qualname__ = f"{typename}.__new__"
    if defaults:
        new.__defaults__ = defaults
    template = "(" + ", ".join([f"{name}=%r" for name in field_names]) + ")"

    def _make(cls, iterable):
        result = tuple.__new__(cls, iterable)
        if len(result) != n_fields:
            raise TypeError(f"Expected {n_fields} arguments, got {len(result)}")
        return result

    def _replace(self, /, **kwds):
        result = self._make([kwds.pop(name, value) for name, value in zip(field_names, self)])
        if kwds:
            raise TypeError(f"Got unexpected field names: {list(kwds)!r}")
        return result

    def __repr__(self):
        return self.__class__.__name__ + template % tuple(self)

    def _asdict(self):
        return dict(zip(field_names, self))

    def __getnewargs__(self):
        return tuple(self)

    namespace = {
        "__doc__": f"{typename}({arguments})",
        "__slots__": (),
        "_fields": field_names,
        "_field_defaults": field_defaults,
        "__new__": new,
        "_make": classmethod(_make),
        "_replace": _replace,
        "__replace__": _replace,
        "__repr__": __repr__,
        "_asdict": _asdict,
        "__getnewargs__": __getnewargs__,
        "__match_args__": field_names,
    }
    for index, name in enumerate(field_names):
        namespace[name] = _tuplegetter(index, _sys.intern(f"Alias for field number {index}"))
    result = type(typename, (tuple,), namespace)
    if module is None:
        module = _sys._getframemodulename(1) or "__main__"
    result.__module__ = module
    return result


class Counter(dict):
    def __init__(self, iterable=None, /, **kwds):
        dict.__init__(self)
        self.update(iterable, **kwds)

    def __missing__(self, key):
        return 0

    def total(self):
        return sum(self.values())

    def most_common(self, n=None):
        ordered = sorted(self.items(), key=lambda item: item[1], reverse=True)
        return ordered if n is None else ordered[:max(n, 0)]

    def elements(self):
        for element, count in self.items():
            for _ in range(count):
                yield element

    def update(self, iterable=None, /, **kwds):
        if iterable is not None:
            if isinstance(iterable, dict):
                for element, count in iterable.items():
                    self[element] = self.get(element, 0) + count
            else:
                _count_elements(self, iterable)
        if kwds:
            self.update(kwds)

    def subtract(self, iterable=None, /, **kwds):
        if iterable is not None:
            if isinstance(iterable, dict):
                for element, count in iterable.items():
                    self[element] = self.get(element, 0) - count
            else:
                for element in iterable:
                    self[element] = self.get(element, 0) - 1
        if kwds:
            self.subtract(kwds)

    @classmethod
    def fromkeys(cls, iterable, v=None):
        raise NotImplementedError("Counter.fromkeys() is undefined.  Use Counter(iterable) instead.")

    def copy(self):
        return type(self)(self)

    def __delitem__(self, element):
        if element in self:
            dict.__delitem__(self, element)

    def _keep_positive(self):
        for element in [element for element, count in self.items() if not count > 0]:
            del self[element]
        return self

    def __add__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter(self)
        for element, count in other.items():
            result[element] = result[element] + count
        return result._keep_positive()

    def __sub__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter(self)
        for element, count in other.items():
            result[element] = result[element] - count
        return result._keep_positive()

    def __or__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter(self)
        for element, count in other.items():
            result[element] = max(result[element], count)
        return result._keep_positive()

    def __and__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for element, count in self.items():
            least = min(count, other[element])
            if least > 0:
                result[element] = least
        return result

    def __iadd__(self, other):
        for element, count in other.items():
            self[element] += count
        return self._keep_positive()

    def __isub__(self, other):
        for element, count in other.items():
            self[element] -= count
        return self._keep_positive()

    def __pos__(self):
        return Counter(self)._keep_positive()

    def __eq__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return all([self[e] == other[e] for c in (self, other) for e in c])

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __repr__(self):
        if not self:
            return f"{type(self).__name__}()"
        try:
            shown = dict(self.most_common())
        except TypeError:
            shown = dict(self)
        return f"{type(self).__name__}({shown!r})"


class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __missing__(self, key):
        raise KeyError(key)

    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        return self.__missing__(key)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def _merged(self):
        merged = {}
        for mapping in reversed(self.maps):
            merged.update(mapping)
        return merged

    def __len__(self):
        return len(self._merged())

    def __iter__(self):
        return iter(self._merged())

    def __contains__(self, key):
        return any([key in mapping for mapping in self.maps])

    def __bool__(self):
        return any(self.maps)

    def keys(self):
        return self._merged().keys()

    def values(self):
        return self._merged().values()

    def items(self):
        return self._merged().items()

    def new_child(self, m=None, **kwargs):
        return type(self)({**(m or {}), **kwargs} if kwargs or m is None else m, *self.maps)

    @property
    def parents(self):
        return type(self)(*self.maps[1:])

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __delitem__(self, key):
        try:
            del self.maps[0][key]
        except KeyError:
            raise KeyError(f"Key not found in the first mapping: {key!r}") from None

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(map(repr, self.maps))})"


def _make_abc():
    from abc import ABCMeta, abstractmethod

    def checks(*names):
        def hook(cls, subclass):
            if "__abstract_names__" not in cls.__dict__:
                return NotImplemented
            for name in names:
                for base in subclass.__mro__:
                    if name in base.__dict__:
                        if base.__dict__[name] is None:
                            return NotImplemented
                        break
                else:
                    return NotImplemented
            return True
        return classmethod(hook)

    def abstract(name):
        def method(self, *args, **kwargs):
            raise NotImplementedError(name)
        method.__name__ = name
        return abstractmethod(method)

    module = _ModuleType("collections.abc")

    def define(name, names, bases=(), registered=(), structural=True, **methods):
        namespace = {"__module__": "collections.abc", "__slots__": (), "__abstract_names__": names,
                     "__class_getitem__": classmethod(lambda cls, item: cls)}
        for method in names:
            namespace[method] = abstract(method)
        namespace.update(methods)
        if structural:
            namespace["__subclasshook__"] = checks(*names)
        else:
            namespace["__subclasshook__"] = classmethod(lambda cls, subclass: NotImplemented)
        cls = ABCMeta(name, bases or (object,), namespace)
        for other in registered:
            cls.register(other)
        setattr(module, name, cls)
        return cls

    hashable = define("Hashable", ("__hash__",))
    define("Callable", ("__call__",))
    define("Awaitable", ("__await__",))
    define("AsyncIterable", ("__aiter__",))
    iterable = define("Iterable", ("__iter__",))
    iterator = define("Iterator", ("__next__",), (iterable,), __iter__=lambda self: self)
    define("AsyncIterator", ("__anext__",))
    reversible = define("Reversible", ("__reversed__",), (iterable,))
    sized = define("Sized", ("__len__",))
    container = define("Container", ("__contains__",))
    collection = define("Collection", (), (sized, iterable, container), structural=False)
    collection.__subclasshook__ = checks("__len__", "__iter__", "__contains__")

    def generator():
        yield
    define("Generator", (), (iterator,), (type(generator()),), structural=False)

    def sequence_iter(self):
        i = 0
        try:
            while True:
                yield self[i]
                i += 1
        except IndexError:
            return

    def sequence_contains(self, value):
        for item in self:
            if item is value or item == value:
                return True
        return False

    def sequence_index(self, value, start=0, stop=None):
        for i in range(start, len(self) if stop is None else stop):
            if self[i] is value or self[i] == value:
                return i
        raise ValueError

    def sequence_append(self, value):
        self.insert(len(self), value)

    def sequence_extend(self, values):
        for value in values:
            self.append(value)

    def sequence_pop(self, index=-1):
        value = self[index]
        del self[index]
        return value

    sequence = define(
        "Sequence", ("__getitem__",), (reversible, collection), (tuple, str, range, bytes), structural=False,
        __iter__=sequence_iter, __contains__=sequence_contains, index=sequence_index,
        __reversed__=lambda self: (self[i] for i in range(len(self) - 1, -1, -1)),
        count=lambda self, value: sum([1 for item in self if item is value or item == value]))
    define("MutableSequence", ("__setitem__", "__delitem__", "insert"), (sequence,), (list, deque), structural=False,
           append=sequence_append, extend=sequence_extend, pop=sequence_pop)
    abstract_set = define("Set", (), (collection,), (set, frozenset, type({}.keys()), type({}.items())), structural=False)

    def set_discarding(self, value):
        if value not in self:
            raise KeyError(value)
        self.discard(value)
    define("MutableSet", ("add", "discard"), (abstract_set,), (set,), structural=False, remove=set_discarding)

    def mapping_get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def mapping_contains(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def mapping_pop(self, key, default=_missing):
        try:
            value = self[key]
        except KeyError:
            if default is _missing:
                raise
            return default
        del self[key]
        return value

    def mapping_setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default

    def mapping_update(self, other=(), /, **kwds):
        items = other.items() if hasattr(other, "items") else other
        for key, value in items:
            self[key] = value
        for key, value in kwds.items():
            self[key] = value

    def mapping_clear(self):
        for key in list(self):
            del self[key]

    def mapping_equal(self, other):
        if not isinstance(other, mapping):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    mapping = define(
        "Mapping", ("__getitem__",), (collection,), (dict,), structural=False,
        get=mapping_get, __contains__=mapping_contains, __eq__=mapping_equal, keys=lambda self: list(self),
        values=lambda self: [self[key] for key in self], items=lambda self: [(key, self[key]) for key in self])
    define("MutableMapping", ("__setitem__", "__delitem__"), (mapping,), (dict,), structural=False, pop=mapping_pop,
           setdefault=mapping_setdefault, update=mapping_update, clear=mapping_clear)
    define("KeysView", (), (abstract_set,), (type({}.keys()),), structural=False)
    define("ItemsView", (), (abstract_set,), (type({}.items()),), structural=False)
    define("ValuesView", (), (collection,), (type({}.values()),), structural=False)
    module.__all__ = [name for name in dir(module) if name[:1] != "_"]
    return module


abc = _make_abc()
_sys.modules["collections.abc"] = abc
_sys.modules["_collections_abc"] = abc


class UserDict(abc.MutableMapping):
    def __init__(self, dict=None, /, **kwargs):
        self.data = {}
        if dict is not None:
            self.update(dict)
        if kwargs:
            self.update(kwargs)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        if key in self.data:
            return self.data[key]
        if hasattr(self.__class__, "__missing__"):
            return self.__class__.__missing__(self, key)
        raise KeyError(key)

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __iter__(self):
        return iter(self.data)

    def __contains__(self, key):
        return key in self.data

    def __repr__(self):
        return repr(self.data)

    def copy(self):
        return type(self)(self.data)
