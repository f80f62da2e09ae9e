# What got old before it died comes back: the machine's memory is not used up by what is dead.


def peak_megabytes():
    with open("/proc/self/status") as status:
        for line in status.read().split("\n"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024


def large_lists():
    for i in range(2000):
        kept = [i] * 100000
    return len(kept)


def large_ints():
    n = 1 << 2000000
    for i in range(2000):
        n ^= i
    return n & 0xFFF


def long_strings():
    for i in range(1000, 2500):
        text = str(i) * 100000
    return len(text)


def a_generator_with_many_locals():
    n = 1200
    lines = ["def g():"]
    lines += [f"    v{i} = [{i}]" for i in range(n)]
    lines += ["    yield 1", "    yield " + " + ".join(f"v{i}[0]" for i in range(n))]
    names = {}
    exec("\n".join(lines), names)
    it = names["g"]()
    first = next(it)
    for i in range(100):
        garbage = [j for j in range(10000)]
    return first, next(it)


print(large_lists(), large_ints(), long_strings())
print(a_generator_with_many_locals())
print(peak_megabytes() < 400)
