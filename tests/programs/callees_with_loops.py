# Functions with loops that go round seldom, called from loops; later they go round often, raise, or are looked at.
import sys


class Packet:
    def __init__(self, link, number):
        self.link = link
        self.number = number


def append(packet, queue):
    packet.link = None
    if queue is None:
        return packet
    last = queue
    while last.link is not None:
        last = last.link
    last.link = packet
    return queue


def find(items, wanted):
    for place, item in enumerate(items):
        if item == wanted:
            return place
    return -1


def check(items, limit):
    for item in items:
        if item > limit:
            raise ValueError(item)
        if item < 0:
            seen.add(sys._getframe(1).f_code.co_name + str(sorted(sys._getframe(0).f_locals)))
    else:
        return len(items)


def powers(number):
    total = 0
    for base in range(3):
        while number > base * 40:
            number -= 17
            total += 1
    return total, number


class Counter:
    def __init__(self, items):
        self.n_odd = 0
        for item in items:
            if item & 1:
                self.n_odd += 1

    def __eq__(self, other):
        for attribute in ("n_odd",):
            if getattr(self, attribute) != getattr(other, attribute):
                return False
        return True


seen = set()


def queues(lengths):
    total = 0
    for turn, length in enumerate(lengths):
        queue = None
        for number in range(length):
            queue = append(Packet(None, number), queue)
        while queue is not None:
            total = (total * 3 + queue.number + turn) % 1_000_003
            queue = queue.link
    return total


def finds(rounds, items, wanted):
    return sum(find(items, wanted + (turn % 7 == 0)) for turn in range(rounds))


def checks(rounds, items, limit):
    good = bad = 0
    for turn in range(rounds):
        try:
            good += check(items, limit - (turn % 50 == 49) * 100)
        except ValueError as error:
            bad += error.args[0] + error.__traceback__.tb_next.tb_lineno
    return good, bad


def counters(rounds, items):
    same = 0
    for turn in range(rounds):
        same += Counter(items[turn % 3 :]) == Counter(items)
    return same


print(queues([1] * 120), queues([2, 1, 3] * 30), queues([30] * 6), queues([1, 2, 40] * 4))
print(finds(120, [], 1), finds(120, [1], 1), finds(120, list(range(60)), 50), finds(120, [3, 1, 2], 2))
print(checks(120, [5], 50), checks(120, [5, -1, 7], 50), checks(40, list(range(-3, 40)), 50), sorted(seen))
print(counters(100, [2]), counters(60, [1, 2, 3, 4]), counters(20, list(range(50))))
print([sum(powers(turn % n)[1] for turn in range(80)) for n in (1, 20, 90, 900)])


def deep(number):
    """Calls itself from a loop."""
    total = 1
    for child in range(number // 3, number // 3 + (number > 0)):
        total += deep(child)
    return total


print(sum(deep(turn) for turn in range(120)))
