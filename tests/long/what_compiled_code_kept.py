"""What compiled code holds dies with what it was compiled for: code that nobody has any more, and globals that have changed."""

import gc
import time
import weakref


class Marker:
    def __init__(self, number):
        self.number = number


SOURCE = """
marker = Marker(1)

def add_up(n):
    total = 0
    for i in range(n):
        total += i & marker.number
    return total
"""


def made_and_dropped():
    names = {"Marker": Marker}
    exec(SOURCE, names)
    assert names["add_up"](5000) == 2500
    return weakref.ref(names["marker"])


marker = Marker(1)


def add_up(n):
    total = 0
    for i in range(n):
        total += i & marker.number
    return total


def replaced():
    global marker
    before = weakref.ref(marker)
    assert add_up(5000) == 2500
    marker = Marker(1)
    return before


def how_many_live(references, most):
    # What is being compiled is kept meanwhile, and code that runs may have to be left first.
    for _ in range(100):
        gc.collect()
        n_alive = sum(reference() is not None for reference in references)
        if n_alive <= most:
            break
        time.sleep(0.02)
    return n_alive


# Few may be held by what the machine has forgotten to forget.
print(how_many_live([made_and_dropped() for _ in range(40)], 4) <= 4)
print(how_many_live([replaced() for _ in range(4)], 2) <= 2)
assert add_up(5000) == 2500
