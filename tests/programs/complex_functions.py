# cmath, with the special values.
import cmath
import math

values = [0j, 1 + 2j, -1 + 0j, -(1 + 0j), 3 - 4j, 1e300 + 1e300j, complex(math.inf, 1), -complex(math.inf, 0),
          complex(math.nan, 0), complex(1, math.inf), 0.5, -2, True, 1e-310j]
for name in ("acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh phase polar isfinite isnan isinf"
             .split()):
    function = getattr(cmath, name)
    for value in values:
        try:
            print(name, value, function(value))
        except Exception as error:
            print(name, value, type(error).__name__, error)
print(cmath.log(8, 2), cmath.log(1j, 1 + 1j), cmath.rect(2, math.pi / 3), cmath.rect(0, math.nan))
print(cmath.isclose(1 + 1e-10j, 1), cmath.isclose(1, 2, rel_tol=0.5), cmath.isclose(0, 1e-10, abs_tol=1e-9))
print(cmath.pi, cmath.e, cmath.tau, cmath.inf, cmath.nan, cmath.infj, cmath.nanj)

class Number:
    def __complex__(self):
        return 3 + 4j

class Floating:
    def __float__(self):
        return 2.25

print(cmath.sqrt(Number()), cmath.sqrt(Floating()))
for call in (lambda: cmath.sqrt("a"), lambda: cmath.isclose(1, 1, rel_tol=-1), lambda: cmath.rect(math.inf, math.nan),
             lambda: cmath.rect(math.inf, math.inf), lambda: cmath.log(0), lambda: cmath.log(1, 0), lambda: cmath.exp(1000)):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
