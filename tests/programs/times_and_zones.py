"""Times of day, datetimes and zones: making, arithmetic, comparison, what zones are asked, subclasses."""
import datetime as module
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo


def show(text, **names):
    try:
        print(text, "=>", repr(eval(text, globals(), names)))
    except Exception as error:
        print(text, "=>", type(error).__name__, error)


class Moment(datetime):
    pass


class Clock(time):
    pass


hour = timedelta(hours=1)
east = timezone(hour)
naive = datetime(2020, 1, 2, 3, 4, 5, 6)
aware = naive.replace(tzinfo=east)
day, noon = date(2020, 1, 1), time(12)
for text in """
time(), time(1), time(1, 2, 3, 4), time(1, tzinfo=east), time(fold=1), time(1, 2, 3, 4, None, fold=1)
time(24)
time(1, 60)
time(1, 1, 60)
time(1, 1, 1, 10**6)
time(-1)
time(1, 1, 1, 1, 5)
time(1, 1, 1, 1, None, 0)
time(fold=2)
time(foo=1)
time('a')
noon.hour, noon.minute, noon.second, noon.microsecond, noon.tzinfo, noon.fold
time.min, time.max, time.resolution
str(noon), repr(time(1, 2, 3, 4, tzinfo=east, fold=1)), bool(time(0))
noon.isoformat('hours'), noon.isoformat('minutes'), noon.isoformat('seconds'), noon.isoformat('milliseconds'), noon.isoformat('microseconds')
noon.isoformat('x')
noon.isoformat(3)
noon.isoformat('h\\0')
noon.isoformat('auto', 3)
noon.replace(hour=1), noon.replace(1, 2, 3, 4, east), noon.replace(fold=1), noon.__replace__(minute=5)
noon.replace(tzinfo=3)
noon.replace(1, 2, 3, 4, 5, 6)
Clock(1).replace(hour=2), Clock.fromisoformat('01:02')
noon < time(13), noon == time(12), noon == 12, noon != time(12, tzinfo=east)
noon < time(12, tzinfo=east)
noon < 2
time(1, tzinfo=UTC) == time(2, tzinfo=east), hash(time(1, tzinfo=UTC)) == hash(time(2, tzinfo=east)), time(1, tzinfo=UTC) < time(1, tzinfo=east)
hash(time(1, fold=1)) == hash(time(1)), time(1, fold=1) == time(1)
time(1, tzinfo=east).utcoffset(), time(1, tzinfo=east).tzname(), time(1, tzinfo=east).dst(), noon.utcoffset()
time.strptime('01:02', '%H:%M')
noon + hour
datetime()
datetime(1)
datetime(2020, 1, 1), datetime(2020, 1, 1, 5), datetime(2020, 1, 1, fold=1), datetime(2020, 1, 1, 1, 2, 3, 4, east, fold=1)
datetime(2020, month=1, day=1, tzinfo=UTC)
datetime(1, 1, 1, 24)
datetime(1, 1, 1, 1, 1, 1, 1, 'x')
datetime(1, 1, 1, 1, 1, 1, 1, None, 1)
datetime(1, 1, 1, fold=3)
datetime.min, datetime.max, datetime.resolution
naive.date(), naive.time(), naive.timetz(), aware.timetz(), aware.time(), Moment(1, 1, 1).date()
naive.year, naive.hour, naive.minute, naive.second, naive.microsecond, naive.tzinfo, aware.tzinfo, naive.fold
str(naive), str(aware), repr(aware)
naive.isoformat('x'), naive.isoformat(sep=' '), naive.isoformat(timespec='minutes'), aware.isoformat('T', 'milliseconds')
naive.isoformat('xx')
naive.isoformat(1)
naive.isoformat(timespec=1)
naive.isoformat('T', 'auto', 3)
naive.isoformat('\\ud800')
naive.ctime(), naive.timetuple()
aware.timetuple(), aware.utctimetuple(), naive.utctimetuple()
datetime.min.replace(tzinfo=east).utctimetuple()
naive.weekday(), naive.isocalendar(), naive.toordinal()
naive - naive, aware - aware, naive + hour, hour + naive, naive - hour
naive - aware
naive - day
day - naive
hour - naive
naive + 1
datetime.max + hour
datetime.min - hour
datetime.max - timedelta.min
naive == aware, naive != aware, naive == day, day == naive, naive == 1
naive < aware
naive < day
day < naive
naive < 1
aware < aware.replace(tzinfo=UTC), aware == naive.replace(hour=2, tzinfo=UTC), aware - aware.replace(tzinfo=UTC)
hash(aware) == hash(naive.replace(hour=2, tzinfo=UTC)), hash(naive) == hash(naive.replace(fold=1))
aware.utcoffset(), aware.tzname(), aware.dst(), naive.utcoffset(), naive.tzname(), naive.dst()
naive.replace(2021, 2, 3, 4, 5, 6, 7, UTC, fold=1), naive.__replace__(day=5)
naive.replace(year=0)
naive.replace(foo=1)
naive.replace(fold=2)
naive.replace(tzinfo=1)
Moment(2020, 1, 1) + hour, Moment(2020, 1, 1).replace(year=2021), Moment.combine(day, noon), Moment.fromordinal(5), Moment.fromisoformat('2020-01-01')
Moment(2020, 1, 1, tzinfo=east).astimezone(UTC), Moment.fromtimestamp(0, UTC), Moment.strptime('2020', '%Y')
datetime.combine(day, noon), datetime.combine(day, noon, UTC), datetime.combine(naive, time(2, tzinfo=east, fold=1)), datetime.combine(date=day, time=noon, tzinfo=None)
datetime.combine(1, 2)
datetime.combine(day, 2)
datetime.combine(day, noon, 3)
datetime.combine(day)
aware.astimezone(UTC), aware.astimezone(timezone(-hour)), aware.astimezone(east) is aware
aware.astimezone(1)
datetime.min.replace(tzinfo=east).astimezone(UTC)
aware.timestamp(), datetime(1970, 1, 1, tzinfo=UTC).timestamp(), datetime.max.replace(tzinfo=UTC).timestamp()
datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(-1.5, UTC), datetime.fromtimestamp(timestamp=1, tz=east)
datetime.fromtimestamp(1.0000005, UTC), datetime.fromtimestamp(1.0000015, UTC), datetime.fromtimestamp(-1.0000005, UTC), datetime.fromtimestamp(.9999999, UTC)
datetime.fromtimestamp(1e20)
datetime.fromtimestamp(1e300, UTC)
datetime.fromtimestamp(float('nan'))
datetime.fromtimestamp(float('inf'), UTC)
datetime.fromtimestamp('a')
datetime.fromtimestamp(None)
datetime.fromtimestamp()
datetime.fromtimestamp(1, 2)
datetime.fromtimestamp(253402300800, UTC)
datetime.fromtimestamp(-62135596801, UTC)
datetime.fromtimestamp(-62135596800, UTC), datetime.fromtimestamp(253402300799, UTC)
date.fromtimestamp(1e20)
date.fromtimestamp(float('nan'))
date.fromtimestamp('a')
date.fromtimestamp()
datetime.now(1)
datetime.now(UTC, 1)
datetime.strptime('2020-05-06 07:08:09.5 +0130', '%Y-%m-%d %H:%M:%S.%f %z')
datetime.strptime('a', '%Y')
datetime.strptime(1, 2)
datetime.strptime('01:02')
timezone(), 3
timezone(1)
timezone(timedelta(1))
timezone(timedelta(-1))
timezone(timedelta(0), 5)
timezone(hour, None)
timezone(hour, 'x', 3)
timezone(timedelta(0)) is timezone.utc is UTC is module.UTC
timezone(timedelta(0), 'x') == UTC, UTC == 1, hash(UTC) == hash(timedelta(0)), east != UTC
UTC < east
repr(UTC), repr(east), repr(timezone(hour, 'x')), str(east), str(timezone(-hour)), str(UTC), str(timezone(hour, 'x'))
str(timezone(timedelta(seconds=-3, microseconds=5))), str(timezone(timedelta(seconds=3661)))
timezone.min, timezone.max
east.utcoffset(None), east.tzname(naive), east.dst(None), east.fromutc(aware)
east.utcoffset(3)
east.tzname(3)
east.dst(3)
east.fromutc(3)
east.fromutc(naive)
east.__getinitargs__(), timezone(hour, 'x').__getinitargs__(), UTC.__reduce__()
type('Zone', (timezone,), {})
tzinfo(1, a=2).__reduce__()
tzinfo().utcoffset(naive)
tzinfo().tzname(None)
tzinfo().dst(None)
tzinfo().fromutc(1)
tzinfo().fromutc(naive)
""".strip().splitlines():
    show(text)


