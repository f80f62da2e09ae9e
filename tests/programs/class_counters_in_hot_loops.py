# Values of classes that hot loops count up, seen by whoever asks.
class Base:
    n = 0
    step = 1


class Derived(Base):
    pass


def count(cls, rounds):
    for _ in range(rounds):
        cls.n += 1
    return cls.n, Base.n, Derived.n, Derived().n


print(count(Base, 3000), count(Derived, 3000), count(Base, 3000))
del Derived.n
print(count(Base, 10), count(Derived, 10))


def stepped(rounds):
    seen = 0
    for turn in range(rounds):
        Base.n += Base.step
        if turn == 2000:
            Base.step = 2.5
        if turn == 2500:
            Base.step = property(lambda self: "asked")
        if turn == 2501:
            seen = Derived().step
            Base.step = 3
        if turn == 2600:
            Base.__add__ = lambda self, other: "sum"
            seen = seen, Base() + 1
        if turn == 2499:
            Base.n, kept = 0, Base.n
        if turn == 2500:
            Base.n = Number(kept)
        if turn == 2502:
            Base.n = 1 << 70
    return Base.n, seen


class Number(int):
    def __add__(self, other):
        return Number(int(self) + 1)


print(stepped(4000))


def fresh(rounds):
    class Counter:
        total = 0

        def add(self, amount):
            Counter.total += amount
            return self.total

    counter = Counter()
    shown = [counter.add(turn) for turn in range(rounds)]
    setattr(Counter, "to" + "tal", -1)
    return shown[-1], counter.total, counter.add(1), sum(shown)


print(fresh(3000), fresh(2000), fresh(100))


class Meta(type):
    writes = 0

    def __setattr__(cls, name, value):
        Meta.writes += 1
        super().__setattr__(name, value)


class Watched(metaclass=Meta):
    n = 0


def watched(rounds):
    for _ in range(rounds):
        Watched.n += 1
    return Watched.n, Meta.writes


print(watched(3000))
