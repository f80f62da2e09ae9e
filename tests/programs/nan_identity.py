# Each float('nan') is an object of its own: what looks for it by identity first finds it, and no other.
import math
import struct

nan, other = float("nan"), float("nan")
values, table, pair, group = [nan, 1], {nan: 1}, (nan,), {nan}
print(nan in values, other in values, nan in table, other in table, nan in pair, other in pair, nan in group, other in group)
print(nan == nan, nan is nan, nan is other, [nan] == [nan], [nan] == [other], pair == (nan,), pair == (other,))
print(values.count(nan), values.count(other), values.index(nan), {nan: 1} == {nan: 1}, {nan: 1} == {other: 1})
print(len({nan, nan, other}), len({float("nan") for _ in range(5)}), table[nan], table.get(other))
print(math.nan is math.nan, math.nan in [math.nan], math.nan in [nan], float(nan) is nan, math.isnan(-nan))
print(nan, -nan, float("-nan"), f"{nan:.3f}", "%f" % nan, repr(nan), nan + 1, math.copysign(1, float("-nan")), math.copysign(1, nan))
print(struct.pack("<d", nan), struct.pack("<d", float("-nan")), struct.pack("<f", nan))
print((nan, 1) in {(nan, 1)}, (other, 1) in {(nan, 1)}, hash(nan) == hash(nan))


def hot(n):
    counts = [0] * 7
    kept = nan
    for i in range(n):
        one = float("nan") if i % 2 else nan
        counts[0] += one in values
        counts[1] += one in table
        counts[2] += [one] == [nan]
        counts[3] += values.count(one)
        counts[4] += one in group
        counts[5] += kept is nan
        counts[6] += one is nan
        kept = one if i % 2 == 0 else kept
    return counts


print(hot(3000))


def carried(n, x):
    # The float lives in a register in the loop; it is the same object afterwards.
    total, y = 0.0, x
    for i in range(n):
        total += i * 0.5
        if i == n - 2:
            y = x
    return total, y


total, back = carried(3000, nan)
print(total, back is nan, back in table)


class Grows:
    def __init__(self, items):
        self.items = items

    def __eq__(self, other):
        if len(self.items) < 9:
            self.items.append(3)
        return False


items = [1, 2]
try:
    items.index(Grows(items))
except ValueError:
    print(len(items))
items = [1, 2]
print(items.count(Grows(items)), len(items))
items = [1, 2]
print(Grows(items) in items, len(items))
items = [3, 1, 2]
items.sort(key=lambda x: (items.clear(), -x)[1])
print(items)
