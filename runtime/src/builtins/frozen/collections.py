"""Containers."""

import sys as _sys
from types import ModuleType as _ModuleType

_missing = object()


def _tuple_getter(index, doc):
    return property(lambda self: self[index], doc=doc)


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
        namespace[name] = _tuple_getter(index, f"Alias for field number {index}")
    result = type(typename, (tuple,), namespace)
    if module is None:
        module = _sys._getframemodulename(1) or "__main__"
    result.__module__ = module
    return result


class deque:
    """A list whose front may lie behind its first place; the places before it are given back from time to time."""

    def __init__(self, iterable=(), maxlen=None):
        if maxlen is not None and maxlen < 0:
            raise ValueError("maxlen must be non-negative")
        self._items = []
        self._head = 0
        self._maxlen = maxlen
        self.extend(iterable)

    @property
    def maxlen(self):
        return self._maxlen

    def append(self, x, /):
        self._items.append(x)
        if self._maxlen is not None and len(self._items) - self._head > self._maxlen:
            self.popleft()

    def appendleft(self, x, /):
        head = self._head
        if head == 0:
            room = len(self._items) + 8
            self._items[:0] = [None] * room
            head = room
        self._head = head - 1
        self._items[head - 1] = x
        if self._maxlen is not None and len(self._items) - self._head > self._maxlen:
            self._items.pop()

    def pop(self):
        if len(self._items) == self._head:
            raise IndexError("pop from an empty deque")
        return self._items.pop()

    def popleft(self):
        items = self._items
        head = self._head
        if head == len(items):
            raise IndexError("pop from an empty deque")
        value = items[head]
        items[head] = None
        head += 1
        if head > 32 and head * 2 > len(items):
            del items[:head]
            head = 0
        self._head = head
        return value

    def extend(self, iterable, /):
        if iterable is self:
            iterable = list(iterable)
        if self._maxlen is None:
            self._items.extend(iterable)
        else:
            for x in iterable:
                self.append(x)

    def extendleft(self, iterable, /):
        if iterable is self:
            iterable = list(iterable)
        for x in iterable:
            self.appendleft(x)

    def clear(self):
        self._items = []
        self._head = 0

    def copy(self):
        return type(self)(self, self._maxlen) if self._maxlen is not None else type(self)(self)

    __copy__ = copy

    def _live(self):
        return self._items[self._head:] if self._head else self._items

    def count(self, x, /):
        return self._live().count(x)

    def index(self, x, start=0, stop=None, /):
        live = self._live()
        try:
            return live.index(x, start, len(live) if stop is None else stop)
        except ValueError:
            raise ValueError(f"{x!r} is not in deque") from None

    def insert(self, i, x, /):
        if self._maxlen is not None and len(self) >= self._maxlen:
            raise IndexError("deque already at its maximum size")
        n = len(self)
        if i < 0:
            i = max(i + n, 0)
        self._items.insert(self._head + min(i, n), x)

    def remove(self, value, /):
        del self[self.index(value)]

    def reverse(self):
        self._items = self._live()[::-1]
        self._head = 0

    def rotate(self, n=1, /):
        live = self._live()
        if live:
            n %= len(live)
            self._items = live[-n:] + live[:-n] if n else live[:]
            self._head = 0

    def __len__(self):
        return len(self._items) - self._head

    def __bool__(self):
        return len(self._items) > self._head

    def _place(self, i):
        n = len(self._items) - self._head
        if i < 0:
            i += n
        if not 0 <= i < n:
            raise IndexError("deque index out of range")
        return self._head + i

    def __getitem__(self, i, /):
        if not isinstance(i, int):
            raise TypeError(f"sequence index must be integer, not '{type(i).__name__}'")
        return self._items[self._place(i)]

    def __setitem__(self, i, x, /):
        self._items[self._place(i)] = x

    def __delitem__(self, i, /):
        del self._items[self._place(i)]

    def __contains__(self, x, /):
        return x in self._live()

    def __iter__(self):
        items = self._items
        head = self._head
        n = len(items)
        for i in range(head, n):
            if len(items) != n or self._head != head or self._items is not items:
                raise RuntimeError("deque mutated during iteration")
            yield items[i]

    def __reversed__(self):
        return iter(self._live()[::-1])

    def __add__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        result = self.copy()
        result.extend(other)
        return result

    def __iadd__(self, other):
        self.extend(other)
        return self

    def __mul__(self, n):
        return type(self)(self._live() * n, self._maxlen)

    __rmul__ = __mul__

    def __eq__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        return self._live() == other._live()

    def __lt__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        return self._live() < other._live()

    __hash__ = None

    def __class_getitem__(cls, item):
        return cls

    def __repr__(self):
        if self._maxlen is None:
            return f"{type(self).__name__}({self._live()!r})"
        return f"{type(self).__name__}({self._live()!r}, maxlen={self._maxlen})"


class defaultdict(dict):
    def __init__(self, default_factory=None, /, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        self.default_factory = default_factory
        if args or kwargs:
            dict.__init__(self, *args, **kwargs)

    def __missing__(self, key):
        factory = self.default_factory
        if factory is None:
            raise KeyError(key)
        value = factory()
        self[key] = value
        return value

    def copy(self):
        return type(self)(self.default_factory, self)

    __copy__ = copy

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.copy()
        result.update(other)
        return result

    def __repr__(self):
        return f"{type(self).__name__}({self.default_factory!r}, {dict.__repr__(self)})"


class OrderedDict(dict):
    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        key = next(reversed(self) if last else iter(self))
        return key, self.pop(key)

    def move_to_end(self, key, last=True):
        value = self[key]
        if last:
            del self[key]
            self[key] = value
        else:
            rest = [(k, v) for k, v in self.items() if k != key]
            self.clear()
            self[key] = value
            for k, v in rest:
                self[k] = v

    def copy(self):
        return type(self)(self)

    __copy__ = copy

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict.__eq__(self, other) and list(self) == list(other)
        return dict.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __repr__(self):
        if not self:
            return f"{type(self).__name__}()"
        return f"{type(self).__name__}({dict(self.items())!r})"


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
                get = self.get
                for element in iterable:
                    self[element] = get(element, 0) + 1
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
