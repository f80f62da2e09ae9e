"""Digits of pi: ints of many words."""


def main():
    q, r, t, k, n, m = 1, 0, 1, 1, 3, 3
    digits = 0
    checksum = 0
    while digits < 600:
        if 4 * q + r - t < n * t:
            checksum = (checksum * 10 + n) % 1000000007
            digits += 1
            q, r, n = 10 * q, 10 * (r - n * t), 10 * (3 * q + r) // t - 10 * n
        else:
            q, r, t, k, n, m = q * k, (2 * q + r) * m, t * m, k + 1, (q * (7 * k + 2) + r * m) // (t * m), m + 2
    return checksum


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
