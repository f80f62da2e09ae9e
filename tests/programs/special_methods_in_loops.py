# Operators, comparisons, attributes and items that Python functions see to, in hot loops.


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, factor):
        if isinstance(factor, Vector):
            return self.x * factor.x + self.y * factor.y
        return Vector(self.x * factor, self.y * factor)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __invert__(self):
        return Vector(self.y, self.x)

    def __eq__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return self.length < other.length

    @property
    def length(self):
        return (self.x * self.x + self.y * self.y) ** 0.5

    @property
    def mirrored(self):
        return Mirror(self)

    def __repr__(self):
        return f"Vector({self.x!r}, {self.y!r})"


class Mirror:
    def __init__(self, of):
        self.of = of

    def __call__(self, k):
        return self.of.x + k

    def back(self):
        return self.of


def vectors(n):
    total = Vector(0.0, 0)
    step = Vector(0.5, 2)
    smaller = same = other = 0
    for i in range(n):
        total = total + step * 2 - step
        total += 3 * step
        total = -(-total)
        total = ~~total
        if step < total:
            smaller += 1
        if step == total:
            same += 1
        if step != total:
            other += 1
        if total.length > 100 and total.mirrored.back().x > 5:
            total = total * 0.01
        same += total.mirrored(1) > 3
    return round(total.x, 6), round(total.y, 6), smaller, same, other


print(vectors(4000))


def raises(operation, n):
    caught = {}
    for i in range(n):
        try:
            operation(i)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            caught[text] = caught.get(text, 0) + 1
    return caught


print(raises(lambda i: Vector(1, 2) + (i if i % 3 else Vector(i, i)), 3000))
print(raises(lambda i: Vector(1, 2) < (Vector(i, 0) if i % 2 else i), 3000))
print(raises(lambda i: i + Vector(1, 2), 2000))
print(raises(lambda i: Vector(1, 2) - None, 2000))


# Reflected methods, derived classes first, in-place methods that decline.
class Base:
    def __add__(self, other):
        return "Base.add" if isinstance(other, Base) else NotImplemented

    def __radd__(self, other):
        return "Base.radd"

    def __eq__(self, other):
        return "Base.eq"

    def __le__(self, other):
        return NotImplemented

    def __iadd__(self, other):
        if other == 1:
            return NotImplemented
        return self


class Derived(Base):
    def __radd__(self, other):
        return "Derived.radd"

    def __eq__(self, other):
        return "Derived.eq"

    def __ge__(self, other):
        return "Derived.ge"


class Other:
    def __radd__(self, other):
        return "Other.radd"

    def __ge__(self, other):
        return []


def protocols(n):
    base, derived, other = Base(), Derived(), Other()
    seen = {}
    pairs = [(base, base), (base, derived), (derived, base), (base, other), (derived, other), (2, base), (2.5, derived)]
    for i in range(n):
        left, right = pairs[i % len(pairs)]
        for answer in (left + right, left == right, left != right):
            seen[answer] = seen.get(answer, 0) + 1
        try:
            answer = left <= right
        except TypeError as error:
            answer = str(error)
        answer = "a list" if answer == [] else answer
        seen[answer] = seen.get(answer, 0) + 1
        x = base
        try:
            x += i % 3
        except TypeError as error:
            x = str(error)
        answer = x if isinstance(x, str) else "itself" if x is base else type(x)
        seen[answer] = seen.get(answer, 0) + 1
    return sorted((str(key), value) for key, value in seen.items())


for row in protocols(3500):
    print(row)


# Containers.
class Grid:
    def __init__(self, width):
        self.width = width
        self.cells = [0] * (width * width)

    def __getitem__(self, place):
        return self.cells[place[0] * self.width + place[1]]

    def __setitem__(self, place, value):
        self.cells[place[0] * self.width + place[1]] = value

    def __contains__(self, value):
        if value < 0:
            return 0
        return value in self.cells

    def __len__(self):
        return len(self.cells)


def grids(n):
    grid = Grid(5)
    found = missing = 0
    for i in range(n):
        grid[i % 5, i % 3] = i
        grid[2, 2] += 1
        if i in grid:
            found += 1
        if -i not in grid:
            missing += 1
        if grid:
            found += 1
    return found, missing, sum(grid.cells)


print(grids(3000))
print(raises(lambda i: Grid(2).__setitem__((i % 3, 0), 1) or Grid(2)[i % 4, 1], 3000))


# A getter that raises, is shadowed, replaced, deleted; one with `__getattr__`; methods through properties.
class Account:
    def __init__(self):
        self._balance = 10

    @property
    def balance(self):
        if self._balance < 0:
            raise AttributeError("nothing left")
        return self._balance

    @balance.setter
    def balance(self, value):
        self._balance = value

    @property
    def names(self):
        return ["a", "b"]


class Lenient(Account):
    def __getattr__(self, name):
        return -1


def accounts(n):
    trail = []
    account = Account()
    total = 0
    for i in range(n):
        if i == n // 2:
            Account.balance = property(lambda self: 1000)
        if i == n // 2 + 500:
            Account.balance = 7
        total += account.balance
        if i % 1000 == 0:
            trail.append((total, account.names.index("b")))
        total += account.names.count("a")
    return total, trail


