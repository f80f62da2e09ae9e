"""`getattr`, `hasattr`, `issubclass`, `callable` and loops over other types than before: compiled code knows until it changes."""

import weakref

N = 1200


class Base:
    shared = "shared"

    def method(self):
        return self.shared


class Slotted:
    __slots__ = ("set", "unset")

    def __init__(self):
        self.set = 1


class Meta(type):
    of_meta = "meta"


class WithMeta(metaclass=Meta):
    pass


class Answers:
    def __getattr__(self, name):
        if name == "refused":
            raise AttributeError(name)
        return name.upper()


def reads():
    owner, slotted, answers, seen = Base(), Slotted(), Answers(), {}
    owner.own = None
    proxy = weakref.proxy(owner)
    for turn in range(N):
        found = (
            getattr(owner, "shared"),
            getattr(owner, "own", 1),
            getattr(owner, "late", "absent"),
            getattr(owner, "method")(),
            getattr(slotted, "set"),
            getattr(slotted, "unset", "unset"),
            getattr(WithMeta, "of_meta", 0),
            getattr(WithMeta, "other", 0),
            getattr(Base, "shared", 0),
            getattr(answers, "name", 0),
            getattr(answers, "refused", 0),
            getattr(turn, "real", 0) == turn,
            getattr(turn, "nothing", "int"),
            getattr(reads, "noted", "function"),
            hasattr(owner, "own"),
            hasattr(owner, "late"),
            hasattr(Base, "late"),
            hasattr(WithMeta, "of_meta"),
            hasattr(slotted, "unset"),
            hasattr(owner, "false"),
            hasattr("", "join"),
            getattr(proxy, "own", "none"),
            getattr(proxy, "nothing", "no"),
        )
        seen[found] = seen.get(found, 0) + 1
        if turn == 500:
            owner.false = False
        if turn == 600:
            Base.late = "late"
        if turn == 700:
            owner.late = "own late"
        if turn == 800:
            del owner.own, Base.late
        if turn == 900:
            Meta.other, slotted.unset, reads.noted = "other", "now set", "noted"
        if turn == 1000:
            Base.__getattr__ = lambda self, name: "by hand"
    return seen


for found, count in reads().items():
    print(count, found)


class Other:
    pass


class Derived(Other):
    def __call__(self):
        return 1


def relations():
    derived, counts = Derived(), [0] * 6
    for turn in range(N):
        facts = issubclass(Derived, Base), issubclass(Derived, Other), issubclass(bool, int), callable(derived)
        for place, fact in enumerate((*facts, callable(turn), callable(relations))):
            counts[place] += fact
        if turn == 700:
            Derived.__bases__ = (Base,)
        if turn == 900:
            del Derived.__call__
    return counts


print(relations())


def total(values, start):
    for place, value in enumerate(values):
        start = start + value * place
    return start


def other_types():
    answers = []
    for values, start in ([1] * 50, 0), ([0.5] * 50, 0), ([2] * 50, 0.0), ([1j] * 50, 0), ([1 << 60] * 50, 0), ([3] * 50, 1):
        answers.append([total(values, start) for turn in range(120)][-1])
    return answers


print(other_types())


def deletes():
    table, order = {}, []
    for turn in range(N):
        table[turn % 10] = turn
        if turn % 3 == 0:
            del table[turn % 10]
            order.append(len(table))
        if turn % 400 == 399:
            try:
                del table["absent"]
            except KeyError as error:
                order.append(error.args)
    return order[-12:], table


print(deletes())
