# Not under gc: it goes as deep as may be, and each collection looks at all frames.
# Calls of ever other functions, each of which has code of its own, from compiled loops.
import sys

N = 24


def made(number, body="return x + {n}"):
    names = {"sys": sys, "table": table}
    exec("def f(x):\n    " + body.format(n=number), names)
    return names["f"]


table = []


def add_up(callees, rounds):
    total = 0
    for turn in range(rounds):
        for callee in callees:
            total += callee(turn)
    return total


# One that has got another code, other defaults, or is called by what has more arguments.
callees = [made(number) for number in range(N)]
print(add_up(callees, 200))
callees[5].__code__ = made(0, "y = x * 2; return -y").__code__
print(add_up(callees, 50))
callees[7].__code__ = (lambda x, y=3: x * y).__code__
callees[7].__defaults__ = (4,)
print(add_up(callees, 50))
callees[9].__code__ = (lambda: 0).__code__
try:
    add_up(callees, 2)
except TypeError as error:
    print(error)


# Calls within calls, as deep as may be.
def deep(x):
    return table[x % N](x - 1) + 1 if x > 0 else 0


table[:] = [made(number, "return table[x % " + str(N) + "](x - 1) + 1 if x > 0 else {n}") for number in range(N)]
print(add_up(table, 150))
for callee in table[:4]:
    try:
        callee(10**6)
    except RecursionError as error:
        print(error, end="; ")
print(deep(20))

# Frames that are looked at from there, and callees that raise.
names = set()


def look(x):
    frame = sys._getframe(1)
    names.add((frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_locals["x"] == x))
    return x


lookers = [made(number) for number in range(N)]
for number, looker in enumerate(lookers):
    looker.__globals__["look"] = look
    exec(f"def f(x): return look(x) if x > 190 and {number} % 3 == 0 else {number}", looker.__globals__)
    lookers[number] = looker.__globals__["f"]
print(add_up(lookers, 200), names)


def catch(callees, rounds):
    caught = []
    for turn in range(rounds):
        for callee in callees:
            try:
                callee(turn)
            except ZeroDivisionError as error:
                caught.append(error.__traceback__.tb_next.tb_lineno)
    return len(caught), set(caught)


print(catch([made(number + 2, "y = x\n    return 1 // (y % {n})") for number in range(N)], 100))


# Somebody wants to be told of calls from some time on.
told = []


def tell(frame, event, argument):
    if frame.f_code.co_name == "f":
        told.append(event)


def switching(callees, rounds):
    total = 0
    for turn in range(rounds):
        if turn == rounds - 3:
            sys.setprofile(tell)
        for callee in callees:
            total += callee(turn)
    sys.setprofile(None)
    return total


callees = [made(number) for number in range(N)]
print(switching(callees, 200), len(told), sorted(set(told)))


# Methods, and functions with cells.
class Base:
    pass


def classes():
    for number in range(N):
        names = {}
        exec(f"class C:\n    def m(self, x): return self.k + x * {number}", names)
        yield names["C"]


def adder(number):
    def f(x):
        def g():
            return x + number
        return g()

    return f


def call_methods(objects, rounds):
    total = 0
    for turn in range(rounds):
        for thing in objects:
            total += thing.m(turn)
    return total


objects = []
for number, made_class in enumerate(classes()):
    objects.append(made_class())
    objects[-1].k = number
print(call_methods(objects, 200))
print(add_up([thing.m for thing in objects], 100), add_up([adder(number) for number in range(N)], 100))
