"""Dates and times out of ISO 8601's text, by formats, and as pickles."""
import copy
import datetime as module
import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo


def attempt(function, *args):
    try:
        return repr(function(*args))
    except Exception as error:
        return f"{type(error).__name__} {error}"


for text in """01 01:02 0102 010203 01:02:03 01:02:03.1 01:02:03,123456789 010203.5 010203456 24 24:00 24:00:00.000 24:01 24:00:00.000001 T01 T24:00:00 T
25 01:0203 01:02:60 60:00 01:02:03+05 01:02:03Z 01:02:03z 01:02:03+05:60 01:02:03+24:00 01:02:03+23:59:59.999999 01:02:03-00:00 01:02:03. 01:02:03.a 1:2
01:02:03+ 01-05 01:02:03.123456+ 01:02:03.123+0500 01:02Z05 +05 01:02:03+0 01:02:03Z+05 01:02:03+050000.5 ١٢:٠٢""".split() + ["", " ", "01:02:03 ", "01:02\ud800"]:
    print("time", ascii(text), attempt(time.fromisoformat, text))
for text in """2020-01-01 20200101 2020-W10 2020W10 2020-W10-3 2020W103 2020-W54-1 2020-W53-8 2020-W53-7 2021-W53 0000-W01-1 9999-W52-7 2020-W101 2020W10-1 2020-02-30
2020-13-01 0000-01-01 2020-1-01 2020-01-0 2020 202 ２０２０-02-20 2020-0101 202001-01 x""".split() + ["", "2020-02-2\ud800"]:
    print("date", ascii(text), attempt(date.fromisoformat, text), attempt(datetime.fromisoformat, text))
for text in """2020-01-01T01 2020-12-31T24:00:00 9999-12-31T24:00 20200101T010203 2020W101T01 2020-W10T01 2020W10T01 2020-W10-1T01:02 2020-W10-12 2020W1012 2020-01-01T
2020-01-01T01:02:03.1234567+01:02:03.123456 2020-01-01T25 2020-02-30T24:00 2020-01-01T01:02:03+25:00 2020-01-01T24:00:00Z 2020-01-01T24:00:01Z 2020-01-01-01:00
2020-13-01T24:00 20201301T24:00 2020-01-01ሴ01:02 2020-01-01\ud80001:02 2024-02-28T24 2023-02-28T24:00 2020-01-01T01:02:03.123456-0530""".split() + ["2020-01-01 01:02", "2020-01-01T01:02 ", "x" * 40]:
    print("datetime", ascii(text), attempt(datetime.fromisoformat, text))
for of_class in date, time, datetime:
    print(attempt(of_class.fromisoformat, 1), attempt(of_class.fromisoformat, b"2020-01-01"), attempt(of_class.fromisoformat))
for precision in "auto", "hours", "minutes", "seconds", "milliseconds", "microseconds":
    for moment in datetime(1, 2, 3, 4, 5, 6), datetime(9999, 12, 31, 23, 59, 59, 999999, timezone(-timedelta(seconds=1))):
        text = moment.isoformat(timespec=precision)
        print(text, datetime.fromisoformat(text), moment.timetz().isoformat(precision))

moment = datetime(2020, 1, 2, 3, 4, 5, 6)
east = moment.replace(tzinfo=timezone(timedelta(hours=5, minutes=30)))
odd = moment.replace(tzinfo=timezone(-timedelta(seconds=3661, microseconds=5)))
for one in moment, east, odd, date(7, 8, 9), time(23, 4, 5, 678), time(1, tzinfo=UTC):
    for form in "%Y-%m-%d %H:%M:%S.%f", "%y %j %F %T", "[%z] [%:z] [%Z]", "%%Y %%", "%C|%G|%V|%u|%w|%U", "%a %A %b %B %p %I", "", "plain", "é%dé ሴ", "%d\0%d", "%D %R %e %h %n%t", "%f%f":
        print(ascii(form), ascii(one.strftime(form)), ascii(format(one, form)) if form else "")
print(date(1, 1, 1).strftime("%Y %G %C %F"), date(999, 12, 31).strftime("%Y %G %C %F %y %d/%m/%Y"), date(1000, 1, 1).strftime("%Y %G"))
for form in 1, None, b"%Y":
    print(attempt(moment.strftime, form), attempt(moment.__format__, form))
