"""`bytearray`, over a list of numbers; what it shares with `bytes` is asked of `bytes`."""

from builtins import bytes
from operator import index as _index


def _byte(value):
    value = _index(value)
    if not 0 <= value < 256:
        raise ValueError("byte must be in range(0, 256)")
    return value


def _numbers(value):
    if isinstance(value, bytearray):
        return value._items
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, str):
        raise TypeError("can't concat str to bytearray")
    return [_byte(item) for item in value]


class bytearray:
    __slots__ = ("_items", "__weakref__")
    # The one positional class pattern is for the object itself.
    __match_args__ = ("_itself",)
    _itself = property(lambda self: self)

    def __init__(self, source=b"", encoding=None, errors="strict"):
        if isinstance(source, str):
            if encoding is None:
                raise TypeError("string argument without an encoding")
            source = source.encode(encoding, errors)
        if isinstance(source, int):
            if source < 0:
                raise ValueError("negative count")
            self._items = [0] * source
        else:
            self._items = list(_numbers(source))

    def __bytes__(self):
        return bytes(self._items)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __reversed__(self):
        return reversed(self._items)

    def __contains__(self, value):
        return value in bytes(self._items) if not isinstance(value, bytearray) else bytes(value._items) in bytes(self._items)

    def __repr__(self):
        return f"bytearray({bytes(self._items)!r})"

    __str__ = __repr__
    __hash__ = None

    def __getitem__(self, index):
        if isinstance(index, slice):
            return _of(self._items[index])
        try:
            return self._items[index]
        except IndexError:
            raise IndexError("bytearray index out of range") from None

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            self._items[index] = _numbers(value)
            return
        try:
            self._items[index] = _byte(value)
        except IndexError:
            raise IndexError("bytearray index out of range") from None

    def __delitem__(self, index):
        try:
            del self._items[index]
        except IndexError:
            raise IndexError("bytearray index out of range") from None

    def __add__(self, other):
        if not isinstance(other, (bytes, bytearray)):
            raise TypeError(f"can't concat {type(other).__name__} to bytearray")
        return _of(self._items + _numbers(other))

    def __radd__(self, other):
        if not isinstance(other, bytes):
            return NotImplemented
        return other + bytes(self._items)

    def __iadd__(self, other):
        self._items += _numbers(other)
        return self

    def __mul__(self, count):
        return _of(self._items * count)

    __rmul__ = __mul__

    def __imul__(self, count):
        self._items *= count
        return self

    def __mod__(self, values):
        return bytearray(bytes(self._items) % values)

    def __eq__(self, other):
        return bytes(self._items) == bytes(other) if isinstance(other, (bytes, bytearray)) else NotImplemented

    def __lt__(self, other):
        return bytes(self._items) < bytes(other) if isinstance(other, (bytes, bytearray)) else NotImplemented

    def __le__(self, other):
        return bytes(self._items) <= bytes(other) if isinstance(other, (bytes, bytearray)) else NotImplemented

    def __gt__(self, other):
        return bytes(self._items) > bytes(other) if isinstance(other, (bytes, bytearray)) else NotImplemented

    def __ge__(self, other):
        return bytes(self._items) >= bytes(other) if isinstance(other, (bytes, bytearray)) else NotImplemented

    def append(self, item, /):
        self._items.append(_byte(item))

    def extend(self, items, /):
        self._items.extend(_numbers(items))

    def insert(self, index, item, /):
        self._items.insert(index, _byte(item))

    def pop(self, index=-1, /):
        if not self._items:
            raise IndexError("pop from empty bytearray")
        try:
            return self._items.pop(index)
        except IndexError:
            raise IndexError("pop index out of range") from None

    def remove(self, value, /):
        try:
            self._items.remove(_byte(value))
        except ValueError:
            raise ValueError("value not found in bytearray") from None

    def reverse(self):
        self._items.reverse()

    def clear(self):
        self._items.clear()

    def copy(self):
        return _of(self._items[:])

    @classmethod
    def fromhex(cls, string, /):
        return cls(bytes.fromhex(string))

    maketrans = staticmethod(bytes.maketrans)


def _of(items):
    made = bytearray()
    made._items = items
    return made


def _asked(name, makes):
    method = getattr(bytes, name)

    def ask(self, /, *args, **kwargs):
        args = [bytes(arg) if isinstance(arg, bytearray) else arg for arg in args]
        result = method(bytes(self._items), *args, **kwargs)
        if not makes:
            return result
        return bytearray(result) if isinstance(result, bytes) else type(result)(bytearray(part) for part in result)

    ask.__name__ = name
    ask.__qualname__ = f"bytearray.{name}"
    return ask


for _name in "decode hex find rfind index rindex count startswith endswith isdigit isalpha isalnum isspace".split():
    setattr(bytearray, _name, _asked(_name, False))
for _name in "join split splitlines partition replace strip lstrip rstrip upper lower ljust rjust translate".split():
    setattr(bytearray, _name, _asked(_name, True))
bytearray.__module__ = "builtins"
