# Decimals of many digits: against ints, and against what is known of the functions; precisions that no memory holds.
from decimal import *
import hashlib

D = Decimal


def digest(value):
    return hashlib.sha256(str(value).encode()).hexdigest()[:16]


def attempt(function, *args):
    try:
        return str(function(*args))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


state = 1
def digits(n):
    global state
    out = []
    while len(out) < n:
        state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        out.append(str(state >> 40))
    return int("".join(out)[:n])


with localcontext(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN):
    for n, m in [(30, 20), (57, 38), (400, 390), (1500, 700), (2100, 2050), (4200, 1800)]:
        a, b = digits(n), digits(m)
        print(n, m, D(a) + D(b) == a + b, D(a) * D(b) == a * b, D(a) // D(b) == a // b, D(a) % D(b) == a % b,
              int(D(a)) == a, hash(D(a)) == hash(a), D(a) ** 3 == a ** 3, (D(a) ** 2).sqrt() == a)
    print(D(4) / 2, D(1) / 8, attempt(lambda: D(1) / 3), attempt(lambda: D(2).sqrt()), D("2.25").sqrt())
    print(attempt(D(1).logical_invert), attempt(lambda: D("1E+900000000000000000") + 1), D(10) ** 17 + D(1))
    print(attempt(int, D("1E+99999999999")), attempt(D, "1E+9999999999999999999"), D("1E+999999999999999999"))

for prec in (1, 5, 19, 38, 39, 100, 700, 1600):
    with localcontext(prec=prec):
        results = [D(2).sqrt(), D(3).exp(), D(7).ln(), D(7).log10(), D("1.5") ** D("0.3"), D(1) / 7, D("1E-5").exp(), D("0.99999").ln()]
        print(prec, [digest(result) for result in results])
        print(str(results[0])[:40], str(results[1])[:40], str(results[2])[:40])

def pi(prec):
    with localcontext(prec=prec + 2):
        last, t, s, n, na, d, da = 0, D(3), D(3), 1, 0, 0, 24
        while s != last:
            last = s
            n, na = n + na, na + 8
            d, da = d + da, da + 32
            t = (t * n) / d
            s += t
    with localcontext(prec=prec):
        return +s

print(pi(50), digest(pi(400)))
total = D(0)
for i in range(3000):
    total += (D(i) * D("1.0825")).quantize(D("0.01"), ROUND_HALF_UP)
    if i % 3 == 0:
        total -= D(i) / 8
print(total)
