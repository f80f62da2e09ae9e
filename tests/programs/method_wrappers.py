"""What staticmethod, classmethod, super, property and singletons are as objects."""


def f(x: int) -> str:
    "doc of f"


for wrapper in staticmethod(f), classmethod(f):
    print(wrapper.__dict__, wrapper.__wrapped__ is f, wrapper.__annotations__)
    wrapper.note = 1
    print(wrapper.note, wrapper.__name__, wrapper.__doc__)


def shown(function, *args):
    try:
        print(function(*args))
    except Exception as error:
        print(type(error).__name__, error)


shown(staticmethod)
shown(classmethod, 1, 2)
shown(staticmethod.__new__)
shown(staticmethod.__new__, 3)
shown(classmethod.__class_getitem__, int)


class A:
    def m(self):
        return "A.m"

    @staticmethod
    def s(x):
        return x + 1

    @classmethod
    def c(cls, x):
        return cls.__name__, x


class B(A):
    def m(self):
        return "B.m", type(self).__unbound.__get__(self).m()


B._B__unbound = super(B)
print(B().m())
print(super(B).__self__, super(B, B()).__get__(3).__self__ is not None)
shown(super(B).__get__, 3)
total = 0
for i in range(3000):
    total = A.s(total) + A.c(i)[1] - i
print(total, B.c(3))

a = A.__dict__["s"]
a.__init__(len)
print(A.s("abc"))

shown(lambda: property().__name__)
print(property(f).__name__)
shown(property().__set_name__, 1)
for singleton in None, ..., NotImplemented:
    print(type(singleton)(), type(singleton).__new__(type(singleton)))
    shown(type(singleton), 1)
print((...).__reduce__(), NotImplemented.__reduce__())


class Sub(int):
    pass


shown(Sub(1).conjugate.__call__, 2)
shown(getattr(Sub(1), "conjugate"), 2)
shown(getattr(Sub(1), "__int__"), 2)
shown(getattr(Sub(1), "__setattr__"), 2)
shown(int.__new__)
shown(int.__new__, 3)
shown(ValueError.__new__, 3)
shown(LookupError.__new__, OSError)
shown(pow, 1.5, 2, 3)
shown(1j.__pow__, 2, 3)
print("__dict__" in object.__dict__, "__dict__" in BaseException.__dict__, "__new__" in ValueError.__dict__)
shown(lambda: int.__annotations__)
print((2.5).__getnewargs__(), (1 + 2j).__getnewargs__(), float.__getformat__("double"))
it = reversed("abc")
print(it.__length_hint__())
