# Class patterns: what __match_args__ may be, and which classes take one pattern for the object itself.
class Plain:
    pass


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Number:
    __match_args__ = (1,)


class Listed:
    __match_args__ = ["x"]


class Twice:
    __match_args__ = ("x", "x")
    x = 1


class Name(str):
    pass


class Ints(Point):
    __match_args__ = (Name("x"),)


class Row(list):
    pass


def one(subject, cls):
    match subject:
        case cls(a):
            return "took", a
    return "did not"


def two(subject, cls):
    match subject:
        case cls(a, b):
            return "took", a, b
    return "did not"


def named(subject, cls):
    match subject:
        case cls(a, x=b):
            return "took", a, b
    return "did not"


def attempt(take, subject, cls):
    try:
        return take(subject, cls)
    except TypeError as error:
        return str(error)


subjects = [Plain(), Point(1, 2), Number(), Listed(), Twice(), Ints(3, 4), Row([1]), 5, True, "text", b"bytes", 2.5,
            (1, 2), [3], {4: 5}, {6}, frozenset({7}), bytearray(b"array"), None, 1j, range(3), ValueError("v")]
for subject in subjects:
    for take in one, two, named:
        shown = attempt(take, subject, type(subject))
        if isinstance(shown, tuple) and shown[1] is subject:
            shown = "itself"
        print(type(subject).__name__, take.__name__, shown)

print(attempt(one, 5, "int"), attempt(one, 5, Plain))


def hot(rounds):
    outcomes = {}
    for i in range(rounds):
        subject = subjects[i % 7]
        outcome = attempt(one, subject, type(subject))
        if isinstance(outcome, tuple):
            outcome = outcome[0]
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


print(hot(3003))
