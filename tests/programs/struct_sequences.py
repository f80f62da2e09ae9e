# Tuples with names, some of whose fields are no items.
import copy
import os
import time

s = os.stat_result(range(19))
print(s, len(s), s[9], s.st_atime, s.st_rdev, s.st_atime_ns, tuple(s))
print(os.stat_result.n_fields, os.stat_result.n_sequence_fields, os.stat_result.n_unnamed_fields)
print(os.stat_result.__match_args__, type(s).__name__, type(s).__module__)
print(os.stat_result(range(10), {"st_rdev": 5}).st_rdev, os.stat_result(range(10)).st_rdev)
t = time.struct_time((2024, 2, 29, 1, 2, 3, 3, 60, 0))
print(t, t.tm_zone, t.tm_gmtoff, t == (2024, 2, 29, 1, 2, 3, 3, 60, 0), hash(t) == hash(tuple(t)), t[:3], t + (1,))
print(time.gmtime(0).tm_zone, time.gmtime(0).tm_gmtoff, time.gmtime(0))
print(t.__reduce__()[1], copy.copy(t) == t, copy.deepcopy(t).tm_hour)
print(copy.replace(t, tm_year=1999), copy.replace(os.terminal_size((80, 24)), lines=25))
match os.terminal_size((80, 24)):
    case os.terminal_size(columns, lines):
        print(columns, lines)


def attempt(function):
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for failure in (
    lambda: os.stat_result((1, 2)),
    lambda: os.stat_result(range(20)),
    lambda: os.stat_result(5),
    lambda: os.stat_result(range(10), 5),
    lambda: os.times_result((1, 2)),
    lambda: os.terminal_size((1, 2), {"x": 1}),
    lambda: copy.replace(s, st_mode=1),
    lambda: copy.replace(t, nothing=1),
    lambda: type("T", (os.stat_result,), {}),
):
    print(attempt(failure))
