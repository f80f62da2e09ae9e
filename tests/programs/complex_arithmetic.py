# Complex numbers with real ones, infinities and NaN; what the constructor warns of.
import warnings

INF, NAN = float("inf"), float("nan")


def show(function):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = repr(function())
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
    print(result, *(str(warning.message) for warning in caught))


for z in (complex(-0.0, -0.0), complex(INF, 1), complex(1e300, 1), complex(NAN, 1e200)):
    for w in (-0.0, 2, INF, complex(NAN, INF), complex(1, INF), complex(1e200, NAN), complex(2, -0.0)):
        print(z + w, z - w, w - z, z * w, w * z, z / w if w else None, w / z if z else None)
show(lambda: 1j / 0)
show(lambda: 1 / 0j)
show(lambda: 1e200j**2)
show(lambda: pow(1j, 1j, 1j))
show(lambda: pow(1, 1j, 1))
show(lambda: pow(1.0, 1, 1))
show(lambda: pow(1, 1, "x"))
show(lambda: sum([0.1j] * 10))
show(lambda: sum([0.1j, 0.1, 1, 0.1j] * 3))


class Derived(complex):
    pass


class Made:
    def __init__(self, value):
        self.value = value

    def __complex__(self):
        return self.value


class Real:
    def __float__(self):
        return 2.5


show(lambda: complex(1j, 2))
show(lambda: complex(2, 1j))
show(lambda: complex(Derived(1j), 2))
show(lambda: complex(Derived(1j)))
show(lambda: complex(Made(1j)))
show(lambda: complex(Made(1j), 2))
show(lambda: complex(2, Made(1j)))
show(lambda: complex(Made(Derived(1j))))
show(lambda: complex(Made(1)))
show(lambda: complex(imag=2j))
show(lambda: complex("1", 2))
show(lambda: complex(1, "2"))
show(lambda: complex(Real(), Real()))
show(lambda: complex("1", real=2))