print(attempt(moment.strftime), moment.strftime(format="%d"), attempt(moment.__format__))
print(moment.ctime(), datetime(1, 2, 3).ctime(), date(9999, 12, 31).ctime())


class Own(datetime):
    def timetuple(self):
        return (2001, 2, 3, 4, 5, 6, 0, 34, 0)

    def isoformat(self, *args):
        return "own"

    def strftime(self, form):
        return "own " + super().strftime(form)


own = Own(2020, 1, 1)
print(own.strftime("%Y %m %d %F %f"), str(own), format(own), format(own, "%H"), repr(own))


class Moment(datetime):
    pass


class Day(date):
    def __init__(self, *args):
        self.more = args


class Zone(tzinfo):
    def __init__(self, hours=1):
        self.hours = hours

    def __getinitargs__(self):
        return (self.hours,)

    def utcoffset(self, moment):
        return timedelta(hours=self.hours)

    def __repr__(self):
        return f"Zone({self.hours})"

    def __eq__(self, other):
        return isinstance(other, Zone)

    __hash__ = None


zone = Zone(3)
zone.extra = [1]
objects = [date(2020, 1, 2), time(1, 2, 3, 4), time(1, 2, tzinfo=UTC, fold=1), moment, east, moment.replace(fold=1, tzinfo=zone), timedelta(-1, 2, 3),
           timezone(timedelta(hours=1)), timezone(timedelta(hours=1), "name"), UTC, Moment(2020, 1, 1, fold=1), Day(2020, 1, 1), date(2020, 1, 2).isocalendar(), zone]
for one in objects:
    print(one.__reduce__())
    for protocol in range(6):
        again = pickle.loads(pickle.dumps(one, protocol))
        assert again == one and type(again) is (type(one) if not isinstance(one, tuple) else tuple), (one, again, protocol)
        print(protocol, repr(again), getattr(again, "fold", ""), end="; ")
    print(copy.copy(one) == one, copy.deepcopy(one) == one)
print(pickle.loads(pickle.dumps(UTC)) is UTC, copy.deepcopy(UTC) is UTC, vars(pickle.loads(pickle.dumps(zone))), vars(pickle.loads(pickle.dumps(Day(2020, 1, 1)))))
print(moment.__reduce_ex__(4), moment.replace(fold=1).__reduce_ex__(3), moment.replace(fold=1).__reduce_ex__(4), attempt(moment.__reduce_ex__, "a"), attempt(moment.__reduce_ex__))
for of_class, args in ((date, (b"\x07\xe4\x01\x01",)), (date, ("\x07\xe4\x01\x01",)), (date, (b"\x07\xe4\x0d\x01",)), (date, ("\x07\u1234\x01\x01",)), (date, (b"\x07\xe4\x01",)),
                       (time, (b"\x01\x02\x03\x00\x00\x01",)), (time, (b"\x81\x02\x03\x00\x00\x01", UTC)), (time, (b"\x01\x02\x03\x00\x00\x01", 3)), (time, (b"\x98\x02\x03\x00\x00\x01",)),
                       (datetime, (b"\x07\xe4\x81\x01\x01\x02\x03\x00\x00\x01",)), (datetime, (b"\x07\xe4\x01\x01\x01\x02\x03\x00\x00\x01", UTC)),
                       (datetime, (b"\x07\xe4\x01\x01\x01\x02\x03\x00\x00\x01", 3)), (datetime, ("\x07\xe4\x01\x01\x01\x02\x03\x00\x00\x01",)),
                       (datetime, (b"\x07\xe4\x0e\x01\x01\x02\x03\x00\x00\x01",)), (Moment, (b"\x07\xe4\x01\x01\x01\x02\x03\x00\x00\x01",))):
    print(of_class.__name__, ascii(args), attempt(of_class, *args))
of_python_2 = b"cdatetime\ndatetime\n(S'\\x07\\xe4\\x01\\x02\\x03\\x04\\x05\\x00\\x00\\x06'\ntR."
print(pickle.loads(of_python_2, encoding="latin1"), pickle.loads(of_python_2, encoding="bytes"))
print(module.datetime.__module__, module.IsoCalendarDate if hasattr(module, "IsoCalendarDate") else type(date.min.isocalendar()))
