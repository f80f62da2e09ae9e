"""Kernels of numbers, dates, classes and whole small programs."""

from itertools import repeat


# numbers


def decimal_arithmetic():
    from decimal import Decimal

    a, b = Decimal("123.456"), Decimal("7.89")
    return lambda: (a + b) * a - b / a


def decimal_text():
    from decimal import Decimal

    return lambda: str(Decimal("1234.5678").quantize(Decimal("0.01")))


def decimal_sum():
    from decimal import Decimal

    numbers = [Decimal(i) / 100 for i in range(200)]
    return lambda: sum(numbers)


def decimal_sqrt():
    from decimal import Decimal

    two = Decimal(2)
    return lambda: two.sqrt()


def fractions_sum():
    from fractions import Fraction

    parts = [Fraction(1, i) for i in range(1, 20)]
    return lambda: sum(parts)


def random_random():
    from random import Random

    random = Random(1).random
    return lambda: [random() for _ in repeat(None, 100)]


def random_choices():
    from random import Random

    r = Random(1)
    data = list(range(100))

    def run():
        r.choice(data), r.randint(1, 1000), r.gauss(0, 1), r.sample(data, 5), r.choices(data, k=5)

    return run


def random_shuffle():
    from random import Random

    r = Random(1)
    data = list(range(200))
    return lambda: r.shuffle(data)


def statistics_mean():
    import statistics

    data = [i * 1.5 for i in range(100)]
    return lambda: (statistics.mean(data), statistics.median(data), statistics.fmean(data))


def statistics_stdev():
    import statistics

    data = [i * 1.5 for i in range(100)]
    return lambda: statistics.stdev(data)


# dates


def datetime_arithmetic():
    from datetime import datetime, timedelta

    start, step = datetime(2024, 2, 28, 12, 30), timedelta(hours=7, seconds=3)
    return lambda: (start + step - start).total_seconds()


def datetime_isoformat():
    from datetime import datetime

    moment = datetime(2024, 2, 28, 12, 30, 1, 250)
    return lambda: moment.isoformat()


def datetime_fromisoformat():
    from datetime import datetime

    return lambda: datetime.fromisoformat("2024-02-28T12:30:01.000250+01:00")


def datetime_strftime():
    from datetime import datetime

    moment = datetime(2024, 2, 28, 12, 30, 1, 250)
    return lambda: moment.strftime("%Y-%m-%d %H:%M:%S %a %b")


def datetime_strptime():
    from datetime import datetime

    return lambda: datetime.strptime("2024-02-28 12:30:01", "%Y-%m-%d %H:%M:%S")


def datetime_compare():
    from datetime import date

    days = [date(2024, 1 + i % 12, 1 + i * 7 % 28) for i in range(60)]
    return lambda: sorted(days)


def zoneinfo_convert():
    from datetime import datetime, timezone
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Europe/Berlin")
    moment = datetime(2024, 6, 28, 12, 30, tzinfo=timezone.utc)
    return lambda: moment.astimezone(zone).utcoffset()


# classes and programs


def enum_members():
    from enum import Enum, IntFlag

    class Colour(Enum):
        RED = 1
        GREEN = 2

    class Bits(IntFlag):
        A = 1
        B = 2

    return lambda: (Colour(1), Colour["GREEN"].value, Colour.RED.name, Bits.A | Bits.B, Bits.A in Bits(3))


def enum_make():
    from enum import Enum

    return lambda: Enum("Colour", "RED GREEN BLUE")


def dataclass_use():
    from dataclasses import asdict, dataclass, replace

    @dataclass(order=True)
    class Point:
        x: int
        y: int = 0

    def run():
        a = Point(1, 2)
        return a == Point(1, 2), a < replace(a, x=2), asdict(a), repr(a)

    return run


def dataclass_make():
    from dataclasses import dataclass

    def run():
        @dataclass
        class Point:
            x: int
            y: int = 0

        return Point

    return run


def abc_checks():
    from collections.abc import Iterable, Mapping

    return lambda: (isinstance({}, Mapping), isinstance([], Iterable), isinstance(5, Iterable))


def context_manager():
    from contextlib import contextmanager, suppress

    @contextmanager
    def scope():
        yield 1

    def run():
        with scope():
            with suppress(KeyError):
                raise KeyError(1)

    return run


def typing_generic():
    from typing import Dict, List, Optional

    return lambda: (List[int], Dict[str, int], Optional[str], list[int])


def inspect_signature():
    import inspect

    def function(a, b=1, *args, c, **kwargs):
        pass

    return lambda: inspect.signature(function)


def ipaddress_parse():
    import ipaddress

    return lambda: (ipaddress.ip_address("192.168.1.1") in ipaddress.ip_network("192.168.0.0/16"), str(ipaddress.ip_address("::1")))


def pathlib_parts():
    from pathlib import PurePosixPath

    def run():
        path = PurePosixPath("/usr/lib") / "python3" / "site.py"
        return path.name, path.suffix, path.parent, path.with_suffix(".pyc"), str(path)

    return run


def os_path():
    from os.path import abspath, basename, join, normpath, splitext

    return lambda: (join("/a", "b", "c.txt"), splitext("x.tar.gz"), normpath("/a/../b/./c"), basename("/a/b"), abspath("x"))


def argparse_parse():
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--verbose", "-v", action="store_true")
    parser.add_argument("--number", type=int, default=1)
    parser.add_argument("files", nargs="*")
    return lambda: parser.parse_args(["-v", "--number=3", "a", "b"])


def argparse_make():
    import argparse

    def run():
        parser = argparse.ArgumentParser(description="x")
        parser.add_argument("--number", type=int, default=1, help="a number")
        return parser.format_help()

    return run


def logging_emit():
    import io
    import logging

    logger = logging.Logger("kernel")
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    return lambda: logger.warning("value %d of %s", 1, "x")


def logging_disabled():
    import logging

    logger = logging.Logger("kernel", logging.WARNING)
    return lambda: logger.debug("value %d", 1)


def configparser_read():
    import configparser

    text = "[a]\nx = 1\ny = two\n[b]\nz = %(q)s\nq = 5\n"

    def run():
        parser = configparser.ConfigParser()
        parser.read_string(text)
        return parser["b"]["z"]

    return run


def tomllib_loads():
    import tomllib

    text = 'title = "x"\n[owner]\nname = "n"\nages = [1, 2, 3]\nwhen = 2024-01-01T00:00:00Z\n'
    return lambda: tomllib.loads(text)


def ast_parse():
    import ast

    source = "def f(x):\n    return [y * 2 for y in x if y > 3]\n" * 5
    return lambda: ast.dump(ast.parse(source))


def asyncio_tasks():
    import asyncio

    async def one(n):
        await asyncio.sleep(0)
        return n

    async def main():
        return await asyncio.gather(*[one(i) for i in range(50)])

    loop = asyncio.new_event_loop()
    import atexit

    atexit.register(loop.close)
    return lambda: loop.run_until_complete(main())


def queue_put_get():
    from queue import Queue

    queue = Queue()

    def run():
        for i in range(50):
            queue.put(i)
        for i in range(50):
            queue.get()

    return run


def traceback_format():
    import traceback

    def run():
        try:
            1 / 0
        except ZeroDivisionError:
            return traceback.format_exc()

    return run
