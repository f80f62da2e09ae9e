"""The Mandelbrot set: a float loop with a data-dependent exit."""


def main():
    size, limit, total = 140, 60, 0
    for row in range(size):
        for column in range(size):
            cx, cy = 3.0 * column / size - 2.1, 2.4 * row / size - 1.2
            x = y = 0.0
            for i in range(limit):
                xx, yy = x * x, y * y
                if xx + yy > 4.0:
                    break
                y = 2.0 * x * y + cy
                x = xx - yy + cx
            total += i
    return total


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
