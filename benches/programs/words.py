"""Counts words: strings and dicts."""


def main():
    seed, words = 42, []
    for _ in range(20000):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        words.append("w" + str(seed % 997))
    counts = {}
    for word in " ".join(words).split():
        counts[word] = counts.get(word, 0) + 1
    lengths = {}
    for word, count in counts.items():
        key = (len(word), count % 3)
        lengths.setdefault(key, []).append(word.upper())
    return len(counts), max(counts.values()), sum(len("".join(group)) for group in lengths.values())


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
