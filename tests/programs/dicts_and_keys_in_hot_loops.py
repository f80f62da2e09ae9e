"""Compiled code looks keys up, sets items and adds elements without leaving what it knows: unless Python code has to run."""

import collections
import io

N = 1200


class Plain:
    pass


class Same:
    """Equals whatever has its hash, and tells of it."""

    asked = 0

    def __init__(self, like):
        self.like = hash(like)

    def __hash__(self):
        return self.like

    def __eq__(self, other):
        Same.asked += 1
        return True


def looked_up(table, keys, default):
    found = []
    for turn in range(N):
        key = keys[turn % len(keys)]
        found.append(table.get(key, default))
        if table.get(key) is None:
            default += 1
    return found[:: N // 12], default


instance = Plain()
keys = ["a", 3, 2.5, None, True, Plain, instance, b"bytes", (1, "x"), (Plain, b"y"), 1 << 70, "absent", len]
table = {key: place for place, key in enumerate(keys) if key != "absent"}
print(looked_up(table, keys, 100))
print(looked_up(table, [Plain], 0), looked_up(table, ["absent"], 0), looked_up({}, [Plain, None], 5))


def with_python_keys():
    table = {Same(Plain): "same", Same("text"): "text"}
    answers = collections.Counter()
    for turn in range(N):
        for key in (Plain, "text", instance):
            answers[table.get(key, "none")] += 1
        table[Plain] = "set"
    return answers, len(table), Same.asked >= 3 * N


print(with_python_keys())


class Missing(dict):
    def __missing__(self, key):
        return -key


class Stores(dict):
    log = 0

    def __setitem__(self, key, value):
        Stores.log += 1
        super().__setitem__(key, value + 1)

    def get(self, key, default=None):
        return "own"


def subclasses():
    missing, stores, counter = Missing(), Stores(), collections.Counter()
    total = 0
    for turn in range(N):
        total += missing[turn % 7]
        if turn % 100 == 0:
            missing[turn % 7] = turn
        stores[turn % 5] = turn
        counter[(turn % 3, b"k")] += 1
    return total, missing, stores, stores.get(1), Stores.log, counter


print(subclasses())


def grows():
    table, lengths, seen = {}, 0, set()
    for turn in range(N):
        before = len(table)
        table[turn % 50, "k"] = turn
        lengths += len(table) - before
        seen.add(turn % 9)
        if 7 in seen:
            lengths += 1
        before = table.get((turn % 50, "k"))
        table[turn % 50, "k"] = -turn
        assert before == turn and table.get((turn % 50, "k")) == -turn
    return lengths, len(table), sorted(seen)


print(grows())


def changed_while_iterated(limit):
    table = dict.fromkeys(range(N))
    count = 0
    try:
        for key in table:
            count += 1
            table[key] = count
            if count == limit:
                table["new"] = 0
    except RuntimeError as error:
        return count, str(error)
    return count, table[N - 1]


print(changed_while_iterated(N + 1), changed_while_iterated(N - 3), changed_while_iterated(1))

RATE = 1


def rate():
    return RATE


def changes_globals():
    names, total = globals(), 0
    for turn in range(N):
        total += rate()
        if turn % 400 == 399:
            names["RATE"] = turn
        total += RATE
        if turn == 1000:
            names["rate"] = lambda: -1
    return total


print(changes_globals())


def takes(*args, **kwargs):
    if kwargs:
        return len(kwargs)
    return args, kwargs


def passes(*args, **kwargs):
    return takes(*args, **kwargs)


def keeps(kept, **kwargs):
    kept.append(kwargs)
    kwargs["n"] = len(kept)
    return kwargs


def shows(n, **kwargs):
    if n == N - 1:
        return sorted(locals().items())
    return None


def keywords():
    kept, counts, shown = [], 0, None
    for turn in range(N):
        got = passes(turn) if turn % 300 else passes(turn, a=1, b=turn)
        if got == 2:
            counts += 1
        elif got[1] or got[0] != (turn,):
            print("wrong", turn, got)
        assert keeps(kept) is kept[-1]
        shown = shows(turn) or shown
        if turn == N - 2:
            got[1]["after"] = turn
            print(got)
    return counts, len({id(one) for one in kept}) == N, kept[N - 1], kept[5], shown


print(keywords())


def identities():
    objects, ids = [Plain() for _ in range(10)], set()
    for turn in range(N):
        one = objects[turn % 10]
        ids.add(id(one))
        assert id(one) == id(objects[turn % 10]) and id(one) != id(objects)
    return len(ids)


print(identities())


def numbers():
    total, value, halves = 0, 1, 0
    for turn in range(N):
        total += turn.bit_length() + value.bit_length() + (turn % 2 == 0).bit_length()
        value = value * 3 if turn % 30 < 25 else 1
        halves += (turn / 2).is_integer()
    return total, halves, value


print(numbers())


class Grown:
    pass


def truths():
    stream, grown, count = io.BytesIO(), Grown(), 0
    for turn in range(N):
        if stream:
            count += 1
        if grown:
            count += 1
        if truths:
            count += 1
        if turn == N // 2:
            Grown.__len__ = lambda self: 0
    return count


print(truths())
