"""What the standard library is used for, in small pieces, timed.

    stitch benches/library/kernels.py [--rounds=N] [WORD ...]

Prints a line a kernel: its name and the nanoseconds of processor time that it takes, the best of many rounds in one
process. Words choose the kernels whose names have one of them. `compare.py` puts two interpreters side by side.
"""

import sys
from itertools import repeat
from time import process_time_ns

import containers
import formats
import objects
import texts

# A round lasts at least so long; the first ones are warm-up, and their times compete all the same.
ROUND_NS = 8_000_000
N_ROUNDS = 16


def kernels():
    """Name and set-up of each kernel: a function that makes its data and returns what is to be timed."""
    for module in (formats, texts, containers, objects):
        for name, value in list(vars(module).items()):
            if callable(value) and getattr(value, "__module__", None) == module.__name__ and name[0] != "_":
                yield name, value


def once(call, count):
    started = process_time_ns()
    for _ in repeat(None, count):
        call()
    return process_time_ns() - started


def best(call, n_rounds):
    count, spent = 1, once(call, 1)
    while spent < ROUND_NS:
        count *= 2
        spent = once(call, count)
    least = spent / count
    for _ in range(n_rounds):
        least = min(least, once(call, count) / count)
    return least


def main(arguments):
    words = [word for word in arguments if not word.startswith("--")]
    n_rounds = N_ROUNDS
    for option in arguments:
        if option.startswith("--rounds="):
            n_rounds = int(option.partition("=")[2])
    for name, set_up in kernels():
        if words and not any(word in name for word in words):
            continue
        try:
            line = f"{best(set_up(), n_rounds):.1f}"
        except Exception as error:
            line = f"failed: {type(error).__name__}: {error}"
        print(name, line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
