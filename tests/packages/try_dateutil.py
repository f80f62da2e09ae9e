# needs: python-dateutil six
from datetime import datetime, timedelta
from dateutil import parser, relativedelta, rrule, tz
from dateutil.easter import easter

for text in ("2003-09-25T10:49:41.5-03:00", "Thu Sep 25 2003", "25/09/2003 10:36", "10h36m28.5s", "20030925T104941", "Sep 2003"):
    print(parser.parse(text, default=datetime(2000, 1, 1)))
print(datetime(2020, 1, 31) + relativedelta.relativedelta(months=1), relativedelta.relativedelta(datetime(2020, 3, 1), datetime(2019, 12, 25)))
print(datetime(2020, 5, 5) + relativedelta.relativedelta(weekday=relativedelta.FR(+2)))
print([str(day.date()) for day in rrule.rrule(rrule.MONTHLY, count=4, bymonthday=-1, dtstart=datetime(2024, 1, 1))])
print([str(day) for day in rrule.rrulestr("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", dtstart=datetime(2024, 5, 1, 9))])
zone = tz.tzoffset("X", 3600)
print(datetime(2024, 1, 1, tzinfo=zone).astimezone(tz.UTC), repr(zone), easter(2024), tz.tzutc().utcoffset(None) == timedelta(0))
try:
    parser.parse("no date")
except parser.ParserError as error:
    print(error)
