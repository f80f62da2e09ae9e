# Clocks, and times in parts and as text, in UTC.
import os
import time

os.environ["TZ"] = "UTC"
time.tzset()
print(time.tzname, time.timezone, time.altzone, time.daylight)
print(time.gmtime(1_700_000_000.9), time.gmtime(-1), time.localtime(86400 * 365))
print(time.asctime(time.gmtime(0)), time.ctime(1e9), time.asctime((2024, 2, 29, 1, 2, 3, 0, 0, 0)))
print(time.mktime((2024, 2, 29, 12, 0, 0, 0, 0, 0)), time.mktime(time.localtime(12345)))
print(time.strftime("%Y-%m-%d %H:%M:%S %j %a %A %b %B %p %y %% %Z", time.gmtime(1e9)))
print(repr(time.strftime("")), time.strftime("ä %d", time.gmtime(0)))
os.environ["TZ"] = "EST+05EDT,M3.2.0,M11.1.0"
time.tzset()
print(time.tzname, time.timezone, time.altzone, time.daylight)
print(time.localtime(1_700_000_000), time.localtime(1_690_000_000).tm_isdst, time.localtime(1_690_000_000).tm_zone)
print(time.strftime("%Z %z", time.localtime(1_690_000_000)))
os.environ["TZ"] = "UTC"
time.tzset()

clocks = [time.time, time.monotonic, time.perf_counter, time.process_time, time.thread_time]
for clock in clocks:
    first = clock()
    print(clock.__name__, clock() >= first, type(first).__name__)
for clock in (time.time_ns, time.monotonic_ns, time.perf_counter_ns, time.process_time_ns, time.thread_time_ns):
    print(clock.__name__, clock() <= clock(), type(clock()).__name__)
print(abs(time.clock_gettime(time.CLOCK_REALTIME) - time.time()) < 5, time.clock_getres(time.CLOCK_MONOTONIC) > 0)
print(abs(time.clock_gettime_ns(time.CLOCK_MONOTONIC) - time.monotonic_ns()) < 5 * 10**9)
for name in ("time", "monotonic", "perf_counter", "process_time"):
    print(time.get_clock_info(name))
start = time.monotonic()
time.sleep(0.02)
print(time.monotonic() - start >= 0.02, time.sleep(0))


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for failure in (
    (time.sleep, -1),
    (time.sleep, float("nan")),
    (time.sleep, "a"),
    (time.sleep, 1e300),
    (time.gmtime, 1e30),
    (time.gmtime, "a"),
    (time.gmtime, float("nan")),
    (time.asctime, (1,)),
    (time.asctime, 5),
    (time.asctime, (2024, 13, 1, 0, 0, 0, 0, 0, 0)),
    (time.strftime, "%d", (2024, 1, 32, 0, 0, 0, 0, 0, 0)),
    (time.strftime, "%d", (2024, 1, 1, 24, 0, 0, 0, 0, 0)),
    (time.strftime, "%d", (2024, 1, 1, 0, 60, 0, 0, 0, 0)),
    (time.strftime, "%d", (2024, 1, 1, 0, 0, 62, 0, 0, 0)),
    (time.strftime, "%d", (2024, 1, 1, 0, 0, 0, 0, 367, 0)),
    (time.strftime, 5),
    (time.mktime, (1, 2, 3)),
    (time.get_clock_info, "x"),
    (time.clock_gettime, 12345),
):
    print(failure[0].__name__, attempt(*failure))
print(time.strftime("%m %d %j", (2024, 0, 0, 0, 0, 0, 0, 0, 0)))