def lenient(n):
    total = 0
    one = Lenient()
    for i in range(n):
        one.balance = i % 5 - 1
        total += one.balance
    return total


print(lenient(3000))
print(accounts(4000))


# What comes back changes its kind: NotImplemented after a while, odd truths.
class Odd:
    def __init__(self):
        self.n = 0

    def __add__(self, other):
        self.n += 1
        return NotImplemented if self.n > 1500 else self.n

    def __eq__(self, other):
        self.n += 1
        return [True, 1, "", None, NotImplemented][self.n // 700 % 5]

    def __contains__(self, item):
        return [True, 5, "", None][item // 600 % 4]

    def __bool__(self):
        return self.n % 2 == 0


def odds(n):
    odd = Odd()
    total = 0
    try:
        for i in range(n):
            total += odd + 1
    except TypeError as error:
        print(i, error)
    truths = [0, 0, 0]
    for i in range(n):
        if odd == i:
            truths[0] += 1
        if i in odd:
            truths[1] += 1
        if odd:
            truths[2] += 1
    return total, truths


print(odds(4000))


# Recursion through operators, loops and generators in methods, tracebacks.
class Tree:
    def __init__(self, depth):
        self.left = Tree(depth - 1) if depth else None
        self.right = Tree(depth - 1) if depth else None

    def __add__(self, n):
        if self.left is None:
            return n
        return (self.left + n) + (self.right + n)

    def __contains__(self, n):
        for i in range(n):
            if i * i > n:
                return False
        return True

    def __eq__(self, other):
        yield other


def trees(n):
    tree = Tree(6)
    total = 0
    for i in range(n):
        total += tree + i
        if i % 7 in tree:
            total += 1
        if tree == i:
            total += 1
    return total


print(trees(300))


class Endless:
    def __add__(self, other):
        return self + other


try:
    Endless() + 1
except RecursionError as error:
    print("RecursionError")


class Failing:
    def __mul__(self, other):
        if other == 1999:
            raise ValueError(other)
        return other

    @property
    def fails(self):
        return 1 // 0


def failing(n):
    failing = Failing()
    for i in range(n):
        failing * i


def lines(error):
    trail, tb = [], error.__traceback__
    while tb:
        trail.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    return trail


try:
    failing(3000)
except ValueError as error:
    print(error, lines(error))
try:
    Failing().fails
except ZeroDivisionError as error:
    print(lines(error))


# An `__init__` that is a generator function gives something that is no None.
class Yielding:
    def __init__(self):
        yield 1


try:
    Yielding()
except TypeError as error:
    print(error)


# Instances that are called, directly and as attributes, with too few arguments, with a changed `__call__`.
class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return self.n + x

    def __bool__(self):
        return self.n % 3 > 0


class Holder:
    shared = Adder(100)

    def __init__(self):
        self.own = Adder(10)


def calls(n):
    add, holder = Adder(1), Holder()
    total = errors = truths = 0
    for i in range(n):
        total += add(i) + holder.own(i) + holder.shared(i) + Holder.shared(1)
        add.n = i % 5
        if add:
            truths += 1
        if not add or holder.own:
            truths += 1
        if i == n - 500:
            Adder.__call__ = lambda self, x, y=2: x * y
        try:
            if i % 100 == 0:
                add()
        except TypeError as error:
            errors += 1
            message = str(error)
    return total, errors, message, truths


print(calls(4000))


class BadTruth:
    def __bool__(self):
        return 1


def truth(x):
    if x:
        return 1


for i in range(2000):
    try:
        truth(BadTruth())
    except TypeError as error:
        message = str(error)
print(message)


# `len` and `iter` of instances: containers, trees with `yield from`, odd answers.
class Bag:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        for item in self.items:
            yield item


class Listed(Bag):
    def __iter__(self):
        return iter(self.items)


class Node:
    def __init__(self, left, value, right):
        self.left, self.value, self.right = left, value, right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


class Counting:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.n


class BadLength:
    def __init__(self, answer):
        self.answer = answer

    def __len__(self):
        return self.answer

    __iter__ = __len__


def make(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Node(make(low, middle), middle, make(middle + 1, high))


def iterate(n):
    bag, listed, tree = Bag([1, 2, 3]), Listed((4, 5)), make(0, 20)
    total = lengths = 0
    for i in range(n):
        lengths += len(bag) + len(listed) * 2
        for item in bag:
            total += item
        for item in listed:
            total += item * i
        if i % 10 == 0:
            for item in tree:
                total += item
            for item in Counting(i % 7):
                total += item
        if i == n // 2:
            bag.items = (7,)
            Listed.__len__ = lambda self: 100
    return total, lengths


print(iterate(3000))
print(raises(lambda i: len(BadLength(i % 4 - 1 if i % 3 else "x")), 3000))
print(raises(lambda i: [x for x in BadLength([3] if i % 3 else iter(()))], 3000))
print(raises(lambda i: len(BadLength(2**70 if i % 2 else True)), 2000))
