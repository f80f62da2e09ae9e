# `with`, `match`, `del`, starred targets and arguments in hot loops.


class Manager:
    def __init__(self):
        self.depth = 0
        self.errors = 0

    def __enter__(self):
        self.depth += 1
        return self.depth

    def __exit__(self, kind, error, traceback):
        self.depth -= 1
        if kind is not None:
            self.errors += 1
        return kind is ValueError


def managed(n):
    manager = Manager()
    total = 0
    for i in range(n):
        with manager as depth:
            total += depth + i
            with manager:
                total += manager.depth
                if i % 500 == 499:
                    raise ValueError(i)
            total += 1
    try:
        for i in range(n):
            with manager:
                total += 10 // (n - 1 - i - 200)
    except ZeroDivisionError as error:
        return total, manager.depth, manager.errors, i, type(error)


print(managed(3000))


def matched(values, n):
    counts = [0] * 9
    for i in range(n):
        match values[i % len(values)]:
            case 0 | "zero":
                counts[0] += 1
            case [x]:
                counts[1] += x
            case [x, y]:
                counts[2] += x * y
            case [x, *rest]:
                counts[3] += x + len(rest)
            case {"a": a}:
                counts[4] += a
            case int() | float():
                counts[5] += 1
            case str(text) if text:
                counts[6] += len(text)
            case None:
                counts[7] += 1
            case _:
                counts[8] += 1
    return counts


print(matched([[1], [2, 3], (4, 5, 6, 7), {"a": 5}, {"b": 1}, 0, "zero", "text", "", 2.5, None, range(2), [], b"ab"], 4000))


def deleted(n):
    total = 0
    for i in range(n):
        x = i
        y = [x]
        total += x
        del x
        if i % 2:
            del y
        try:
            total += len(y)
        except UnboundLocalError as error:
            message = str(error)
    return total, message


print(deleted(3000))


def starred(n):
    total = 0
    trail = []
    for i in range(n):
        first, *middle, last = [i, 1, 2, 3]
        total += first + len(middle) + last
        *start, end = (i, 5)
        total += end + start[0]
        head, *tail = "ab" if i % 3 == 0 else [1]
        if i % 1000 == 0:
            trail.append((head, tail))
        try:
            a, *b, c, d = (1, 2) if i > n - 100 else (1, 2, 3)
        except ValueError as error:
            message = str(error)
    return total, trail, message


print(starred(3000))


def add(a, b=10, *rest, k=1):
    return a + b + len(rest) * k


class Adder:
    def __call__(self, *arguments):
        return sum(arguments)

    def method(self, *arguments, **names):
        return len(arguments) + len(names)


def wrap(function):
    def wrapper(*arguments, **names):
        return function(*arguments, **names)

    return wrapper


@wrap
def wrapped(x, y=1):
    return x * y


def called(n):
    adder = Adder()
    total = errors = 0
    pairs = [(1, 2), (3,), (4, 5, 6), [7, 8], ()]
    for i in range(n):
        arguments = pairs[i % 5]
        try:
            total += add(*arguments)
        except TypeError as error:
            errors += 1
            message = str(error)
        total += adder(*arguments) + adder.method(*arguments, k=1) + max(*arguments, 1, 2)
        total += wrapped(i) + wrapped(i, 2) + wrapped(x=i, y=3)
        total += add(*arguments, 1, k=i % 3)
    return total, errors, message


print(called(3000))


def keywords(n):
    total = 0
    caught = {}
    names = [{}, {"k": 2}, {"b": 1, "k": 3}, {"c": 1}, {"a": 1}, 5]
    for i in range(n):
        try:
            total += add(1, **names[i % 6])
            total += add(*(1, 2), k=1, **names[i % 4])
        except TypeError as error:
            caught[str(error)] = caught.get(str(error), 0) + 1
    return total, caught


print(keywords(3000))
