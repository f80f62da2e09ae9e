# Ever other functions of the same code: the code is guarded, closure and defaults are read from the function.


def scaling(factor):
    def scale(x, more=factor):
        return x * factor + more

    return scale


functions = [scaling(n % 7) for n in range(60)]


def total(functions):
    total = 0
    for scale in functions:
        total += scale(3)
    return total


assert total(functions) == 696
