# Not under gc: many numbers are made.
# Sums and quotients that need rounding, of numbers of up to 38 digits: by every rounding, at precisions around where the
# quick way ends, near the ends of the exponents, and with the conditions that are told.
from decimal import Context, Decimal, Inexact, Rounded, Subnormal, getcontext, localcontext
from decimal import ROUND_05UP, ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP
import hashlib

ROUNDINGS = [ROUND_05UP, ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP]
TEXTS = [
    "0", "-0", "0E+5", "0E-30", "1", "-1", "2", "3", "7", "8", "10", "1E+3", "1E-5", "0.5", "-2.5", "99999", "123.456", "7.89",
    "9999999999999999999", "18446744073709551615", "18446744073709551616", "10000000000000000000", "9" * 28, "9" * 37, "9" * 38,
    "1E+37", "-5E-20", "4.99999999999999999999999999995", "1.0000000000000000000000000005", "6.25E-10", "1024", "3125",
]
NUMBERS = [Decimal(text) for text in TEXTS]


def told(context):
    return "".join(sign for sign, flag in (("r", Rounded), ("i", Inexact), ("s", Subnormal)) if context.flags[flag])


lines = []
for rounding in ROUNDINGS:
    for precision in (1, 9, 28, 36, 38, 39):
        context = Context(prec=precision, rounding=rounding, traps=[])
        for a in NUMBERS[precision % 3 :: 3]:
            for b in NUMBERS:
                for name in ("add", "subtract", "divide"):
                    context.clear_flags()
                    result = getattr(context, name)(a, b)
                    lines.append(f"{name} {a} {b} {precision} {rounding} {result} {told(context)}")
print(len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())

with localcontext() as context:
    context.prec, context.Emax, context.Emin, context.clamp = 5, 20, -20, 1
    context.traps = dict.fromkeys(context.traps, False)
    for a, b in (("1E-18", "3"), ("1E+16", "3"), ("2E-20", "7E+4"), ("99999E+15", "1E+15"), ("1", "3E+20"), ("5", "8E-17")):
        context.clear_flags()
        a, b = Decimal(a), Decimal(b)
        print(a, b, a / b, a + b, a - b, told(context))

getcontext().prec = 28
a, b = Decimal("123.456"), Decimal("7.89")
print((a + b) * a - b / a, a / b, b / a, Decimal(1) / 8, Decimal(100) / 4, Decimal("1.20") / Decimal("0.4"))
