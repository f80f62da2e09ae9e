"""Kernels over arrays of machine numbers: filters, sums, histograms, copies between arrays of other kinds."""

from array import array


def smoothed(samples, weights):
    result = array("d", bytes(8 * len(samples)))
    for i in range(len(weights), len(samples)):
        total = 0.0
        for j in range(len(weights)):
            total += weights[j] * samples[i - j]
        result[i] = total
    return result


def histogram(samples, counts):
    for sample in samples:
        counts[int(sample * 8.0) & 63] += 1
    return counts


def mixed(bytes_of, words):
    for i, byte in enumerate(bytes_of):
        words[i] = words[i - 1] * 31 + byte & 0xFFFFFFFF
    return words[-1]


def main():
    n = 40000
    samples = array("d", [((i * 7919) % 1000) / 125.0 for i in range(n)])
    weights = array("f", [0.5, 0.25, 0.125, 0.0625])
    counts = array("i", [0]) * 64
    words = array("I", [0]) * n
    smooth = smoothed(samples, weights)
    histogram(smooth, counts)
    last = mixed(array("B", [i & 255 for i in range(n)]), words)
    return round(sum(smooth), 6), counts[3], max(counts), last


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
