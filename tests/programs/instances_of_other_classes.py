# Classes whose __new__ gives an instance of another class: who initializes it is the instance's own class.
class Base:
    def __new__(cls, *args):
        if cls is Base:
            return object.__new__(Derived if args else Other)
        return object.__new__(cls)

    def __init__(self, *args):
        print("Base", args)


class Derived(Base):
    def __init__(self, *args):
        print("Derived", args)


class Other(Base):
    pass


class Native(Base):
    __init__ = print


for arguments in (), (1,), (1, 2):
    print(type(Base(*arguments)).__name__)
print(type(Derived()).__name__, type(Other(3)).__name__)


class Foreign:
    def __new__(cls):
        return 5

    def __init__(self):
        print("never")


print(Foreign())


class Switch(int):
    def __new__(cls, value):
        return int.__new__(Odd if value % 2 else cls, value)

    def __init__(self, value):
        self.kind = "even"


class Odd(Switch):
    def __init__(self, value):
        self.kind = "odd"


print([Switch(i).kind for i in range(6)])
counts = {"even": 0, "odd": 0}
for i in range(3000):
    counts[Switch(i).kind] += 1
print(counts)
