# Functions of the C library, by value, by name and by address; Python functions that C calls; errors on the way.
import ctypes
import sys
from ctypes import *

libc = CDLL(None, use_errno=True)
libm = CDLL("libm.so.6")


def attempt(function, *args):
    try:
        print(function(*args))
    except Exception as error:
        text = str(error)
        print(type(error).__name__, text[max(text.find("undefined"), 0):])


print(libc.abs(-5), libc.strlen(b"hello"), libc.toupper(ord("a")), libc.wcslen("wide"))
libm.pow.restype, libm.pow.argtypes = c_double, [c_double, c_double]
libm.ldexpf.restype, libm.ldexpf.argtypes = c_float, [c_float, c_int]
print(libm.pow(2, 0.5), libm.ldexpf(1.5, 4), libm.pow(c_double(3), 2))
buffer = create_string_buffer(100)
print(libc.sprintf(buffer, b"%d %s %.2f %ld %c", 42, b"text", c_double(2.5), c_long(1 << 40), c_char(b"z")), buffer.value)
libc.strchr.restype = c_char_p
print(libc.strchr(b"abcdef", ord("d")), libc.strchr(b"abc", ord("x")))
libc.snprintf.argtypes = [c_char_p, c_size_t, c_char_p]
print(libc.snprintf(buffer, 100, b"%d %d %d %d %d %d %g %g", 1, 2, 3, 4, 5, 6, c_double(7), c_double(8)), buffer.value)


class Quotient(Structure):
    _fields_ = [("quot", c_int), ("rem", c_int)]


class LongQuotient(Structure):
    _fields_ = [("quot", c_long), ("rem", c_long)]


libc.div.restype, libc.ldiv.restype = Quotient, LongQuotient
libc.ldiv.argtypes = [c_long, c_long]
print([libc.div(17, 5).rem, libc.ldiv(1 << 40, 1000).quot, libc.ldiv(1 << 40, 1000).rem])

COMPARE = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
numbers = (c_int * 8)(5, 7, 1, 8, 2, 6, 3, 4)
libc.qsort(numbers, len(numbers), sizeof(c_int), COMPARE(lambda a, b: a[0] - b[0]))
print(list(numbers))


class Small(Structure):
    _fields_ = [("a", c_int), ("b", c_float)]


class Mixed(Structure):
    _fields_ = [("a", c_double), ("b", c_int)]


class Large(Structure):
    _fields_ = [("a", c_double), ("b", c_double), ("c", c_double)]


@CFUNCTYPE(c_double, c_int, Small, Mixed, Large, c_float, c_longdouble, c_char_p, LongQuotient, LongQuotient, c_byte, c_bool)
def taker(number, small, mixed, large, single, long, text, first, second, byte, truth):
    print(number, small.a, small.b, mixed.a, mixed.b, large.a, large.c, single, long, text, first.rem, second.quot, byte, truth)
    return number / 2


print(taker(5, Small(1, 2), Mixed(3.5, 4), Large(5, 6, 7), 8.5, 9.25, b"text", LongQuotient(1, 2), LongQuotient(3, 4), -1, True))
for result, value in ((c_byte, -1), (c_ushort, 65535), (c_uint64, (1 << 64) - 1), (c_float, 1.5), (c_longdouble, 2.5),
                      (c_bool, 5), (c_char, b"x"), (c_wchar, "\u20ac"), (py_object, [1]), (c_void_p, None)):
    print(result.__name__, CFUNCTYPE(result)(lambda: value)(), end="; ")
print()


def unraisable(args):
    print("unraisable:", args.exc_type.__name__, args.exc_value, args.err_msg.split(" function")[0], args.object)


sys.unraisablehook = unraisable
failing = CFUNCTYPE(c_int, c_int)(lambda x: 1 // x)
print(failing(1))
failing(0)
CFUNCTYPE(c_int)(lambda: "text")()
recursive = CFUNCTYPE(c_int, c_int)(lambda n: n and recursive(n - 1) + 1)
print(recursive(20))

libc.close.errcheck = lambda result, function, arguments: (result, get_errno(), arguments)
set_errno(0)
print(libc.close(-1), get_errno(), set_errno(5), get_errno())
libc.getenv.restype = lambda word: "called"
print(libc.getenv(b"NO_SUCH_VARIABLE"))
prototype = CFUNCTYPE(c_int, c_char_p, c_char_p, c_int)
compare = prototype(("strncmp", libc), ((1, "a"), (1, "b"), (1, "n", 3)))
print(compare(b"abcd", b"abce"), compare(b"x", b="x".encode(), n=1))
split = CFUNCTYPE(c_double, c_double, POINTER(c_int))(("frexp", libm), ((1, "x"), (2, "exponent")))
print(split(48.0))


class Wrapped:
    _as_parameter_ = -7


print(libc.abs(Wrapped()), libc.abs(c_int(-8)), libc["abs"](-9), bool(libc.abs), cast(libc.abs, c_void_p).value is not None)
for call in (lambda: libm.pow(1), lambda: libm.pow(1, "a"), lambda: libc.abs(1.5), lambda: libc.abs(1 << 70), lambda: libc.no_such,
             lambda: CDLL("/no/such/library.so"), lambda: CDLL(None).no_such_function, lambda: COMPARE(3, 4), lambda: COMPARE("a"),
             lambda: CFUNCTYPE(Large)(lambda: None), lambda: setattr(libc.abs, "argtypes", [int]), lambda: c_int.in_dll(libc, "no_such"),
             lambda: setattr(libc.abs, "restype", 3), lambda: prototype(("strncmp", libc), ((1,),))):
    attempt(call)
total = 0
for i in range(3000):
    total += libc.abs(-i) + libm.pow(i, 1)
print(total)
