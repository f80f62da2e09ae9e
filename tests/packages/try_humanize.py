# needs: humanize
import datetime
import humanize

print(humanize.intcomma(1234567.891), humanize.intword(12345678), humanize.naturalsize(3000000, binary=True), humanize.ordinal(22), humanize.apnumber(7))
print(humanize.naturaldelta(datetime.timedelta(days=400, hours=3)), humanize.precisedelta(datetime.timedelta(seconds=3723)), humanize.fractional(0.3), humanize.metric(1500, "V"))
