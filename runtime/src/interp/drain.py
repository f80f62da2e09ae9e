# The loops of natives that take all items of an iterable, for generators: a generator is resumed in a loop that is
# traced and compiled like any other, rather than by a native that calls it for each item.
#
# Their frames are not seen. What is not a parameter is a native of `drain.rs`.


def extend(items, list):
    for item in items:
        list.append(item)


def update(items, set):
    for item in items:
        set.add(item)


def add_up(items, total):
    for item in items:
        if not is_int(item):
            return add_up_rest(items, total, item)
        total = total + item
    return total


def largest(items, nothing):
    for best in items:
        break
    else:
        return nothing
    for item in items:
        if item > best:
            best = item
    return best


def smallest(items, nothing):
    for best in items:
        break
    else:
        return nothing
    for item in items:
        if item < best:
            best = item
    return best


def all_true(items):
    for item in items:
        if not item:
            return False
    return True


def any_true(items):
    for item in items:
        if item:
            return True
    return False
