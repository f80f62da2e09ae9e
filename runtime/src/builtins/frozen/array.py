"""Arrays of numbers of one type. The items are kept in a list; their type is checked when they are put in."""

from struct import calcsize as _calcsize, pack as _pack, unpack as _unpack

typecodes = "bBuwhHiIlLqQfd"

_RANGES = {code: (-(1 << (8 * _calcsize(code) - 1)), (1 << (8 * _calcsize(code) - 1)) - 1) for code in "bhilq"}
_RANGES.update({code: (0, (1 << (8 * _calcsize(code))) - 1) for code in "BHILQ"})


def _converter(code):
    if code in "fd":
        if code == "d":
            return float
        return lambda value: _unpack("f", _pack("f", value))[0]
    if code in "uw":
        def character(value):
            if not isinstance(value, str) or len(value) != 1:
                raise TypeError("array item must be a unicode character")
            return value
        return character
    low, high = _RANGES[code]
    kind = {"b": "signed char", "B": "unsigned byte integer", "h": "signed short integer", "H": "unsigned short"}.get(code, "int")

    def integer(value):
        if type(value) is not int:
            if not hasattr(type(value), "__index__"):
                raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
            value = value.__index__()
        if low <= value <= high:
            return value
        if value > high:
            raise OverflowError(f"{kind} is greater than maximum")
        raise OverflowError(f"{kind} is less than minimum")
    return integer


_CONVERTERS = {code: _converter(code) for code in typecodes}


class array:
    def __init__(self, typecode, initializer=(), /):
        if typecode not in _CONVERTERS:
            raise ValueError("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)")
        self.typecode = typecode
        self._convert = _CONVERTERS[typecode]
        if isinstance(initializer, bytes):
            self._items = []
            self.frombytes(initializer)
        else:
            self._items = list(map(self._convert, initializer))

    @property
    def itemsize(self):
        return 4 if self.typecode in "uw" else _calcsize(self.typecode)

    def _like(self, items):
        result = array(self.typecode)
        result._items = items
        return result

    def _other(self, other):
        if not isinstance(other, array):
            raise TypeError(f'can only append array (not "{type(other).__name__}") to array')
        if other.typecode != self.typecode:
            raise TypeError("bad argument type for built-in operation")
        return other._items

    def __len__(self):
        return len(self._items)

    def __getitem__(self, index):
        item = self._items[index]
        if type(index) is slice:
            return self._like(item)
        return item

    def __setitem__(self, index, value):
        if type(index) is slice:
            self._items[index] = self._other(value)
        else:
            self._items[index] = self._convert(value)

    def __delitem__(self, index):
        del self._items[index]

    def __iter__(self):
        return iter(self._items)

    def __reversed__(self):
        return reversed(self._items)

    def __contains__(self, value):
        return value in self._items

    def append(self, x, /):
        self._items.append(self._convert(x))

    def extend(self, iterable, /):
        if isinstance(iterable, array):
            self._items.extend(self._other(iterable))
        else:
            for x in iterable:
                self.append(x)

    fromlist = extend

    def insert(self, i, x, /):
        self._items.insert(i, self._convert(x))

    def pop(self, i=-1, /):
        return self._items.pop(i)

    def remove(self, x, /):
        self._items.remove(x)

    def index(self, x, start=0, stop=9223372036854775807, /):
        return self._items.index(x, start, stop)

    def count(self, x, /):
        return self._items.count(x)

    def reverse(self):
        self._items.reverse()

    def tolist(self):
        return self._items[:]

    def tobytes(self):
        if self.typecode in "uw":
            return "".join(self._items).encode("utf-32-le")
        return _pack(f"{len(self._items)}{self.typecode}", *self._items)

    def frombytes(self, data, /):
        data = bytes(data)
        if len(data) % self.itemsize:
            raise ValueError("bytes length not a multiple of item size")
        if self.typecode in "uw":
            self._items.extend(data.decode("utf-32-le"))
        else:
            self._items.extend(_unpack(f"{len(data) // self.itemsize}{self.typecode}", data))

    def tofile(self, f, /):
        f.write(self.tobytes())

    def byteswap(self):
        size = self.itemsize
        data = self.tobytes()
        self._items.clear()
        self.frombytes(b"".join([data[i:i + size][::-1] for i in range(0, len(data), size)]))

    def __add__(self, other):
        return self._like(self._items + self._other(other))

    def __iadd__(self, other):
        self._items.extend(self._other(other))
        return self

    def __mul__(self, n):
        return self._like(self._items * n)

    __rmul__ = __mul__

    def __imul__(self, n):
        self._items *= n
        return self

    def __eq__(self, other):
        return self._items == other._items if isinstance(other, array) else NotImplemented

    def __lt__(self, other):
        return self._items < other._items if isinstance(other, array) else NotImplemented

    def __le__(self, other):
        return self._items <= other._items if isinstance(other, array) else NotImplemented

    def __gt__(self, other):
        return self._items > other._items if isinstance(other, array) else NotImplemented

    def __ge__(self, other):
        return self._items >= other._items if isinstance(other, array) else NotImplemented

    __hash__ = None

    def __bytes__(self):
        return self.tobytes()

    def __copy__(self):
        return self._like(self._items[:])

    def __deepcopy__(self, memo):
        return self._like(self._items[:])

    def __repr__(self):
        if not self._items:
            return f"array({self.typecode!r})"
        shown = "".join(self._items) if self.typecode in "uw" else self._items
        return f"array({self.typecode!r}, {shown!r})"


ArrayType = array
