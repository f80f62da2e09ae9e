# A generator is resumed and yields inside of its consumer's loop.


def squares(n):
    for i in range(n):
        yield i * i


def total(n):
    result = 0
    for square in squares(n):
        result += square
    return result


assert total(60) == 70210
