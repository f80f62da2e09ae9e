# Calls with keywords, defaults and keyword-only parameters in hot loops.


def plain(a, b=2, c=3):
    return a * 100 + b * 10 + c


def only(a, *, scale, shift=5):
    return a * scale + shift


def positional(a, /, b, *, c):
    return a - b + c


def collects(a, *rest, b=1, **more):
    return a + len(rest) + b + sum(more.values())


class Point:
    def __init__(self, x, y=1, *, z=2):
        self.x, self.y, self.z = x, y, z

    def moved(self, by=1, *, times=1):
        return self.x + by * times

    @classmethod
    def at(cls, x, y=7):
        return cls(x, y=y)

    @staticmethod
    def sum_of(a, b=4, c=5):
        return a + b * c

    def __call__(self, a, b=3):
        return a + b + self.x


def kinds(n):
    total = 0
    point = Point(3)
    for i in range(n):
        total += plain(i, c=i) + plain(b=i, a=1) + plain(i, 5, c=1) + plain(a=i)
        total += only(i, scale=2) + only(i, scale=3, shift=i) + only(a=1, shift=2, scale=i)
        total += positional(i, b=2, c=3) + positional(i, 2, c=i)
        total += collects(i, 2, 3, b=i, k=4) + collects(a=i)
        total += Point(i, z=3).z + Point(x=i).y + Point.at(i, y=2).y + Point.at(i).y
        total += point.moved(by=i) + point.moved(times=i) + point.moved(2, times=3)
        total += point.sum_of(1, c=i) + Point.sum_of(b=i, a=1)
        total += point(1, b=i) + point(a=i)
        total += int("11", base=2 + i % 5) + max(i, 3, key=lambda v: -v) + len(sorted([2, i, 1], reverse=True))
        total %= 1_000_003
    return total


print(kinds(1500))


def changing(n):
    total = 0
    for i in range(n):
        if i == n // 2:
            plain.__defaults__ = (20, 30)
            only.__kwdefaults__ = {"shift": 50}
        if i == n // 2 + 50:
            plain.__defaults__ = (1, 2, 3)
            only.__kwdefaults__ = {"shift": 1, "scale": 9}
            total += plain()
        total += plain(i, c=4) + only(i, scale=i)
    return total


print(changing(3000))
plain.__defaults__ = (2, 3)


def failing(n):
    messages = []
    calls = [
        lambda i: plain(c=i),
        lambda i: plain(1, a=i),
        lambda i: plain(1, d=i),
        lambda i: positional(a=1, b=2, c=i),
        lambda i: positional(1, 2),
        lambda i: only(1, 2, scale=i),
    ]
    for i in range(n):
        for call in calls:
            try:
                call(i)
            except TypeError as error:
                if i == n - 1:
                    messages.append(str(error))
    return messages


for message in failing(400):
    print(message)


# Other functions of the same code, by keyword.
def closures(n):
    total = 0
    for i in range(n):
        def scaled(x, by=i, *, more=0):
            return x * by + more + i

        total += scaled(2, more=1) + scaled(x=1) + scaled(by=3, x=i)
    return total


print(closures(2000))

functions = [plain, only, positional, collects, Point(1).moved, Point(2), Point.sum_of, dict, Point]


def many(n):
    total = 0
    for i in range(n):
        f = functions[i % len(functions)]
        try:
            value = f(i, b=2, c=3)
        except TypeError:
            total += 7
        else:
            total += value if isinstance(value, int) else 1
    return total


print(many(5000))


def generator(a, b=2):
    yield a
    yield b


def generators(n):
    total = 0
    for i in range(n):
        total += sum(generator(i, b=i)) + sum(generator(b=1, a=i)) + sum(generator(a=i))
    return total


print(generators(1500))
