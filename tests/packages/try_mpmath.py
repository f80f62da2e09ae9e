# needs: mpmath
from mpmath import mp, mpf, quad, zeta, findroot, matrix, lu_solve, nstr, sin, pi, exp, mpc, taylor, identify

mp.dps = 30
print(pi, mpf(2) ** mpf("0.5"), exp(1), zeta(3))
print(nstr(quad(lambda x: sin(x) ** 2, [0, pi]), 20), nstr(findroot(lambda x: x ** 3 - 2, 1), 25))
print(mpc(1, 2) ** 3, lu_solve(matrix([[1, 2], [3, 4]]), matrix([5, 6])))
print([nstr(c, 10) for c in taylor(sin, 0, 5)], mp.gamma(mpf(1) / 3), mp.besselj(0, 1))
mp.dps = 50
print(mp.euler, mp.log(2), mp.mpf(1) / 3)
