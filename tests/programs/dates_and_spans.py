"""Dates and timedeltas: making, arithmetic, comparison, text, subclasses."""
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta


def show(text, **names):
    try:
        print(text, "=>", repr(eval(text, globals(), names)))
    except Exception as error:
        print(text, "=>", type(error).__name__, error)


class Day(date):
    pass


class Span(timedelta):
    pass


day, span = date(2020, 1, 1), timedelta(1, 2, 3)
print(MINYEAR, MAXYEAR)
for text in """
date()
date(1)
date(1, 2)
date(1, 2, 3)
date(year=1, month=2, day=3)
date(1, 2, 3, 4)
date('a')
date(1.0, 1, 1)
date(0, 1, 1)
date(10000, 1, 1)
date(1, 13, 1)
date(1, 2, 30)
date(2000, 2, 29)
date(1900, 2, 29)
date(True, True, True)
date.min, date.max, date.resolution
Day(2020, 1, 2)
day.year, day.month, day.day
day.weekday(), day.isoweekday(), day.toordinal()
day.isocalendar()
day.isocalendar().__reduce__()
day.isocalendar() == (2020, 1, 3), day.isocalendar()[:2], day.isocalendar().week
type(day.isocalendar()).__name__, type(day.isocalendar()).__module__
type(day.isocalendar())(1, 2)
day.isoformat(), str(day), format(day, ''), format(day, '%d/%m')
day.isoformat(1)
day.ctime()
day.timetuple()
day.strftime(1)
day.replace(year=2021), day.replace(month=2), day.replace(day=3), day.replace(2, 3, 4)
day.replace(day=32)
day.replace(foo=1)
day.replace(1, 2, 3, 4)
day.__replace__(day=3)
Day(2020, 1, 1).replace(year=2021)
Day(2020, 1, 1) + span, Day(2020, 1, 1) - span
Day.fromordinal(5), Day.fromisoformat('2020-01-01'), Day.fromisocalendar(2020, 3, 4)
date.fromordinal(1), date.fromordinal(3652059)
date.fromordinal(0)
date.fromordinal(3652060)
date.fromordinal('a')
date.fromordinal()
date.fromisocalendar(2020, 53, 7), date.fromisocalendar(year=2020, week=3, day=4)
date.fromisocalendar(2020, 54, 1)
date.fromisocalendar(2021, 53, 1)
date.fromisocalendar(2020, 53, 8)
date.fromisocalendar(0, 1, 1)
date.fromisocalendar(9999, 52, 7)
date.fromisocalendar('a', 1, 1)
date.fromisocalendar(10**30, 1, 1)
date.fromisocalendar(1, 10**30, 7)
date.fromisocalendar(1)
day + span, span + day, day - span, day - date(2019, 12, 25)
span - day
day + 1
1 + day
day - 1
date.max + timedelta(1)
date.min - timedelta(1)
date.max + timedelta.max
date.min + timedelta.min
day < date(2020, 1, 2), day <= day, day == date(2020, 1, 1), day != day, day > day
day == 1, day != None
day < 1
hash(day) == hash(date(2020, 1, 1)), {day: 1}[date(2020, 1, 1)]
day.__eq__(1), day.__lt__(1), day.__add__(1), day.__radd__(span), day.__rsub__(date(2020, 1, 3))
setattr(day, 'year', 3)
setattr(day, 'foo', 3)
setattr(date, 'foo', 3)
date.__new__(datetime, 1, 1, 1)
date.__new__(int, 1, 1, 1)
date.strptime('2020-02-29', '%Y-%m-%d')
date.strptime('2020', 3)
bool(date.min)
timedelta(), timedelta(0, 0, 1), timedelta(2), timedelta(-1, 3)
timedelta(days=1, seconds=2, microseconds=3, milliseconds=4, minutes=5, hours=6, weeks=7)
timedelta(1.5), timedelta(hours=.1), timedelta(microseconds=.5), timedelta(microseconds=1.5), timedelta(microseconds=2.5)
timedelta(seconds=1e-7), timedelta(days=1e-15), timedelta(milliseconds=.0005, microseconds=.5)
timedelta(True)
timedelta('a')
timedelta(days=None)
timedelta(1j)
timedelta(foo=1)
timedelta(1, 2, 3, 4, 5, 6, 7, 8)
timedelta(10**9)
timedelta(-10**9)
timedelta(10**10)
timedelta(10**30)
timedelta(days=10**40, microseconds=-10**40 * 86400 * 10**6 + 7)
timedelta(1e300)
timedelta(float('nan'))
timedelta(float('inf'))
timedelta.min, timedelta.max, timedelta.resolution
str(span), str(timedelta(-1, 3)), str(timedelta(2)), str(timedelta(0)), str(timedelta(0, 0, 1)), str(timedelta.max)
Span(1), Span(1) + Span(2), Span(1) * 2, -Span(1), abs(Span(1)), +Span(1)
span.days, span.seconds, span.microseconds, span.total_seconds()
timedelta.max.total_seconds(), timedelta(microseconds=-1).total_seconds()
setattr(span, 'days', 3)
span + span, span - timedelta(2), -span, +span, abs(-span), bool(span), bool(timedelta(0))
span + 1
span * 2, 2 * span, span * 2.5, .1 * span, span * True, span * 0, span * -3
span * 'a'
span * 10**20
span * 1e300
span * -1e300
span * float('nan')
span * float('inf')
span / 2, span / 2.5, span / -7, span / span, span / timedelta(0, 1), span / True
timedelta(microseconds=5) / 2, timedelta(microseconds=7) / 2, timedelta(microseconds=-5) / 2, timedelta(microseconds=-7) / 2
timedelta(microseconds=3) * .5, timedelta(microseconds=5) * .5, timedelta(microseconds=5) / 10**30
span / 0
span / 0.0
span / timedelta(0)
span / float('nan')
span / 1e-300
span / 1e300
span // 2, span // -7, span // timedelta(0, 1), span // True, -span // 10**40, span // 10**40
span // 0
span // timedelta(0)
span // 2.5
10 / span
span % timedelta(0, 7), -span % timedelta(0, 7), span % timedelta(0, -7), divmod(span, timedelta(0, 7)), divmod(-span, timedelta(0, 7))
span % 2
span % timedelta(0)
divmod(span, 2)
divmod(span, timedelta(0))
timedelta.max + timedelta.resolution
timedelta.min - timedelta.resolution
-timedelta.min
-timedelta.max
timedelta.max / timedelta.resolution, timedelta.max // timedelta.resolution
timedelta.max * .9999999999999
span < timedelta(2), span <= span, span == timedelta(1, 2, 3), span > timedelta(-5), span != span
span == 1, span < timedelta.max
span < 1
hash(span) == hash((1, 2, 3)), hash(timedelta(-1)) == hash((-1, 0, 0))
span.__rsub__(timedelta(3)), span.__reduce__(), Span(1).__reduce__()
""".strip().splitlines():
    show(text)


# Days of some years, there and back.
total = 0
for ordinal in range(date(1899, 12, 25).toordinal(), date(2004, 3, 2).toordinal(), 53):
    one = date.fromordinal(ordinal)
    year, week, weekday = one.isocalendar()
    assert date.fromisocalendar(year, week, weekday) == one and one.weekday() == (ordinal + 6) % 7
    assert one.toordinal() == ordinal and date.fromisoformat(one.isoformat()) == one
    total += one.day * one.month + one.timetuple().tm_yday + week
print(total)


class Counted(date):
    """The class is called, with what it takes."""
    made = []

    def __new__(cls, *args):
        cls.made.append(args)
        return super().__new__(cls, *args)


Counted(2020, 1, 1) + span
Counted.fromordinal(3)
Counted(2020, 5, 6).replace(day=1)
print(Counted.made)


class Ratio(float):
    answer = None

    def as_integer_ratio(self):
        return self.answer


odd = Ratio(2.5)
for odd.answer in (1 << 1000, (), (42,), (1, 2, 3), (1, 2), (1, 0), (2.0, 1)):
    show("span * odd", odd=odd)
    show("span / odd", odd=odd)
