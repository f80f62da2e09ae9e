# needs: sympy mpmath
from sympy import Eq, Matrix, Symbol, diff, expand, factor, integrate, latex, limit, oo, pi, series, simplify, sin, cos, solve, sqrt, symbols, Rational, factorint, isprime

x, y = symbols("x y")
print(expand((x + y) ** 3), factor(x ** 3 - y ** 3), diff(sin(x) * x ** 2, x))
print(integrate(x * sin(x), x), integrate(x ** 2, (x, 0, 3)), limit(sin(x) / x, x, 0), series(cos(x), x, 0, 6))
print(solve(Eq(x ** 2, 2), x), solve([x + y - 3, x - y - 1], [x, y]), simplify(sin(x) ** 2 + cos(x) ** 2))
m = Matrix([[1, 2], [3, 4]])
print(m.det(), m.inv(), m.eigenvals(), latex(sqrt(x) / 2), Rational(1, 3) + Rational(1, 6), factorint(360), isprime(97), pi.evalf(20))
