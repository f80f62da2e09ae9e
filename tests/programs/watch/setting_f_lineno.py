# A trace function has a frame go on at another line.
import sys
import warnings

warnings.simplefilter("ignore", RuntimeWarning)


class Jumper:
    def __init__(self, function, jump_from, jump_to, event="line"):
        self.code = function.__code__
        self.first = function.__code__.co_firstlineno
        self.jump_from, self.jump_to, self.event = jump_from, jump_to, event
        self.done = False

    def trace(self, frame, event, arg):
        if self.done or frame.f_code is not self.code:
            return self.trace
        if event == self.event and frame.f_lineno == self.first + self.jump_from:
            target = self.jump_to
            try:
                target = self.first + target
            except TypeError:
                pass
            self.done = True
            frame.f_lineno = target
        return self.trace


def show(function, jump_from, jump_to, event="line"):
    output = []
    sys.settrace(Jumper(function, jump_from, jump_to, event).trace)
    try:
        function(output)
    except Exception as error:
        output.append(f"{type(error).__name__}: {error}".replace(str(function.__code__.co_firstlineno + 99), "N"))
    finally:
        sys.settrace(None)
    print(function.__name__, jump_from, jump_to, output)


def straight(output):
    output.append(1)
    output.append(2)
    output.append(3)
    output.append(4)


def loops(output):
    output.append(1)
    for i in [1, 2]:
        output.append(3)
        output.append(4)
    output.append(5)
    while i:
        i -= 1
        output.append(8)
    output.append(9)


def tries(output):
    try:
        output.append(2)
        1 / 0
    except ZeroDivisionError as error:
        output.append(5)
        output.append(6)
    finally:
        output.append(8)
    output.append(9)


def withs(output):
    with open("/dev/null") as file:
        output.append(2)
        output.append(3)
    output.append(4)


def unbound(output):
    x = 1
    y = 2
    output.append(y)
    output.append(x)


show(straight, 2, 4)
show(straight, 4, 2)
show(straight, 3, 3)
show(straight, 2, -50)
show(straight, 2, 99)
show(straight, 2, None)
show(straight, 0, 2, "call")
show(straight, 4, 2, "return")
show(loops, 3, 5)
show(loops, 4, 3)
show(loops, 1, 3)
show(loops, 5, 4)
show(loops, 3, 9)
show(loops, 1, 7)
show(loops, 8, 1)
show(loops, 5, 9)
show(tries, 2, 9)
show(tries, 2, 5)
show(tries, 5, 6)
show(tries, 5, 9)
show(tries, 5, 2)
show(tries, 8, 2)
show(tries, 3, 2, "exception")
show(withs, 2, 4)
show(withs, 2, 3)
show(withs, 4, 2)
show(unbound, 1, 3)


def gen(output):
    output.append(1)
    yield 2
    output.append(3)
    yield 4
    output.append(5)


def run_generator(jump_from, jump_to, event="line"):
    output = []
    sys.settrace(Jumper(gen, jump_from, jump_to, event).trace)
    try:
        output.append(list(gen(output)))
    except Exception as error:
        output.append(f"{type(error).__name__}: {error}")
    finally:
        sys.settrace(None)
    print("gen", jump_from, jump_to, output)


run_generator(3, 5)
run_generator(5, 3)
run_generator(2, 1, "return")

frame = sys._getframe()
for value in (1, "x", None):
    try:
        frame.f_lineno = value
    except ValueError as error:
        print(error)
try:
    del frame.f_lineno
except AttributeError as error:
    print(error)
for name, value in (("f_trace_lines", 1), ("f_trace_opcodes", None)):
    try:
        setattr(frame, name, value)
    except TypeError as error:
        print(error)
