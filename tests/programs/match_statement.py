class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y

def kind(v):
    match v:
        case None: return "none"
        case True | False: return "bool"
        case 0: return "zero"
        case int(n) if n < 0: return f"neg {n}"
        case int() | float() as n: return f"num {n}"
        case "a" | "b": return "ab"
        case str(): return "str " + v
        case []: return "empty"
        case [x]: return f"one {x}"
        case [1, *rest]: return f"1.. {rest}"
        case [x, (y, z)]: return f"nest {x} {y} {z}"
        case [*_, last]: return f"last {last}"
        case {"k": v, **rest}: return f"k={v} {rest}"
        case {}: return "dict"
        case P(0, y): return f"P0 {y}"
        case P(x=a, y=P(b, c)): return f"PP {a} {b} {c}"
        case P(): return "P"
        case _: return "other"

vals = [None, True, 0, -3, 7, 2.5, "a", "zz", [], [5], [1, 2, 3], (4, [5, 6]), [7, 8, 9], {"k": 1, "j": 2}, {}, P(0, 1), P(1, P(2, 3)), P(1, 1), {1}, b"x", range(2)]
for v in vals:
    print(kind(v))

def hot(n):
    out = {}
    for i in range(n):
        k = kind(vals[i % len(vals)] if i > 2000 else i % 5)
        out[k] = out.get(k, 0) + 1
    return out

print(hot(4000))

def run(program, n):
    acc = 0
    pc = 0
    steps = 0
    while steps < n:
        steps += 1
        match program[pc]:
            case ("add", k): acc += k
            case ("mul", k): acc = acc * k % 1000003
            case ("jnz", t) if acc: pc = t - 1
            case ("jnz", _): return "zero", steps
            case ("nop",): pass
            case op: return "bad", op
        pc += 1
        if pc == len(program):
            pc = 0
    return acc, pc

print(run([("add", 3), ("mul", 7), ("nop",), ("jnz", 0)], 5000), run([("add", 0), ("jnz", 0)], 10), run([("what", 1, 2)], 3))

import sys
class Color:
    RED = 1
    BLUE = 2
def color(c):
    match c:
        case Color.RED: return "red"
        case Color.BLUE: return "blue"
        case sys.maxsize: return "max"
print(color(1), color(2), color(sys.maxsize), color(3))
match [1, 2, 3]:
    case [a, b]:
        pass
    case [a, *b]:
        print(a, b)
try:
    match P(1, 2):
        case P(1, 2, 3):
            pass
except TypeError as e:
    print(e)
