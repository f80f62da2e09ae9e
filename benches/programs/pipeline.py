"""Generators that feed generators."""


def numbers(n):
    x = 1
    for _ in range(n):
        x = (x * 69069 + 1) & 0xFFFFFFFF
        yield x >> 8


def keep(source, modulus):
    for x in source:
        if x % modulus:
            yield x


def pairs(source):
    previous = 0
    for x in source:
        yield previous, x
        previous = x


def main():
    total = 0
    for a, b in pairs(keep(numbers(120000), 3)):
        total += (a ^ b) & 1023
    return total


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
