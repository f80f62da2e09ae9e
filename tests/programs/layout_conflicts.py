# Bases whose instances are laid out in different ways make no class.

class Mixin:
    pass


class Slotted(Exception):
    pass


def make(*bases):
    try:
        cls = type("Both", bases, {})
    except TypeError as error:
        return str(error)
    return " ".join(base.__name__ for base in cls.__mro__)


exceptions = [Exception, OSError, KeyError, Slotted]
containers = [list, dict, set, frozenset]
for first in exceptions:
    for second in containers:
        print(first.__name__, second.__name__, make(first, second), "|", make(second, first))
        print(make(first, Mixin), "|", make(Mixin, second))


class Rows(list):
    pass


print(make(Rows, Slotted), make(Rows, Mixin), make(Slotted, Rows))


def hot(rounds):
    refused = made = 0
    for i in range(rounds):
        try:
            type("Both", (exceptions[i % 4], containers[i // 4 % 4] if i % 3 else Mixin), {})
            made += 1
        except TypeError:
            refused += 1
    return made, refused


print(hot(300))
