"""Calls whose arguments take binding, in loops that get compiled."""
import functools


def rest(*args):
    return args[0] + len(args)


def first_and_rest(a, *args):
    return a, args


def keyword_only(a, *, b=1, c=2):
    return a * 100 + b * 10 + c


def anything(a=0, *args, k=5, **others):
    return a, args, k, sorted(others.items())


def others_only(**others):
    return list(others.items())


def positional(a, b=7, /, c=8, **others):
    return a, b, c, others


def add(a, b):
    return a + b


def loop(n):
    s = 0
    pair, names, mixed = (1, 2), {"a": 1, "b": 2}, {"b": 5}
    last = None
    for i in range(n):
        s += rest(i, 2, 3) + rest(i)
        s += keyword_only(i, c=3) + keyword_only(i) + keyword_only(i, c=1, b=i & 7)
        s += add(*pair) + add(**names) + add(i, **mixed) + add(*pair[:1], i)
        last = (
            first_and_rest(i),
            first_and_rest(i, 1, 2),
            anything(),
            anything(i, 1, 2, k=3, z=4, y=5),
            anything(*pair, **mixed),
            others_only(),
            others_only(a=i, b=2),
            positional(i, c=2, a=3),
            positional(i, 1, 2, b=4),
        )
    return s, last


print(loop(2000))


class Point:
    def __init__(self, x, y=2, *rest, z=3, **others):
        self.x, self.y, self.z, self.rest, self.others = x, y, z, rest, others

    def total(self, *args, scale=1):
        return (self.x + self.y + self.z + len(self.rest) + sum(args)) * scale

    def __call__(self, a, b=1, *c):
        return self.x + a + b + len(c)


def constructions(n):
    s = 0
    for i in range(n):
        p, q, r = Point(i), Point(i, 5, 6, z=7), Point(x=i, w=1)
        s += p.total() + q.total(1, 2, scale=2) + r.total(*(i, 1)) + len(r.others)
        s += p(i) + q(i, 2) + r(1, 2, 3)
        method = p.total
        s += method(*(1, 2), **{"scale": 3})
    return s, r.others, q.rest


print(constructions(2000))


def defaults_change(n):
    def f(a, b=1, *, c=10):
        return a + b + c

    s = 0
    for i in range(n):
        s += f(i) + f(i, c=0)
        if i == n // 4:
            f.__defaults__ = (2,)
        if i == n // 2:
            f.__kwdefaults__["c"] = 20
        if i == 3 * n // 4:
            f.__kwdefaults__ = {"c": 30}
    return s


print(defaults_change(2000))


def closures(n):
    s = 0
    for i in range(n):
        def f(a, b=i, *, c=i, **d):
            return a + b + c + len(d)

        s += f(1) + f(1, 2) + f(1, c=3) + f(1, d=1)
    return s


print(closures(2000))


def wrong(n):
    messages = {}
    calls = [
        lambda: add(1),
        lambda: add(1, 2, 3),
        lambda: add(1, a=2),
        lambda: add(*(1, 2), **{"c": 3}),
        lambda: keyword_only(1, 2),
        lambda: positional(b=1),
        lambda: others_only(1),
        lambda: add(**{"a": 1, 2: 3}),
        lambda: add(*3),
        lambda: add(**3),
        lambda: Point(),
        lambda: Point(1, x=2),
        lambda: functools.partial(add, 1)(b=2, c=3),
    ]
    for i in range(n):
        try:
            calls[i % len(calls)]()
        except TypeError as error:
            messages[str(error)] = messages.get(str(error), 0) + 1
    return sorted(messages.items())


for line in wrong(13 * 120):
    print(line)


def keys_change(n):
    s = 0
    d = {"a": 1, "b": 2}
    for i in range(n):
        s += add(**d)
        if i == n // 3:
            d = {"b": 10, "a": 20}
        if i == n // 2:
            d = {"x": 1, "b": 3, "a": 4}
            del d["x"]
        if i == 3 * n // 4:
            d = {"".join(["", "a"]): 5, "".join(["b", ""]): 6}
    return s


print(keys_change(2000))


def lengths_change(n):
    s = 0
    for i in range(n):
        t = (1,) * (1 + i % 5)
        s += rest(*t)
    return s


print(lengths_change(2000))


class Managed:
    def __init__(self):
        self._value = 0
        self.log = 0

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        if value == 1300:
            raise ValueError(value)
        self._value = value
        self.log += 1


def setter(n):
    m = Managed()
    s = 0
    for i in range(n):
        try:
            m.value = i
        except ValueError:
            s += 10
        s += m.value
        if i == n // 2:
            Managed.value = Managed.value.setter(lambda self, value: setattr(self, "_value", -value))
    return s, m.log


print(setter(2400))
