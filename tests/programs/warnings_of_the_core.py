# What the runtime itself warns of, and that a warning can be made an error.
import warnings

class Truth(int):
    pass

class Number:
    def __index__(self):
        return Truth(3)
    def __int__(self):
        return True

class Floating:
    def __float__(self):
        class Derived(float):
            pass
        return Derived(2.5)

def function():
    return 1

def generator():
    yield 1

def invert(truth):
    return ~truth

with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
    print([1, 2, 3, 4][Number()], int(Number()), float(Floating()), invert(True))
    function.__code__ = generator.__code__
    g = generator()
    next(g)
    try:
        g.throw(ValueError, "text")
    except ValueError as error:
        print("thrown", error)
for w in log:
    print(w.category.__name__, w.message)

with warnings.catch_warnings():
    warnings.simplefilter("error")
    for call in (lambda: [1][Number()], lambda: int(Number()), lambda: float(Floating()), lambda: invert(False),
                 lambda: setattr(function, "__code__", invert.__code__)):
        try:
            print(call())
        except DeprecationWarning as error:
            print("raised", str(error)[:40])

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    total = 0
    for n in range(3000):
        total += ~(n % 3 == 0)
    print(total)
