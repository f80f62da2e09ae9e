# Methods called on objects whose attributes are in a real dict: tier 1 and traces leave other things below the arguments.
class B:
    def m(self, x, *rest):
        return x

    def k(self, x, *, y=2):
        return x * y

    def plain(self, x):
        return self.base + x


def make(base):
    b = B()
    b.base = base
    return b


def varargs(n, o):
    total = 0
    for i in range(n):
        def inner():
            return o.m(i)
        total += inner()
        o.__dict__
    return total


def keywords(n, o):
    total = 0
    for i in range(n):
        def inner():
            return o.k(i, y=3) + o.k(x=i)
        total += inner()
        o.__dict__
    return total


def plain(n, o):
    total = 0
    for i in range(n):
        total += o.plain(i)
        vars(o)
    return total


def either(n, objects):
    # A method here, an attribute of the instance there.
    total = 0
    for i in range(n):
        o = objects[i % 3]
        total += o.m(abs(i)) + o.m(o.m(1))
    return total


print(varargs(3000, make(1)), keywords(3000, make(1)), plain(3000, make(5)))
objects = [make(0), make(1), make(2)]
objects[1].m = lambda x, *rest: -x
objects[2].__dict__
print(either(3000, objects))
objects[0].m = abs
print(either(3000, objects))
