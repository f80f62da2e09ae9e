# Keywords, defaults, stars and a property's setter are bound where the trace is recorded: nothing is made of them.


def scaled(a, *rest, scale=2, **others):
    return (a + len(rest)) * scale


class Box:
    def __init__(self, width, height=3, *, depth=4):
        self.width, self.height, self.depth = width, height, depth

    @property
    def size(self):
        return self.width

    @size.setter
    def size(self, size):
        self.width = size


def main(n):
    total = 0
    pair = (1, 2)
    for i in range(n):
        box = Box(i, depth=1)
        box.size = i + 1
        total += scaled(i, 1, 2, scale=3) + scaled(*pair) + box.size + box.height
    return total


assert main(60) == 7920
