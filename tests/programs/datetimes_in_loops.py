"""Dates in hot loops: compiled code sees their attributes, operators, comparisons and errors as tier 1 does."""
from datetime import UTC, date, datetime, time, timedelta, timezone

day, hour = timedelta(1), timedelta(hours=1)


def walk(start, n):
    total = 0
    one = start
    for i in range(n):
        one += day
        total += one.day + one.month * 2 + one.weekday()
        if one < start or one == start:
            total += 10**6
    return one, total


def sum_spans(n):
    total = timedelta(0)
    for i in range(n):
        total += timedelta(seconds=i, microseconds=i * 7) * 2 - hour / 3
        total -= timedelta(minutes=i % 5)
    return total


def overflow(n):
    caught, one = 0, datetime.max - timedelta(days=n // 2)
    for i in range(n):
        try:
            one = one + day
        except OverflowError:
            caught += 1
    return caught, one


def mixed(n):
    items = [date(2020, 1, 1), datetime(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC), time(3), timedelta(5)]
    answers = {}
    for i in range(n):
        a, b = items[i % 5], items[i // 5 % 5]
        try:
            answer = a < b
        except TypeError:
            answer = "no"
        key = answer, a == b, hash(a) == hash(b)
        answers[key] = answers.get(key, 0) + 1
    return sorted(answers.items(), key=str)


def text(n):
    total = 0
    one = datetime(2020, 2, 28, 23, 59, 59, 999999, timezone(hour))
    for i in range(n):
        one = datetime.fromisoformat(one.isoformat()) + timedelta(microseconds=i)
        total += len(str(one)) + len(f"{one:%H%M}") + int(one.strftime("%d"))
        if i % 7 == 0:
            one = one.replace(microsecond=0) if i % 2 else one.astimezone(UTC)
    return one, total


class Day(date):
    def __new__(cls, year, month, day):
        return super().__new__(cls, year, month, day)

    @property
    def quarter(self):
        return (self.month + 2) // 3


def derived(n):
    one, total = Day(2020, 1, 1), 0
    for i in range(n):
        one = one + day if i % 3 else one.replace(day=1)
        total += one.quarter + (type(one) is Day)
    return one, total


def keyed(n):
    counts = {}
    for i in range(n):
        key = datetime(2020, 1 + i % 12, 1, tzinfo=UTC if i % 2 else None)
        counts[key] = counts.get(key, 0) + 1
        key = timedelta(i % 10)
        counts[key] = counts.get(key, 0) + 1
    return len(counts), sum(counts.values()), min(k for k in counts if isinstance(k, timedelta))


print(walk(date(2019, 12, 31), 3000), walk(datetime(2019, 12, 31, 5), 3000))
print(sum_spans(3000))
print(overflow(600))
print(mixed(2500))
print(text(1500))
print(derived(2000))
print(keyed(1500))
