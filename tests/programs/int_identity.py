# One int is one object, however often compiled code boxes it.

import operator


def stored(n):
    items, n_wrong = [0], 0
    for i in range(n):
        y = (i + 2**21) * 2**28
        items[0] = y
        if i % 64 == 63:
            last = i
        n_wrong += items[0] is not y
        n_wrong += not (items[0] is y)
        n_wrong += id(items[0]) != id(y)
        n_wrong += not operator.is_(items[0], y)
        n_wrong += operator.is_not(y, items[0])
    return n_wrong


class Box:
    pass


def carried(n):
    # The int goes from one iteration to the next, in a variable and in the heap.
    box, n_wrong, y = Box(), 0, 2**50
    box.content = y
    for i in range(n):
        n_wrong += box.content is not y
        y = y + 2**40
        box.content = y
        if i % 50 == 49:
            y = y - i
            box.content = y
        kept = (y, i)
        n_wrong += kept[0] is not box.content
    return n_wrong


def answered(y):
    return y


def passed(n):
    n_wrong = 0
    for i in range(n):
        y = 2**60 + i
        z = answered(y)
        if i % 37 == 36:
            z = answered(z)
        n_wrong += z is not y
        n_wrong += [z].count(y) != 1
    return n_wrong


def others(n):
    # Nothing else is the same.
    n_wrong, nothing, wide = 0, None, 2**55
    for i in range(n):
        y = wide + i + 1
        a, b = [y], [y]
        n_wrong += a is b
        n_wrong += y is nothing
        n_wrong += y is a
        n_wrong += y is (y + 1)
        n_wrong += (a if i % 3 else y) is b
        n_wrong += float(i) is y
        n_wrong += (y if i % 5 else None) is (None if i % 5 else y)
        n_wrong += i is not i
        n_wrong += (a if i % 2 else b) is not (a if i % 2 else b)
        n_wrong += len({id(a), id(b), id(y), id(y + 1), id(None), id(wide)}) != 6
        n_wrong += id(y) < 0
    return n_wrong


for function in stored, carried, passed, others:
    print(function.__name__, function(3000))
big = 2**100
print(big is big, [big][0] is big, id(big) == id([big][0]))
