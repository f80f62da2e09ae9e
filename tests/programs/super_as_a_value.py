N = 3000


# super() as a value.
class Base:
    def m(self, i):
        return i % 7

    @classmethod
    def c(cls):
        return cls.__name__


class Derived(Base):
    def m(self, i):
        s = super()
        return s.m(i) if hasattr(super(), "m") and not hasattr(super(), "nothing") else -1

    @classmethod
    def c(cls):
        s = super()
        return s.c()

    def through_map(self, i):
        return list(map(lambda self: super().m(i), [self]))[0]

    def bare(self, i):
        s = list(map(super, []))
        return len(s), super().m.__self__ is self


class Leaf(Derived):
    def m(self, i):
        s = super()
        return s.m(i) * 10


def hot_super(n):
    total, names = 0, set()
    for i in range(n):
        total += Leaf().m(i) + Derived().m(i) + Derived().through_map(i)
        names.add(Leaf.c())
        names.add(Leaf().bare(i))
    return total, len(names)


print(hot_super(N))
