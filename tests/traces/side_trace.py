# A branch taken every second time: its exit gets a side trace, and both become one loop.


def weigh(n):
    total = 0.0
    for i in range(n):
        if i & 1:
            total += 0.5
        else:
            total -= 0.25
    return total


assert weigh(120) == 15.0
