# Not under gc: a collection at each of its million allocations takes minutes.
# Each instruction jumps to the next: none may leave anything on the native stack.
class Point:
    def __init__(self, x):
        self.x = x

    def moved(self):
        return self.x


def numbers(n):
    total = 0
    for i in range(n):
        total += i
    return total


def objects(n):
    point = Point(3)
    total = 0
    i = 0
    while i < n:
        point.x = i
        total += point.moved()
        i += 1
    return total


def containers(n):
    items = [1, 2, 3, 4]
    table = {"a": 1, "b": 2}
    text = "abc"
    total = 0
    for i in range(n):
        items[1] = i
        a, b = items[1], table["b"]
        total += a + b + len(items[1:3])
        if 9 in items[:2] or text[0] in table:
            total += 1
    return total


def squares(n):
    for i in range(n):
        yield i * i


print(numbers(1_000_000))
print(objects(300_000))
print(containers(300_000))
print(sum(squares(300_000)))
