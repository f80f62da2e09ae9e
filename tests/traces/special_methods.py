# An operator and a property that Python functions see to are inlined: no instance, method or range is made.
class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    @property
    def width(self):
        return self.x


def main():
    step = Vector(1, 2)
    total = 0
    for i in range(4000):
        total += (Vector(i, i) + step).width
    return total


print(main())
