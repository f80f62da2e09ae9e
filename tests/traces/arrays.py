# Items of arrays of machine numbers: read, written and iterated over without boxes.
from array import array


def scale(values, factor):
    for i in range(len(values)):
        values[i] = values[i] * factor


def total(values):
    result = 0
    for value in values:
        result += value
    return result


numbers = array("d", [1.0]) * 60
scale(numbers, 2.0)
assert numbers[59] == 2.0
assert total(array("h", [3]) * 60) == 180
