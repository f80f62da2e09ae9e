# Short loops are followed round by round: their ranges, iterators and functions are not made.
def main():
    total = 0
    for i in range(4000):
        for j in range(2):
            total += i + j
        for j in reversed(range(2)):
            total += (lambda n: n * j)(i)
    return total


print(main())
