# A generator that delegates to many of its own code is resumed as a whole; a trace would go through the first few of them.


def numbers(depth, n):
    if depth:
        yield from numbers(depth - 1, n)
    else:
        for i in range(n):
            yield i


def total(n):
    result = 0
    for number in numbers(5, n):
        result += number
    return result


assert total(60) == 1770
