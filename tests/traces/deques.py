# Both ends of a deque: the ring's fields stay in registers.
from _collections import deque


def turn(line, n):
    for i in range(n):
        line.append(line.popleft())


numbers = deque(range(10))
turn(numbers, 60)
assert list(numbers) == list(range(10))
