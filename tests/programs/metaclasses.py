class Meta(type):
    made = []
    def __new__(m, name, bases, ns, **kw):
        cls = super().__new__(m, name, bases, ns)
        cls.kw = kw
        Meta.made.append(name)
        return cls
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
    def __call__(cls, *a):
        obj = super().__call__(*a)
        obj.tagged = True
        return obj
    @property
    def upper(cls):
        return cls.__name__.upper()
    def __len__(cls):
        return 99
    def __iter__(cls):
        return iter("meta")
    def __instancecheck__(cls, o):
        return o == 5 or type.__instancecheck__(cls, o)
    @classmethod
    def __prepare__(m, name, bases, **kw):
        return {"prepared": name}

class A(metaclass=Meta, x=1):
    pass
class B(A):
    def __init__(self, v):
        self.v = v

print(Meta.made, A.kw, B.kw, A().tagged, B(3).v, A.upper, len(A), list(B), isinstance(5, A), isinstance(6, A), A.prepared, type(A).__name__, type(type(A)).__name__)
try:
    A().upper
except AttributeError as e:
    print(e)
class M2(type):
    pass
try:
    class C(A, metaclass=M2):
        pass
except TypeError as e:
    print(str(e)[:30])
T = type("T", (object,), {"f": lambda self: self.k, "k": 3})
print(T().f(), T.__name__, T.__mro__ == (T, object), type(T()), type(5), type(type))

class Field:
    def __set_name__(self, owner, name):
        self.label = owner.__name__ + "." + name
class R:
    a = Field()
    b = Field()
print(R.a.label, R.b.label)

def make(n):
    t = 0
    for i in range(n):
        o = B(i)
        t += o.v + o.tagged
    return t

def many_classes(n):
    t = 0
    for i in range(n):
        if i % 100 == 0:
            C = type("C%d" % i, (), {"v": i, "get": lambda self: self.v})
            o = C()
        t += o.get()
    return t

print(make(3000), many_classes(4000))
class G[T]:
    def get(self) -> T:
        return 1
def ident[T](x: T) -> T:
    return x
type Alias = list[int]
print(G[int]().get(), ident(4), Alias.__name__, G.__type_params__, list[int], dict[str, int], int | None)
