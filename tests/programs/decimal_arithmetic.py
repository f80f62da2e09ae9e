# Decimals: operators, contexts and rounding, methods, what is no number, errors and the flags that they leave.
from decimal import *
from fractions import Fraction
import copy, pickle, math, operator

D = Decimal
setcontext(Context(prec=28, Emin=-999999, Emax=999999, traps=[InvalidOperation, DivisionByZero, Overflow]))


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


numbers = [D(text) for text in "0 -0 1 -1.50 123456789012345678901234567890.5 1E+30 -7E-30 Infinity -Infinity NaN".split()]
for symbol in ["add", "sub", "mul", "truediv", "floordiv", "mod"]:
    operation = getattr(operator, symbol)
    print(symbol, [str(attempt(operation, a, b)) for a in numbers for b in numbers[1:6]])
for symbol in ["neg", "pos", "abs"]:
    print(symbol, [str(getattr(operator, symbol)(a)) for a in numbers])
print([attempt(divmod, D("17.5"), D(b)) for b in ("3", "-0.7", "0", "1E-30")])
print([str(D(3) + 4), str(5 - D("0.5")), str(2 * D("1.10")), str(1 / D(3)), str(7 // D(2)), str(-7 % D(4))])
print(attempt(operator.add, D(1), 1.5), attempt(operator.add, "1", D(1)))

for rounding in [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]:
    with localcontext(prec=3, rounding=rounding):
        print(rounding, [str(+D(text)) for text in "1.005 1.015 1.025 -1.005 1.0051 9.995 0.0012351 1.0000001".split()])
        print([str(D(text).quantize(D("0.1"))) for text in "1.25 1.35 -1.25 0.05 10.04".split()])
        print([str(D(text).to_integral_value()) for text in "0.5 1.5 -2.5 10.4".split()])

with localcontext(prec=9, Emin=-5, Emax=5, traps=[]) as context:
    for text in ["1E5", "9.999999999E5", "1E-9", "1E-13", "1E-14", "9E-14", "-0E-20", "0E20", "123456"]:
        context.clear_flags()
        print(text, +D(text), [signal.__name__ for signal, is_set in context.flags.items() if is_set])
    context.clamp = 1
    print(+D("1E5"), +D("0E5"), context.Etiny(), context.Etop(), context)

a, b = D("-123.4560"), D("7.89")
for name in "exp ln log10 logb sqrt normalize next_minus next_plus to_integral to_integral_exact to_eng_string number_class adjusted as_tuple as_integer_ratio copy_abs copy_negate is_normal is_signed conjugate".split():
    print(name, attempt(getattr(a, name)), attempt(getattr(b, name)))
for name in "compare compare_total compare_total_mag copy_sign max max_mag min min_mag next_toward remainder_near same_quantum quantize".split():
    print(name, attempt(getattr(a, name), b), attempt(getattr(b, name), D("NaN12")))
print(D("1100").logical_and(D("1010")), D("1100").logical_or(D("11")), D("1100").logical_xor(D("1010")), D("101").logical_invert())
print(D("123456").shift(3), D("123456").shift(-2), D("123456").rotate(25), D("1.5").scaleb(7), D(2).fma(3, D("0.5")))
print(D(2) ** 100, D(2) ** -3, D("1.1") ** D("2.5"), D(10) ** 30, D("1.00") ** 3, attempt(pow, D(-2), D("0.5")), pow(D(7), 100, 13))
print(D(2).sqrt(), D("1E-7").sqrt(), D("0.0625").sqrt(), D(1).exp(), D("-0.1").exp(), D(10).ln(), D("1.000001").ln(), D(2).log10(), D("0.001").log10())

# Values of other types.
print([D(text) for text in (" 1_000.5 ", "\u0663.\u0661\u0664", "+1e-5", ".5", "5.", "-inf", "sNaN007", "nan")])
print(attempt(D, "1 2"), attempt(D, ""), attempt(D, "1e"), attempt(D, None), attempt(D, "0x1"), attempt(D, "1__2"))
print(D((1, (1, 2, 3), -2)), D([0, [0, 5], 3]), D((0, (), "F")), D((1, (4,), "n")), attempt(D, (2, (1,), 0)), attempt(D, (0, (10,), 0)))
print(D(0.1), D(-2.5), D(1e300) == 10 ** 300, D.from_float(0.5), D.from_number(3), attempt(D.from_number, "3"), D(2 ** 200), D(True))
print(int(D("-12.9")), float(D("1E-400")), float(D("0.1")), complex(D("1.5")), bool(D("-0.0")), round(D("2.5")), round(D("2.675"), 2), round(D(1234), -2))
print(math.floor(D("-1.5")), math.ceil(D("-1.5")), math.trunc(D("-1.5")), attempt(int, D("NaN")), attempt(int, D("Infinity")), attempt(float, D("sNaN")))
print(int(D(3) ** 50 * D(10) ** 5), D(10) ** 20 == 10 ** 20, D("1E+25") % 7)

# Order, equality and hashes across types.
print([hash(D(text)) == hash(value) for text, value in [("0.5", 0.5), ("1E3", 1000), ("-3", -3), ("Infinity", math.inf), ("0.125", Fraction(1, 8)), ("1E+50", 10 ** 50)]])
print(D("0.1") == 0.1, D("0.5") == 0.5, D("0.5") == Fraction(1, 2), D(1) < 1.5, D("0.3") < Fraction(1, 3), D(2) == 2 + 0j, D(1) == "1", D("NaN") == D("NaN"), D("NaN") != 1)
print(attempt(operator.lt, D("NaN"), 1), attempt(operator.lt, D(1), "a"), attempt(hash, D("sNaN")), attempt(operator.eq, D("sNaN"), 1))
print(sorted([D("1.0"), 1, D("-Infinity"), 0.25, Fraction(1, 3), D("0.3")]), {D("1.0"): "one"}[1], len({D(1), 1, 1.0, D("1.00")}))
with localcontext() as context:
    context.traps[FloatOperation] = True
    print(attempt(D, 1.5), attempt(operator.lt, D(1), 1.5), D(1) == 1.0, context.flags[FloatOperation])


class Money(D):
    def __new__(cls, value, unit="EUR"):
        self = super().__new__(cls, value)
        self.unit = unit
        return self


price = Money("19.99")
print(price, repr(price), price.unit, type(price + 1), type(Money.from_float(1.5)), price == D("19.99"), type(+price), copy.copy(price) is price)
for value in [D("-1.50"), D("NaN5"), D(10) ** 60]:
    again = pickle.loads(pickle.dumps(value))
    print(again, type(again), copy.deepcopy(value) is value, str(again) == str(value))

# Contexts.
c = Context(prec=5, rounding="ROUND_UP", capitals=0, flags=[Rounded], traps=[Clamped])
print(c, c.copy(), c.flags == {**c.flags}, len(c.flags), pickle.loads(pickle.dumps(c)))
print(c.create_decimal("1.234567"), c.create_decimal_from_float(0.1), c.divide(1, 3), c.to_sci_string(D("1E+20")), c.power(2, 10, modulo=7))
for name, value in [("prec", 0), ("prec", "5"), ("Emin", 1), ("Emax", -1), ("rounding", "up"), ("capitals", 2), ("clamp", -1), ("traps", []), ("flags", {})]:
    print(name, attempt(setattr, c, name, value))
print(attempt(delattr, c, "prec"), attempt(Context, traps=[int]), attempt(setcontext, 1), attempt(localcontext, precision=1), attempt(c.flags.__getitem__, int))
with localcontext(prec=10) as outer:
    with localcontext() as inner:
        inner.prec += 5
        print(D(1) / 3)
    print(D(1) / 3, getcontext() is outer)
print(getcontext().prec, IEEEContext(64), attempt(IEEEContext, 33).split(", with")[0])
print([error.__bases__ for error in (Underflow, Overflow, DivisionByZero, FloatOperation, InvalidOperation)])
print(attempt(operator.truediv, D(1), 0), attempt(operator.truediv, D(0), 0), attempt(D(1).quantize, D("1E-40")), attempt(operator.mul, D("9E999999"), 10))
