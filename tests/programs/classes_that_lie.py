# Classes that say other things of their instances than they are, and instances that say what only classes can.
N = 300


def outcome(function):
    try:
        return function(N)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def show(expression, **names):
    names["__name__"] = "lying"
    exec(f"def f(n):\n  for i in range(n): result = {expression}\n  return result", names)
    print(expression, "->", outcome(names["f"]))


class A:
    pass


class Constant:
    __class__ = A


class Computed:
    @property
    def __class__(self):
        return A


class Hooked:
    def __getattribute__(self, name):
        return A if name == "__class__" else "hooked"


class Missed:
    def __getattr__(self, name):
        return A


class NoClass:
    __class__ = 5


class Raising:
    @property
    def __class__(self):
        raise AttributeError("none")


for value in Constant(), Computed(), Hooked(), Missed(), NoClass(), Raising():
    print(type(value).__name__)
    show("v.__class__.__name__", v=value)
    show("isinstance(v, A), isinstance(v, (int, A)), isinstance(v, type(v)), isinstance(v, int)", v=value, A=A)
    show("type(v) is A, type(v).__name__", v=value, A=A)


class Meta(type):
    def __instancecheck__(cls, value):
        return [value]

    def __subclasscheck__(cls, value):
        return 0

    def __getattr__(cls, name):
        return f"meta {name}"

    @property
    def first(cls):
        return "of the metaclass"

    def __len__(cls):
        return 3

    def __contains__(cls, value):
        return value == 1

    def __iter__(cls):
        return iter("ab")

    def __bool__(cls):
        return False


class Lying(metaclass=Meta):
    first = "of the class"

    def __len__(self):
        return 0


show("isinstance(1, L), isinstance(0, L), isinstance(l, L), issubclass(int, L), issubclass(L, L)", L=Lying, l=Lying())
show("L.first, l.first, L.second, len(L), len(l), 1 in L, [*L], not L, not l", L=Lying, l=Lying())
show("L().first, type(L).__name__, L.__class__.__name__", L=Lying)


class All:
    def __add__(self, other):
        return "add"

    def __eq__(self, other):
        return "equal"

    def __len__(self):
        return 2

    def __bool__(self):
        return False

    def __iter__(self):
        return iter("xy")

    def __contains__(self, item):
        return 5

    def __getitem__(self, key):
        return key

    def __call__(self):
        return "called"

    def __neg__(self):
        return "negative"

    def __hash__(self):
        return 7

    def __enter__(self):
        return "entered"

    def __exit__(self, *what):
        return True


def entered(value):
    with value as result:
        return result


NAMES = "add eq len bool iter contains getitem call neg hash enter".split()
ALL = "v + 1|v == 1, v != 1|len(v)|not v|[*v]|1 in v|v[3]|v()|-v|hash(v)|entered(v)".split("|")
for name, expression in zip(NAMES, ALL):
    special = f"__{name}__"
    value = All()
    setattr(value, special, lambda *args: "of the instance")
    show(expression, v=value, entered=entered)
    without = type("Without", (All,), {special: None, "__hash__": All.__hash__} if name != "hash" else {special: None})
    show(expression, v=without(), entered=entered)
    bound = type("Bound", (All,), {special: classmethod(lambda cls, *args: 11 if cls is bound else 12)})
    show(expression, v=bound(), entered=entered)


class Int(int):
    def __add__(self, other):
        return "Int.add"

    def __radd__(self, other):
        return "Int.radd"

    def __bool__(self):
        return not int(self)

    def __eq__(self, other):
        return "Int.eq"

    def __index__(self):
        return 1

    __hash__ = int.__hash__


class Str(str):
    def __len__(self):
        return 42

    def __eq__(self, other):
        return "Str.eq"

    def __getitem__(self, key):
        return "Str.getitem"

    def __hash__(self):
        return 1

    def __add__(self, other):
        return "Str.add"


class List(list):
    def __len__(self):
        return 43

    def __iter__(self):
        return iter("list")

    def __getitem__(self, key):
        return "List.getitem"

    def __contains__(self, item):
        return True

    def __bool__(self):
        return False

    def append(self, item):
        return "List.append"


class Dict(dict):
    __setattr__ = dict.__setitem__
    __getattr__ = dict.__getitem__
    __delattr__ = dict.__delitem__

    def __getitem__(self, key):
        return "Dict.getitem"

    def __iter__(self):
        return iter("d")

    def get(self, key):
        return "Dict.get"

    def __missing__(self, key):
        return "Dict.missing"


show("v + 1, 1 + v, not v, v == 3, 3 == v, [5, 6][v], v + 1.5, 1.5 + v", v=Int(3))
show("len(v), v == 'abc', 'abc' == v, v[0], v + 'x', 'x' + v, [*v]", v=Str("abc"))
show("len(v), [*v], v[0], 9 in v, not v, v.append(1), [1] + v, v + [1], list(v)", v=List([1, 2]))
show("v['a'], v['b'], [*v], v.get('a'), len(v), 'b' in v, dict(v), {**v}", v=Dict(a=1))
show("v.a, setattr(v, 'k', i), v.k == i, sorted(v.keys()), delattr(v, 'k')", v=Dict(a=1))


class Named:
    "A docstring."

    def __init__(self):
        self.__doc__ = "own"
        self.__module__ = "own module"
        self.__name__ = "own name"

    def method(self):
        return self


show("v.__doc__, v.__module__, v.__name__, C.__doc__, C.__module__, C.__name__", v=Named(), C=Named)
show("v.method.__self__ is v, v.method.__func__ is C.method, v.method.__name__, v.method.__doc__", v=Named(), C=Named)


class Names:
    @classmethod
    def __name__(cls):
        return "shadowed"

    @classmethod
    def mro(cls):
        return "own"


show("C.__name__, C.mro(), v.__name__(), v.mro()", v=Names(), C=Names)
