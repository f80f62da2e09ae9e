# What can raise does so whether its result is used or not.

import math
import operator


def counting(body):
    source = f"""def run(n):
    n_raised = 0
    for i in range(n):
        k = i % 7
        f = float(k)
        try:
            {body}
        except ArithmeticError:
            n_raised += 1
        except ValueError:
            n_raised += 1000
        except (TypeError, IndexError, KeyError):
            n_raised += 1000000
    return n_raised
"""
    names = {"math": math, "operator": operator, "quotient": quotient, "Half": Half, "pair": [1, 2]}
    exec(source, names)
    return names["run"]


def quotient(a, b):
    return a // b


class Half:
    def __init__(self, k):
        self.inverse = 1 / k


BODIES = [
    "k // k",
    "5 % k",
    "-5 // k",
    "5 / k",
    "k / k",
    "5.5 / f",
    "f / f",
    "5.5 // f",
    "5.5 % f",
    "0.0 ** (f - 1.0)",
    "f ** -1.0",
    "1 << (k - 1)",
    "k >> (k - 1)",
    "math.sqrt(f - 1.0)",
    "math.log(f)",
    "math.log(k)",
    "math.exp(f * 200.0)",
    "math.fmod(f, f)",
    "operator.floordiv(1, k)",
    "operator.truediv(f, f)",
    "divmod(1, k)",
    "pow(0, k - 1)",
    "quotient(1, k)",
    "Half(k)",
    "t = 1 // k; t = None",
    "t = (1 // k, k); t = 0",
    "t = [1 % k, k]",
    "{k: 1 / k}",
    "0 * (1 // k)",
    "(1 // k) - (1 // k)",
    "(1 % k) & 0",
    "(k // k) % 1",
    "not 1 // k",
    "1 // k is None",
    "1 // k == 1 // k",
    "1 / k < 0.5",
    "t = k and 1 % k or 1 // k",
    "1 // k if k > 3 else 2 % k",
    "len((1 // k, 2))",
    "(lambda: 1 // k)()",
    "pair[k]",
    "pair[1 // k]",
    "int(1 / k)",
    "f'{1 // k}'",
    "k + 'a' if k == 3 else 1 // k",
    "[1 // k for _ in (1, 2)]",
    "str(k // k)",
]
for body in BODIES:
    print(body, counting(body)(2100))


def uncaught(n):
    for i in range(n):
        k = n - 2 - i
        quotient(7, k)
    return "not raised"


def in_generator(n):
    for i in range(n):
        1 // (n - 2 - i)
        yield i


for function in uncaught, lambda n: sum(in_generator(n)):
    try:
        print(function(3000))
    except ZeroDivisionError:
        print("raised")


# An overflow is nothing that the program sees.
def overflows(n):
    x, last = 1, 0
    for i in range(n):
        x * x
        x + x
        x = x * 3 % 9223372036854775783
        last = x - 1
    return last


print(overflows(3000))
