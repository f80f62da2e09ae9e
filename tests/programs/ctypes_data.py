# Not under gc: the library's part of ctypes takes long to import.
# Data as C has it: sizes, fields, arrays, pointers, what is kept alive, buffers, pickles, and the errors.
import ctypes
import gc
import pickle
from ctypes import *


def attempt(function, *args):
    try:
        print(function(*args))
    except Exception as error:
        print(type(error).__name__, error)


def setting(owner, name, value):
    setattr(owner, name, value)
    return getattr(owner, name)


for type_ in (c_bool, c_char, c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_int64, c_uint64, c_float, c_double,
              c_longdouble, c_wchar, c_char_p, c_wchar_p, c_void_p, py_object):
    print(type_.__name__, type_._type_, sizeof(type_), alignment(type_), memoryview(type_(1 if type_._type_ in "OP" else
          {"c": b"a", "u": "a", "z": b"a", "Z": "a"}.get(type_._type_, 1))).format)
print([c_byte(300).value, c_ubyte(-1).value, c_int(1 << 40).value, c_uint64(-1).value, c_float(1.1).value, c_longdouble(0.1).value])
print(c_int(5), c_char_p(b"text").value, c_wchar_p("\u20ac").value, c_void_p(None).value, py_object([1]).value, bool(c_int(0)))
for value in (b"ab", 256, "a", 1.5):
    attempt(c_char, value)
for type_, value in ((c_wchar, "ab"), (c_int, "1"), (c_int, 1.5), (c_double, "x"), (c_char_p, 1.5), (c_void_p, "x")):
    attempt(type_, value)
print(c_int.__ctype_be__(1), bytes(c_int.__ctype_be__(1)), bytes(c_double.__ctype_be__(1.0)))


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_double)]


class Named(Point):
    _fields_ = [("name", c_char * 4), ("wide", c_wchar * 2), ("low", c_uint, 3), ("high", c_uint, 5)]


class Either(Union):
    _fields_ = [("whole", c_uint32), ("bytes", c_ubyte * 4)]


class Outer(Structure):
    _anonymous_ = ["either"]
    _fields_ = [("kind", c_short), ("either", Either), ("next", POINTER(Point))]


class Packed(Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("a", c_char), ("b", c_int)]


class Big(BigEndianStructure):
    _fields_ = [("a", c_uint16), ("b", c_uint32, 4), ("c", c_uint32, 28)]


named = Named(1, 2.5, b"abcd", "x", 9, 33)
print(named.x, named.y, named.name, named.wide, named.low, named.high, sizeof(Named), sizeof(Packed), Named.low, Point.y)
outer = Outer(3)
outer.whole = 0x01020304
outer.next = pointer(Point(7, 8))
print(list(outer.bytes), outer.next.contents.x, outer.next[0].y, Outer.whole.offset, sizeof(Outer))
print(bytes(Big(1, 2, 3)), Big(1, 2, 3).c, memoryview(Point()).format, memoryview((c_int * 3 * 2)()).shape)
for make in (lambda: Point(1, 2, 3), lambda: Point(1, x=2), lambda: setting(Point(), "x", "a"), lambda: Structure(),
             lambda: setting(Named(), "name", b"abcde"), lambda: setting(Named(), "wide", 3),
             lambda: type("P", (Structure,), {"_fields_": [("a", int)]}), lambda: type("P", (Structure,), {"_fields_": [("a",)]}),
             lambda: type("P", (Structure,), {"_fields_": [("a", c_double, 3)]}), lambda: setattr(Point, "_fields_", []),
             lambda: type("P", (Array,), {"_type_": c_int}), lambda: type("P", (Array,), {"_type_": c_int, "_length_": -1})):
    attempt(make)

numbers = (c_int * 5)(1, 2, 3)
numbers[-1] = 9
numbers[1:3] = [20, 30]
print(list(numbers), numbers[::-2], len(numbers), 9 in numbers, type(numbers) is c_int * 5)
text = create_string_buffer(b"hello", 8)
text[0] = b"J"
print(text.value, text.raw, text[1:4], sizeof(text), create_unicode_buffer("wide").value)
for make in (lambda: numbers[5], lambda: numbers["a"], lambda: setting(text, "value", b"much too long"), lambda: (c_int * 1)(1, 2),
             lambda: numbers.__setitem__(slice(0, 2), [1]), lambda: numbers.__delitem__(0), lambda: c_int * -1):
    attempt(make)
at = cast(numbers, POINTER(c_int))
print(at[0], at[1:4], at.contents, bool(at), bool(POINTER(c_int)()), POINTER(c_int) is POINTER(c_int))
at[0] = 100
print(numbers[0], POINTER(c_int).from_param(numbers) is numbers)
for make in (lambda: POINTER(c_int)().contents, lambda: POINTER(c_int)(3), lambda: at[:], lambda: cast(numbers, c_int),
             lambda: POINTER(c_int).from_param(3), lambda: c_int.from_param("a"), lambda: byref(3), lambda: sizeof(3),
             lambda: resize(c_int(), 2), lambda: c_int.from_buffer(b"abcd"), lambda: c_int.from_buffer(bytearray(2)),
             lambda: c_int.from_buffer_copy(b"abcdefgh", 6), lambda: pickle.dumps(at), lambda: hash(c_int())):
    attempt(make)

memory = bytearray(b"\1\0\0\0\2\0\0\0")
part = c_int.from_buffer(memory, 4)
part.value = 0x41424344
print(memory, c_int.from_buffer_copy(memory).value, c_int.from_address(addressof(part)).value)
attempt(memory.extend, b"x")
print(c_int.from_param(3), c_char.from_param(b"\n"), c_double.from_param(1.5))
strings = (c_char_p * 2)(b"first", b"second")
holder = Outer()
holder.next = pointer(Point(5, 6))
gc.collect()
print(list(strings), holder.next.contents.x, strings._objects, c_char_p(b"a")._objects, Point()._b_base_)
copy = pickle.loads(pickle.dumps(named))
print(copy.x, copy.name, copy.high, string_at(text, 3), wstring_at("wide", 2), memoryview_at(numbers, 4).tolist())
inner = outer.either
inner.whole = 5
print(inner._b_base_ is outer, outer.whole, memmove(numbers, b"\7\0\0\0", 4) == addressof(numbers), numbers[0])
