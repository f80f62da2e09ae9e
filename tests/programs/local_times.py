"""The local zone: what a timestamp is there and back, times that come twice or never, and deprecated functions."""
import os
import time as clock
import warnings
from datetime import UTC, date, datetime, timedelta, timezone


def attempt(function, *args, **names):
    try:
        return repr(function(*args, **names))
    except Exception as error:
        return f"{type(error).__name__} {error}"


class Moment(datetime):
    pass


class Day(date):
    pass


hour = timedelta(hours=1)
for zone in "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0", "<+0530>-5:30", "AEST-10AEDT,M10.1.0,M4.1.0/3", "XXX3:15:20":
    os.environ["TZ"] = zone
    clock.tzset()
    print(zone)
    for seconds in 0, 1, -1.5, 1e9, 1585443599, 1585443600, 1603587599, 1603587600, 1603591199, 1603591200, 1604210399, 1604210400, 1604214000, -2**31, 2**33 + .25:
        local = datetime.fromtimestamp(seconds)
        print(seconds, local, local.fold, local.timestamp() == seconds, date.fromtimestamp(seconds), Moment.fromtimestamp(seconds).fold,
              local.astimezone().isoformat(), datetime.fromtimestamp(seconds, UTC).astimezone(), local.astimezone(UTC).isoformat())
    for moment in datetime(2020, 3, 29, 2, 30), datetime(2020, 10, 25, 2, 30), datetime(2020, 3, 8, 2, 30), datetime(2020, 11, 1, 1, 30), datetime(2020, 4, 5, 2, 30), datetime(2020, 7, 1):
        for fold in 0, 1:
            it = moment.replace(fold=fold)
            print(it, fold, it.timestamp(), it.astimezone(), it.astimezone().tzname(), it.astimezone(timezone(hour)), it.astimezone(UTC))
    print(datetime(2020, 1, 1).astimezone().tzinfo, repr(datetime(2020, 7, 1).astimezone().tzinfo), Moment(2020, 1, 1).astimezone())
    print(datetime(2020, 7, 1, tzinfo=UTC).astimezone(None), datetime(2020, 7, 1).strftime("%s %Z|%z"))

os.environ["TZ"] = "UTC0"
clock.tzset()
for seconds in 1e18, 2**62, -2**62, 10**30, -1e300:
    print(attempt(datetime.fromtimestamp, seconds).split("(")[0].split("]")[0], attempt(date.fromtimestamp, seconds).split("(")[0].split("]")[0])
before = clock.time()
now, aware, today, day = datetime.now(), datetime.now(UTC), datetime.today(), Day.today()
after = clock.time()
print(type(now), now.tzinfo, aware.tzinfo, type(today), type(day), type(Moment.now()), type(Moment.now(timezone(hour))), type(Moment.today()))
print(all(before - 1 < it.timestamp() < after + 1 for it in (now, aware, today)), (date.today() - day).days in (0, 1))
print(attempt(datetime.now, 3), attempt(datetime.now, tz=None)[:17], datetime.now(tz=timezone(hour)).utcoffset())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(type(datetime.utcnow()), datetime.utcfromtimestamp(5.5), Moment.utcfromtimestamp(0), datetime.utcfromtimestamp(-1))
for warning in caught:
    print(warning.category.__name__, warning.message)
warnings.simplefilter("error")
print(attempt(datetime.utcnow))
