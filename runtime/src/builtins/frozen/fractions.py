"""Rational numbers."""

from math import gcd as _gcd

_HASH_MODULUS = (1 << 61) - 1


class Fraction:
    __slots__ = ("_numerator", "_denominator")

    def __new__(cls, numerator=0, denominator=None):
        if denominator is None:
            if type(numerator) is int:
                return cls._from_coprime_ints(numerator, 1)
            if isinstance(numerator, Fraction):
                return cls._from_coprime_ints(numerator._numerator, numerator._denominator)
            if isinstance(numerator, str):
                return cls._from_text(numerator)
            if hasattr(numerator, "as_integer_ratio"):
                return cls._from_coprime_ints(*numerator.as_integer_ratio())
            raise TypeError("argument should be a string or a Rational instance or have the as_integer_ratio() method")
        if type(numerator) is not int or type(denominator) is not int:
            if isinstance(numerator, (int, Fraction)) and isinstance(denominator, (int, Fraction)):
                numerator, denominator = (numerator.numerator * denominator.denominator, denominator.numerator * numerator.denominator)
            else:
                raise TypeError("both arguments should be Rational instances")
        if denominator == 0:
            raise ZeroDivisionError(f"Fraction({numerator}, 0)")
        g = _gcd(numerator, denominator)
        if denominator < 0:
            g = -g
        return cls._from_coprime_ints(numerator // g, denominator // g)

    @classmethod
    def _from_coprime_ints(cls, numerator, denominator, /):
        self = object.__new__(cls)
        self._numerator = numerator
        self._denominator = denominator
        return self

    @classmethod
    def _from_text(cls, text):
        body = text.strip()
        try:
            if "/" in body:
                numerator, denominator = body.split("/")
                if not denominator.isdigit():
                    raise ValueError
                return cls(int(numerator), int(denominator))
            mantissa, _, exponent = body.lower().partition("e")
            whole, _, decimals = mantissa.partition(".")
            if not (whole.strip("+-") or decimals) or (decimals and not decimals.replace("_", "").isdigit()):
                raise ValueError
            decimals = decimals.replace("_", "")
            digits = whole + decimals
            scale = (int(exponent) if _ and exponent else 0) - len(decimals) if "e" in body.lower() else -len(decimals)
            value = int(digits)
            return cls(value * 10 ** scale) if scale >= 0 else cls(value, 10 ** -scale)
        except ValueError:
            raise ValueError(f"Invalid literal for Fraction: {text!r}") from None

    @classmethod
    def from_float(cls, f):
        return cls(f)

    @property
    def numerator(self):
        return self._numerator

    @property
    def denominator(self):
        return self._denominator

    def as_integer_ratio(self):
        return self._numerator, self._denominator

    def is_integer(self):
        return self._denominator == 1

    def limit_denominator(self, max_denominator=1000000):
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self._denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self._numerator, self._denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        if 2 * d * (q0 + k * q1) <= self._denominator:
            return Fraction(p1, q1)
        return Fraction(p0 + k * p1, q0 + k * q1)

    def __repr__(self):
        return f"{type(self).__name__}({self._numerator}, {self._denominator})"

    def __str__(self):
        if self._denominator == 1:
            return str(self._numerator)
        return f"{self._numerator}/{self._denominator}"

    def __add__(self, other):
        if type(other) is Fraction:
            na, da = self._numerator, self._denominator
            nb, db = other._numerator, other._denominator
            g = _gcd(da, db)
            if g == 1:
                return Fraction._from_coprime_ints(na * db + da * nb, da * db)
            s = da // g
            t = na * (db // g) + nb * s
            g2 = _gcd(t, g)
            if g2 == 1:
                return Fraction._from_coprime_ints(t, s * db)
            return Fraction._from_coprime_ints(t // g2, s * (db // g2))
        if isinstance(other, int):
            return Fraction._from_coprime_ints(self._numerator + other * self._denominator, self._denominator)
        if isinstance(other, float):
            return float(self) + other
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, (Fraction, int)):
            return self + -other
        if isinstance(other, float):
            return float(self) - other
        return NotImplemented

    def __rsub__(self, other):
        if isinstance(other, int):
            return -self + other
        if isinstance(other, float):
            return other - float(self)
        return NotImplemented

    def __mul__(self, other):
        if type(other) is Fraction:
            na, da = self._numerator, self._denominator
            nb, db = other._numerator, other._denominator
            g1 = _gcd(na, db)
            if g1 > 1:
                na //= g1
                db //= g1
            g2 = _gcd(nb, da)
            if g2 > 1:
                nb //= g2
                da //= g2
            return Fraction._from_coprime_ints(na * nb, db * da)
        if isinstance(other, int):
            return self * Fraction(other)
        if isinstance(other, float):
            return float(self) * other
        return NotImplemented

    __rmul__ = __mul__

    def _inverse(self):
        n, d = self._numerator, self._denominator
        if n == 0:
            raise ZeroDivisionError(f"Fraction({d}, 0)")
        return Fraction._from_coprime_ints(d, n) if n > 0 else Fraction._from_coprime_ints(-d, -n)

    def __truediv__(self, other):
        if isinstance(other, int):
            other = Fraction(other)
        if isinstance(other, Fraction):
            if other._numerator == 0:
                raise ZeroDivisionError(f"Fraction({self._numerator * other._denominator}, 0)")
            return self * other._inverse()
        if isinstance(other, float):
            return float(self) / other
        return NotImplemented

    def __rtruediv__(self, other):
        if isinstance(other, int):
            return Fraction(other) * self._inverse()
        if isinstance(other, float):
            return other / float(self)
        return NotImplemented

    def __floordiv__(self, other):
        if isinstance(other, (Fraction, int)):
            return (self._numerator * other.denominator) // (self._denominator * other.numerator)
        return float(self) // other if isinstance(other, float) else NotImplemented

    def __rfloordiv__(self, other):
        return Fraction(other) // self if isinstance(other, int) else other // float(self)

    def __mod__(self, other):
        if isinstance(other, (Fraction, int)):
            return self - other * (self // other)
        return float(self) % other if isinstance(other, float) else NotImplemented

    def __rmod__(self, other):
        return Fraction(other) % self if isinstance(other, int) else other % float(self)

    def __divmod__(self, other):
        return self // other, self % other

    def __pow__(self, other):
        if isinstance(other, Fraction) and other._denominator == 1:
            other = other._numerator
        if isinstance(other, int):
            base = self if other >= 0 else self._inverse()
            power = abs(other)
            return Fraction._from_coprime_ints(base._numerator ** power, base._denominator ** power)
        if isinstance(other, (float, Fraction)):
            return float(self) ** float(other)
        return NotImplemented

    def __rpow__(self, other):
        if self._denominator == 1 and self._numerator >= 0:
            return other ** self._numerator
        return other ** float(self)

    def __pos__(self):
        return self

    def __neg__(self):
        return Fraction._from_coprime_ints(-self._numerator, self._denominator)

    def __abs__(self):
        return Fraction._from_coprime_ints(abs(self._numerator), self._denominator)

    def __trunc__(self):
        return -(-self._numerator // self._denominator) if self._numerator < 0 else self._numerator // self._denominator

    __int__ = __trunc__

    def __floor__(self):
        return self._numerator // self._denominator

    def __ceil__(self):
        return -(-self._numerator // self._denominator)

    def __round__(self, ndigits=None):
        if ndigits is None:
            whole, rest = divmod(self._numerator, self._denominator)
            if rest * 2 < self._denominator:
                return whole
            if rest * 2 > self._denominator:
                return whole + 1
            return whole + (whole & 1)
        shift = 10 ** abs(ndigits)
        return Fraction(round(self * shift), shift) if ndigits > 0 else Fraction(round(self / shift) * shift)

    def __float__(self):
        return self._numerator / self._denominator

    def __bool__(self):
        return self._numerator != 0

    def __hash__(self):
        try:
            inverse = pow(self._denominator, -1, _HASH_MODULUS)
        except ValueError:
            value = 314159
        else:
            value = hash(hash(abs(self._numerator)) * inverse)
        result = value if self._numerator >= 0 else -value
        return -2 if result == -1 else result

    def __eq__(self, other):
        if type(other) is Fraction:
            return self._numerator == other._numerator and self._denominator == other._denominator
        if isinstance(other, int):
            return self._numerator == other and self._denominator == 1
        if isinstance(other, float):
            return float(self) == other if other != other or other in (float("inf"), float("-inf")) else self == Fraction(other)
        return NotImplemented

    def _parts(self, other):
        if isinstance(other, float) and (other != other or other in (float("inf"), float("-inf"))):
            return 0.0, other
        if isinstance(other, (int, float, Fraction)):
            other = Fraction(other)
            return self._numerator * other._denominator, self._denominator * other._numerator
        return None

    def __lt__(self, other):
        parts = self._parts(other)
        return NotImplemented if parts is None else parts[0] < parts[1]

    def __gt__(self, other):
        parts = self._parts(other)
        return NotImplemented if parts is None else parts[0] > parts[1]

    def __le__(self, other):
        parts = self._parts(other)
        return NotImplemented if parts is None else parts[0] <= parts[1]

    def __ge__(self, other):
        parts = self._parts(other)
        return NotImplemented if parts is None else parts[0] >= parts[1]

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self
