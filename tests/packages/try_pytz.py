# needs: pytz
from datetime import datetime
import pytz

zone = pytz.timezone("Europe/Zurich")
summer = zone.localize(datetime(2024, 7, 1, 12))
print(summer, summer.astimezone(pytz.utc), summer.tzname(), zone.normalize(summer + __import__("datetime").timedelta(days=180)))
for flag in (True, False, None):
    try:
        print(zone.localize(datetime(2024, 10, 27, 2, 30), is_dst=flag))
    except pytz.AmbiguousTimeError as error:
        print(type(error).__name__, error)
try:
    pytz.timezone("No/Where")
except pytz.UnknownTimeZoneError as error:
    print(repr(error))
print(len(pytz.all_timezones) > 400, pytz.country_timezones("ch"), pytz.FixedOffset(90))
