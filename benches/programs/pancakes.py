"""Prefix reversals over all permutations: list slices and small ints."""


def main():
    n = 8
    perm, count = list(range(n)), [0] * n
    most = checksum = 0
    sign, r = 1, n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        work, flips = perm[:], 0
        while work[0]:
            k = work[0] + 1
            i, j = 0, k - 1
            while i < j:
                work[i], work[j] = work[j], work[i]
                i += 1
                j -= 1
            flips += 1
        most = max(most, flips)
        checksum += sign * flips
        sign = -sign
        while True:
            if r == n:
                return most, checksum
            first = perm[0]
            for i in range(r):
                perm[i] = perm[i + 1]
            perm[r] = first
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
