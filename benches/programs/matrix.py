"""Matrix product over lists of lists."""


def product(a, b):
    n = len(a)
    columns = [[b[k][j] for k in range(n)] for j in range(n)]
    out = []
    for row in a:
        line = []
        for column in columns:
            total = 0.0
            for k in range(n):
                total += row[k] * column[k]
            line.append(total)
        out.append(line)
    return out


def main():
    n = 70
    a = [[(i * j) % 7 + 0.5 for j in range(n)] for i in range(n)]
    b = [[(i + j) % 5 - 1.0 for j in range(n)] for i in range(n)]
    return sum(map(sum, product(product(a, b), b)))


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
