"""Classes and methods that loops call in other ways than plainly."""


class L(list):
    pass


class D(dict):
    pass


class S(set):
    pass


class T(tuple):
    pass


class I(int):
    pass


class Text(str):
    pass


class Initialized(list):
    def __init__(self, n):
        super().__init__(range(n))


def derived(n):
    s = 0
    for i in range(n):
        l, m, d, e, t, k, x = L(), L((1, 2)), D(), S("aab"), T((1, i)), I(i), Text(i)
        l.tag = i
        s += len(l) + len(m) + len(d) + len(e) + t[1] + k + len(x) + l.tag + len(Initialized(3))
        if i == n // 2:
            L.__init__ = lambda self, *args: list.__init__(self, (1, 2, 3))
        if i == 3 * n // 4:
            S.__new__ = lambda cls, *args: "four"
    return s, type(l), type(m), type(d), type(e), type(t), type(k), type(x)


print(derived(2000))


class Counter:
    n = 0
    label = "a"

    def __init__(self):
        Counter.n += 1


class Sub(Counter):
    pass


def class_variables(n):
    s = 0
    for i in range(n):
        Counter.n += i & 1
        c = Sub()
        s += Sub.n + c.n + Counter.n
        if i == n // 3:
            Sub.n = 7
        if i == n // 2:
            del Sub.n
        if i == 2 * n // 3:
            Counter.n = property(lambda self: 11)
            print(c.n, type(Sub.n).__name__)
            Counter.n = 5
        if i == 3 * n // 4:
            c.n = 9
            print(c.n, Counter.n)
    return s, Counter.n


print(class_variables(2400))


class Value:
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        if not isinstance(other, Value):
            return NotImplemented
        return self.x == other.x

    def __add__(self, other):
        if not isinstance(other, Value):
            return NotImplemented
        return Value(self.x + other.x)

    def __lt__(self, other):
        return NotImplemented


class Right:
    def __radd__(self, other):
        return other.x + 1

    def __eq__(self, other):
        return "yes"

    def __gt__(self, other):
        return 1


def declined(n):
    v, w, r = Value(1), Value(2), Right()
    s = 0
    errors = {}
    for i in range(n):
        s += (v == 3) + (v != 3) + (v == w) + (v + w).x + (v + r) + (v < r)
        if v == r:
            s += 1
        if v == i:
            s += 1000
        if (v == r) == "yes":
            s += 2
        if i % 10 == 0:
            try:
                v + i
            except TypeError as error:
                errors[str(error)] = errors.get(str(error), 0) + 1
            try:
                v < w
            except TypeError as error:
                errors[str(error)] = errors.get(str(error), 0) + 1
    return s, errors


print(declined(2000))
