# needs: arrow python-dateutil six
import arrow

moment = arrow.get("2013-05-11T21:23:58.970460+07:00")
print(moment, moment.to("utc"), moment.shift(hours=-1, months=2), moment.format("YYYY-MM-DD HH:mm:ss ZZ dddd"))
print(moment.floor("month"), moment.ceil("day"), moment.humanize(arrow.get("2013-05-12T21:23:58+07:00")), arrow.get("11/05/2013", "DD/MM/YYYY").date())
print([str(day.date()) for day in arrow.Arrow.range("week", arrow.get(2020, 1, 1).naive, arrow.get(2020, 1, 20).naive)], moment.isocalendar())
