# Elements read and written by index: one bounds check serves both.


def double(values):
    for i in range(len(values)):
        values[i] = values[i] * 2.0


numbers = [1.0] * 60
double(numbers)
assert numbers == [2.0] * 60