class Zone(tzinfo):
    """A zone that answers what it is told to."""

    def __init__(self, offset=hour, name="zone", saving=timedelta(0)):
        self.answers = offset, name, saving

    def utcoffset(self, time):
        return self.answers[0]

    def tzname(self, time):
        return self.answers[1]

    def dst(self, time):
        return self.answers[2]

    def __repr__(self):
        return "Zone()"


for offset in None, 1, timedelta(1), timedelta(-1), timedelta(hours=5), "x":
    print(offset)
    time_of_zone = datetime(2020, 1, 1, tzinfo=Zone(offset))
    for text in ("it.utcoffset()", "it.isoformat()", "str(it)", "it.utctimetuple()", "it.timestamp()", "it == datetime(2020, 1, 1, tzinfo=UTC)",
                 "it < datetime(2020, 1, 1, tzinfo=UTC)", "it - datetime(2020, 1, 1, tzinfo=UTC)", "it.strftime('%z %:z')", "it.tzinfo.fromutc(it)",
                 "hash(it) == hash(it)", "it.timetz().utcoffset()", "str(it.timetz())", "it.timetz() == time(tzinfo=UTC)"):
        show(text, it=time_of_zone)
for name in None, 1, "%Y", "zone":
    for text in "it.tzname()", "it.timetz().tzname()", "it.strftime('%Z|')":
        show(text, it=datetime(2020, 1, 1, tzinfo=Zone(name=name)))
