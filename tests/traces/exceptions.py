# An exception that a callee raises is handled in the same trace, and error exits lead to their handlers.


def half(i):
    if i & 1:
        raise ValueError(i)
    return i >> 1


def halves(n):
    total = 0
    for i in range(n):
        try:
            total += half(i)
        except ValueError:
            total += 1
    return total


assert halves(300) == 11325


def lookups(n):
    known = {0: 1}
    total = 0
    for i in range(n):
        try:
            total += known[i]
        except KeyError:
            total += 2
    return total


assert lookups(300) == 599
