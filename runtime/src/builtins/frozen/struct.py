"""Numbers as bytes and back."""

import _stitch_host as _host

_SIZES = {"x": 1, "c": 1, "b": 1, "B": 1, "?": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 4, "L": 4, "q": 8, "Q": 8, "n": 8, "N": 8, "e": 2,
          "f": 4, "d": 8, "s": 1, "p": 1, "P": 8}


class error(Exception):
    pass


def _parse(format):
    """Byte order, and (code, count, size, padding before it) of each item."""
    if isinstance(format, bytes):
        format = format.decode("ascii")
    order, native = "little", True
    if format[:1] in ("@", "=", "<", ">", "!"):
        native = format[0] == "@"
        order = "big" if format[0] in ">!" else "little"
        format = format[1:]
    items = []
    offset = 0
    count = ""
    for c in format:
        if c.isdigit():
            count += c
            continue
        if c.isspace():
            continue
        if c not in _SIZES or (c in "nNP" and not native):
            raise error("bad char in struct format")
        size = 8 if native and c in "lL" else _SIZES[c]
        padding = -offset % size if native and c not in "xcbB?sp" else 0
        n = int(count) if count else 1
        items.append((c, n, size, padding))
        offset += padding + n * size
        count = ""
    if count:
        raise error("repeat count given without format specifier")
    return order, items, offset


_cache = {}


def _parsed(format):
    found = _cache.get(format)
    if found is None:
        found = _cache[format] = _parse(format)
    return found


def calcsize(format, /):
    return _parsed(format)[2]


def _pack_one(code, size, order, value):
    if code in "fde":
        try:
            return _host.float_to_bytes(float(value), size, order == "big")
        except TypeError:
            raise error("required argument is not a float") from None
    if code == "?":
        return b"\x01" if value else b"\x00"
    if code == "c":
        if not isinstance(value, bytes) or len(value) != 1:
            raise error("char format requires a bytes object of length 1")
        return value
    if not hasattr(type(value), "__index__"):
        raise error("required argument is not an integer")
    value = value.__index__()
    signed = code in "bhilqn"
    low, high = (-(1 << (8 * size - 1)), (1 << (8 * size - 1)) - 1) if signed else (0, (1 << (8 * size)) - 1)
    if not low <= value <= high:
        if size == 1:
            raise error(f"{'byte' if signed else 'ubyte'} format requires {low} <= number <= {high}")
        raise error(f"'{code}' format requires {low} <= number <= {high}")
    return value.to_bytes(size, order, signed=signed)


def pack(format, /, *values):
    order, items, _ = _parsed(format)
    parts = []
    at = 0
    needed = sum([1 if code in "sp" else n for code, n, _, _ in items if code != "x"])
    if needed != len(values):
        raise error(f"pack expected {needed} items for packing (got {len(values)})")
    for code, n, size, padding in items:
        if padding:
            parts.append(bytes(padding))
        if code == "x":
            parts.append(bytes(n))
        elif code == "s":
            parts.append(values[at][:n].ljust(n, b"\0"))
            at += 1
        elif code == "p":
            text = values[at][:max(min(n - 1, 255), 0)]
            parts.append((bytes([len(text)]) + text).ljust(n, b"\0"))
            at += 1
        else:
            for _ in range(n):
                parts.append(_pack_one(code, size, order, values[at]))
                at += 1
    return b"".join(parts)


def unpack_from(format, /, buffer, offset=0):
    order, items, size = _parsed(format)
    data = bytes(buffer)
    if offset < 0:
        offset += len(data)
    if len(data) - offset < size:
        raise error(f"unpack_from requires a buffer of at least {offset + size} bytes for unpacking {size} bytes at offset {offset} (actual buffer size is {len(data)})")
    return _unpack(order, items, data, offset)


def _unpack(order, items, data, at):
    result = []
    for code, n, size, padding in items:
        at += padding
        if code == "x":
            at += n
        elif code == "s":
            result.append(data[at:at + n])
            at += n
        elif code == "p":
            result.append(data[at + 1:at + 1 + min(data[at], n - 1)])
            at += n
        else:
            signed = code in "bhilqn"
            for _ in range(n):
                part = data[at:at + size]
                at += size
                if code in "fde":
                    result.append(_host.float_from_bytes(part, order == "big"))
                elif code == "?":
                    result.append(part != b"\0")
                elif code == "c":
                    result.append(part)
                else:
                    result.append(int.from_bytes(part, order, signed=signed))
    return tuple(result)


def unpack(format, buffer, /):
    order, items, size = _parsed(format)
    data = bytes(buffer)
    if len(data) != size:
        raise error(f"unpack requires a buffer of {size} bytes")
    return _unpack(order, items, data, 0)


def iter_unpack(format, buffer, /):
    size = calcsize(format)
    for at in range(0, len(buffer), size):
        yield unpack_from(format, buffer, at)


class Struct:
    def __init__(self, format):
        self.format = format
        self.size = calcsize(format)

    def pack(self, *values):
        return pack(self.format, *values)

    def unpack(self, buffer, /):
        return unpack(self.format, buffer)

    def unpack_from(self, buffer, offset=0):
        return unpack_from(self.format, buffer, offset)

    def iter_unpack(self, buffer, /):
        return iter_unpack(self.format, buffer)
