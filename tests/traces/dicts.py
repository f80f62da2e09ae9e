# Dicts are asked and changed without leaving what is known, an empty dict of keywords is never made, and what a name stands for
# is found where the trace is recorded.


def passed(value, **others):
    if others:
        return -1
    return value


def passes(value, **others):
    return passed(value, **others)


def main(n):
    table, total = {"a": 1}, 0
    for i in range(n):
        table[i & 1] = table.get("a", 0) + i
        total += passes(i) + table[i & 1]
        if hasattr(table, "nothing") or not issubclass(bool, int):
            total += getattr(table, "nothing", 100)
    return total


assert main(60) == 3600