for saving in None, 1, timedelta(1), timedelta(0), hour:
    for text in "it.dst()", "it.timetuple().tm_isdst", "it.tzinfo.fromutc(it)", "it.timetz().dst()":
        show(text, it=datetime(2020, 1, 1, tzinfo=Zone(saving=saving)))


class Summer(tzinfo):
    """One hour more from April to October; the last hour of it comes twice."""

    def utcoffset(self, time):
        return hour + self.dst(time)

    def tzname(self, time):
        return "summer" if self.dst(time) else "winter"

    def dst(self, time):
        start, end = datetime(time.year, 4, 1, 2), datetime(time.year, 10, 31, 3)
        bare = time.replace(tzinfo=None, fold=0)
        if end - hour <= bare < end:
            return timedelta(0) if time.fold else hour
        return hour if start <= bare < end else timedelta(0)

    def __repr__(self):
        return "Summer()"


summer = Summer()
for text in ("datetime(2020, 10, 31, 2, 30, tzinfo=summer).astimezone(UTC)", "datetime(2020, 10, 31, 2, 30, fold=1, tzinfo=summer).astimezone(UTC)",
             "datetime(2020, 10, 31, 2, 30, fold=1, tzinfo=summer) == datetime(2020, 10, 31, 1, 30, tzinfo=UTC)",
             "datetime(2020, 10, 31, 2, 30, tzinfo=summer) == datetime(2020, 10, 31, 2, 30, fold=1, tzinfo=summer)",
             "datetime(2020, 10, 31, 2, 30, tzinfo=summer) == datetime(2020, 10, 31, 2, 30, fold=1, tzinfo=Summer())",
             "datetime(2020, 10, 31, 2, 30, tzinfo=summer) < datetime(2020, 10, 31, 2, 30, fold=1, tzinfo=Summer())",
             "hash(datetime(2020, 10, 31, 2, 30, tzinfo=summer)) == hash(datetime(2020, 10, 31, 2, 30, fold=1, tzinfo=summer))",
             "datetime(2020, 6, 1, tzinfo=UTC).astimezone(summer)", "datetime(2020, 1, 1, tzinfo=UTC).astimezone(summer).tzname()",
             "datetime(2020, 4, 1, 1, tzinfo=UTC).astimezone(summer)", "datetime(2020, 6, 1, tzinfo=summer).timetuple().tm_isdst"):
    show(text)


class Slotted(tzinfo):
    __slots__ = "offset", "__dict__"

    def utcoffset(self, time):
        return self.offset


slotted = Slotted()
slotted.offset, slotted.more = hour, 1
print(slotted.__dict__, slotted.offset, slotted.__getstate__(), datetime(2020, 1, 1, tzinfo=slotted))
slotted.__dict__ = {"other": 2}
print(slotted.__dict__, slotted.offset, slotted.__reduce__()[1:])


class Called(datetime):
    made = []

    def __new__(cls, *args, **names):
        cls.made.append((args, names))
        return super().__new__(cls, *args, **names)


it = Called(2020, 1, 1, 1, fold=1)
it + hour, it.replace(fold=1), Called.fromtimestamp(5, UTC), Called.combine(day, noon)
for made in Called.made:
    print(made)
