"""The kernels: each function makes its data, and returns the function to be timed."""

from itertools import repeat

WORDS = "the quick brown fox jumps over the lazy dog while naïve élèves read 42 books, 3.5 pages a minute".split()
TEXT = " ".join(WORDS * 40)


def load(kernel):
    """Hands every kernel of this file over to `kernel`."""
    for name, value in list(globals().items()):
        if "_" in name and not name.startswith("_") and name.islower() and callable(value):
            kernel(value)


class _Record:
    def __init__(self, name, number):
        self.name = name
        self.number = number
        self.tags = ["a", "b", str(number)]


def _rows():
    return [{"id": i, "name": f"row {i}", "score": i * 1.5, "tags": ["x", "y"], "ok": i % 2 == 0} for i in range(60)]


# json


def json_dumps_small():
    from json import dumps

    item = {"id": 1, "name": "ann", "on": True, "x": None, "f": 1.5}
    return lambda: dumps(item)


def json_dumps_rows():
    from json import dumps

    rows = _rows()
    return lambda: dumps(rows)


def json_dumps_indent():
    from json import dumps

    rows = _rows()
    return lambda: dumps(rows, indent=2, sort_keys=True)


def json_dumps_numbers():
    from json import dumps

    numbers = list(range(500)) + [i / 7 for i in range(500)]
    return lambda: dumps(numbers)


def json_dumps_text():
    from json import dumps

    texts = ['say "hi"\n\t', "naïve \u4e2d\u6587", TEXT, "plain"] * 5
    return lambda: dumps(texts)


def json_dumps_unescaped():
    from json import dumps

    texts = ['say "hi"\n\t', "naïve \u4e2d\u6587", TEXT, "plain"] * 5
    return lambda: dumps(texts, ensure_ascii=False)


def json_loads_small():
    from json import loads

    return lambda: loads('{"id": 1, "name": "ann", "on": true, "x": null, "f": 1.5}')


def json_loads_rows():
    from json import dumps, loads

    text = dumps(_rows())
    return lambda: loads(text)


def json_loads_numbers():
    from json import dumps, loads

    text = dumps(list(range(500)) + [i / 7 for i in range(500)])
    return lambda: loads(text)


def json_loads_text():
    from json import dumps, loads

    text = dumps(['say "hi"\n\t', "naïve \u4e2d\u6587", TEXT, "plain"] * 5)
    return lambda: loads(text)


def json_loads_indented_bytes():
    from json import dumps, loads

    text = dumps(_rows(), indent=2, ensure_ascii=False).encode()
    return lambda: loads(text)


# re


def re_match_short():
    import re

    match = re.compile(r"(\w+)\s+(\w+)").match
    return lambda: match("hello world and more").group(2)


def re_module_match():
    import re

    return lambda: re.match(r"(\d+)-(\d+)", "123-456")


def re_search_literal():
    import re

    search = re.compile("minuteX|bookX").search
    return lambda: search(TEXT)


def re_search_prefix():
    import re

    search = re.compile(r"pages of (\w+)").search
    return lambda: search(TEXT)


def re_alternation():
    import re

    findall = re.compile(r"fox|dog|books|pages").findall
    return lambda: findall(TEXT)


def re_findall_words():
    import re

    findall = re.compile(r"\w+").findall
    return lambda: findall(TEXT)


def re_class():
    import re

    findall = re.compile(r"[A-Za-z0-9_.]+[,.]").findall
    return lambda: findall(TEXT)


def re_ignore_case():
    import re

    findall = re.compile(r"fox|the LAZY", re.I).findall
    return lambda: findall(TEXT)


def re_finditer_groups():
    import re

    finditer = re.compile(r"(?P<word>[a-z]+) (?P<next>[a-z]+)").finditer
    return lambda: [m.group("word", "next") for m in finditer(TEXT)]


def re_sub_string():
    import re

    sub = re.compile(r"\s+").sub
    return lambda: sub("-", TEXT)


def re_sub_template():
    import re

    sub = re.compile(r"(\w+) (\w+)").sub
    return lambda: sub(r"\2 \1", TEXT)


def re_sub_function():
    import re

    sub = re.compile(r"\w+").sub
    return lambda: sub(lambda m: m.group().upper(), TEXT)


def re_split_commas():
    import re

    split = re.compile(r"[,\s]+").split
    return lambda: split(TEXT)


def re_backtracking():
    import re

    match = re.compile(r"(a*)*b").match
    return lambda: match("a" * 14)


def re_lazy():
    import re

    findall = re.compile(r"<(.+?)>").findall
    text = "<one> two <three four> five " * 40
    return lambda: findall(text)


def re_lookaround():
    import re

    findall = re.compile(r"(?<=\s)\w+(?=\s)").findall
    return lambda: findall(TEXT)


def re_wide():
    import re

    findall = re.compile(r"\w+").findall
    text = "中文 слово naïve \U0001f600 word " * 60
    return lambda: findall(text)


def re_bytes():
    import re

    findall = re.compile(rb"[a-z]+").findall
    text = TEXT.encode()
    return lambda: findall(text)


def re_tokenizer():
    import re

    pattern = re.compile(r"(?P<num>\d+(\.\d*)?)|(?P<id>[A-Za-z_]\w*)|(?P<op>[-+*/=<>!]=?)|(?P<skip>[ \t]+)|(?P<bad>.)")
    source = "x = 3.5 * (y + alpha_1) - 42 / z >= 17 " * 20
    return lambda: [(m.lastgroup, m.group()) for m in pattern.finditer(source)]


# pickle and copy


def pickle_dumps_rows():
    from pickle import dumps

    rows = _rows()
    return lambda: dumps(rows, 5)


def pickle_loads_rows():
    from pickle import dumps, loads

    data = dumps(_rows(), 5)
    return lambda: loads(data)


def pickle_dumps_instances():
    from pickle import dumps

    records = [_Record(f"name {i}", i) for i in range(60)]
    return lambda: dumps(records, 5)


def pickle_loads_instances():
    from pickle import dumps, loads

    data = dumps([_Record(f"name {i}", i) for i in range(60)], 5)
    return lambda: loads(data)


def pickle_dumps_lists():
    from pickle import dumps

    numbers = [list(range(i, i + 20)) for i in range(50)]
    return lambda: dumps(numbers, 5)


def pickle_loads_lists():
    from pickle import dumps, loads

    data = dumps([list(range(i, i + 20)) for i in range(50)], 5)
    return lambda: loads(data)


def pickle_dumps_strings():
    from pickle import dumps

    words = [f"{word} {i}" for i in range(10) for word in WORDS]
    return lambda: dumps(words, 5)


def pickle_loads_strings():
    from pickle import dumps, loads

    data = dumps([f"{word} {i}" for i in range(10) for word in WORDS], 5)
    return lambda: loads(data)


def copy_deepcopy():
    from copy import deepcopy

    rows = _rows()[:10]
    return lambda: deepcopy(rows)


def copy_deepcopy_instances():
    from copy import deepcopy

    records = [_Record("n", i) for i in range(10)]
    return lambda: deepcopy(records)


def copy_copy():
    from copy import copy

    record = _Record("n", 1)
    return lambda: copy(record)


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


# bytes


def hashlib_small():
    from hashlib import md5, sha256

    return lambda: (sha256(b"abc").hexdigest(), md5(b"abc").digest())


def hashlib_large():
    from hashlib import sha1, sha256

    data = b"x" * 100_000
    return lambda: (sha256(data).digest(), sha1(data).digest())


def hashlib_others():
    from hashlib import blake2b, sha3_256, sha512

    data = b"x" * 20_000
    return lambda: (sha512(data).digest(), blake2b(data).digest(), sha3_256(data).digest())


def hmac_digest():
    import hmac

    return lambda: (hmac.new(b"key", b"message", "sha256").hexdigest(), hmac.digest(b"key", b"message", "sha256"))


def zlib_compress():
    import zlib

    data = TEXT.encode() * 10
    return lambda: zlib.compress(data)


def zlib_decompress():
    import zlib

    data = zlib.compress(TEXT.encode() * 10)
    return lambda: zlib.decompress(data)


def zlib_checksums():
    import zlib

    data = b"x" * 10_000
    return lambda: (zlib.crc32(data), zlib.adler32(data))


def base64_small():
    from base64 import b64decode, b64encode

    return lambda: b64decode(b64encode(b"some short bytes"))


def base64_large():
    from base64 import b64decode, b64encode

    data = bytes(range(256)) * 40
    return lambda: b64decode(b64encode(data))


def base64_others():
    from base64 import b16encode, b32encode, b85encode, urlsafe_b64encode

    data = bytes(range(40))
    return lambda: (b16encode(data), b32encode(data), b85encode(data), urlsafe_b64encode(data))


def struct_pack():
    from struct import Struct

    pack = Struct("<IhBd4s").pack
    return lambda: pack(1, 2, 3, 4.5, b"abcd")


def struct_unpack():
    from struct import unpack

    data = bytes(19)
    return lambda: unpack("<IhBd4s", data)


def struct_iter():
    from struct import iter_unpack

    data = bytes(800)
    return lambda: [a + b for a, b in iter_unpack("<If", data)]


def binascii_hex():
    data = bytes(range(256))
    return lambda: bytes.fromhex(data.hex())


def uuid_make():
    import uuid

    return lambda: (uuid.uuid4(), uuid.uuid5(uuid.NAMESPACE_DNS, "python.org"))


def uuid_text():
    import uuid

    return lambda: str(uuid.UUID("12345678-1234-5678-1234-567812345678"))


# files and text


def _file(text, name="kernels.tmp"):
    import os
    import tempfile

    path = os.path.join(tempfile.gettempdir(), f"{os.getpid()}-{name}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    import atexit

    atexit.register(lambda: os.path.exists(path) and os.remove(path))
    return path


def io_file_lines():
    path = _file((TEXT[:90] + "\n") * 500)

    def run():
        with open(path, encoding="utf-8") as file:
            return sum(len(line) for line in file)

    return run


def io_file_bytes_lines():
    path = _file((TEXT[:90] + "\n") * 500)

    def run():
        with open(path, "rb") as file:
            return sum(len(line) for line in file)

    return run


def io_file_read():
    path = _file(TEXT * 10)

    def run():
        with open(path, encoding="utf-8") as file:
            return file.read()

    return run


def io_file_write():
    path = _file("", "written.tmp")

    def run():
        with open(path, "w", encoding="utf-8") as file:
            for _ in range(300):
                file.write("a line of text\n")

    return run


def io_text_wrapper():
    import io

    def run():
        file = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        for i in range(200):
            file.write("naïve line\n")
        file.flush()

    return run


def io_print():
    import io

    def run():
        file = io.StringIO()
        for i in range(100):
            print("row", i, 1.5, file=file)
        return file.getvalue()

    return run


def io_stringio():
    import io

    def run():
        file = io.StringIO()
        for i in range(200):
            file.write("line\n")
        file.seek(0)
        return [line for line in file]

    return run


def io_bytesio():
    import io

    def run():
        file = io.BytesIO()
        for i in range(200):
            file.write(b"line\n")
        file.seek(0)
        while file.read(64):
            pass

    return run


def csv_read():
    import csv

    lines = [f'{i},name {i},"quoted, {i}",{i * 1.5}\n' for i in range(200)]
    return lambda: list(csv.reader(lines))


def csv_dict_read():
    import csv

    lines = ["a,b,c\n"] + [f"{i},name {i},{i * 1.5}\n" for i in range(100)]
    return lambda: list(csv.DictReader(lines))


def csv_write():
    import csv
    import io

    rows = [[i, f"name {i}", "quoted, text", i * 1.5] for i in range(200)]

    def run():
        file = io.StringIO()
        csv.writer(file).writerows(rows)
        return file.getvalue()

    return run


def xml_parse():
    import xml.etree.ElementTree as tree

    text = "<root>" + "".join(f'<item id="{i}"><name>n{i}</name><v>é{i}</v></item>' for i in range(100)) + "</root>"
    return lambda: tree.fromstring(text)


def xml_find():
    import xml.etree.ElementTree as tree

    text = "<root>" + "".join(f'<item id="{i}"><name>n{i}</name></item>' for i in range(100)) + "</root>"
    root = tree.fromstring(text)
    return lambda: ([item.findtext("name") for item in root.iter("item")], root.findall("item/name"))


def xml_write():
    import xml.etree.ElementTree as tree

    text = "<root>" + "".join(f'<item id="{i}"><name>n{i}</name></item>' for i in range(100)) + "</root>"
    root = tree.fromstring(text)
    return lambda: tree.tostring(root)


def sqlite_executemany():
    import sqlite3

    database = sqlite3.connect(":memory:")
    database.execute("create table t (a integer, b text, c real)")
    rows = [(i, f"name {i}", i * 1.5) for i in range(200)]

    def run():
        database.execute("delete from t")
        database.executemany("insert into t values (?, ?, ?)", rows)

    return run


def sqlite_fetchall():
    import sqlite3

    database = sqlite3.connect(":memory:")
    database.execute("create table t (a integer, b text, c real)")
    database.executemany("insert into t values (?, ?, ?)", [(i, f"name {i}", i * 1.5) for i in range(200)])
    return lambda: database.execute("select * from t").fetchall()


def sqlite_rows():
    import sqlite3

    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.execute("create table t (a integer, b text, c real)")
    database.executemany("insert into t values (?, ?, ?)", [(i, f"name {i}", i * 1.5) for i in range(200)])
    return lambda: [row["b"] for row in database.execute("select * from t where a >= ?", (5,))]


# str


def str_format():
    return lambda: "{} is {:>8.2f} and {name!r:<10}".format("x", 3.14159, name="n")


def str_percent():
    return lambda: "%s is %8.2f and %-10r %05d" % ("x", 3.14159, "n", 42)


def str_fstring():
    x, y = 42, 3.14159
    return lambda: f"{x:>6} {y:.3f} {x!r} {y:e} {x:,}"


def str_join_split():
    return lambda: ",".join(TEXT.split())


def str_splitlines():
    text = "one line\n" * 100
    return lambda: [line.strip() for line in text.splitlines()]


def str_replace_find():
    return lambda: (TEXT.replace("fox", "cat"), TEXT.find("minuteX"), TEXT.count("the"))


def str_case():
    return lambda: [word.upper().lower().title().startswith("T") for word in WORDS]


def str_translate():
    table = str.maketrans("abc", "xyz")
    text = "aabbcc plain" * 20
    return lambda: text.translate(table)


def str_encode_decode():
    return lambda: TEXT.encode("utf-8").decode("utf-8")


def str_to_numbers():
    texts = [str(i * 37) for i in range(50)] + [str(i / 7) for i in range(50)]
    return lambda: [float(text) for text in texts]


def str_template():
    from string import Template

    template = Template("$who likes ${what} for $$5")
    return lambda: template.substitute(who="tim", what="kung pao")


def textwrap_fill():
    import textwrap

    text = TEXT[:800]
    return lambda: textwrap.fill(text, 60)


def textwrap_dedent():
    import textwrap

    text = "    line\n      more\n    end\n" * 10
    return lambda: textwrap.dedent(text)


def difflib_ratio():
    from difflib import SequenceMatcher

    return lambda: SequenceMatcher(None, TEXT[:120], TEXT[30:140]).ratio()


def shlex_split():
    import shlex

    return lambda: shlex.split("command --option='a b' \"c d\" plain")


def html_escape():
    import html

    return lambda: html.unescape(html.escape('<a href="x">Tom & Jerry</a>'))


def urllib_parse():
    from urllib.parse import quote, urlencode, urlsplit

    return lambda: (
        urlsplit("https://user@example.com:80/a/b?x=1#f").netloc,
        quote("a b/é"),
        urlencode({"a": 1, "b": "x y"}),
    )


# containers


def sorted_key():
    words = WORDS * 10
    return lambda: sorted(words, key=len)


def sorted_lambda():
    pairs = [(i * 7919 % 1000, str(i)) for i in range(300)]
    return lambda: sorted(pairs, key=lambda pair: pair[0])


def sorted_attribute():
    from operator import attrgetter, itemgetter

    records = [_Record(str(i), i * 7919 % 1000) for i in range(100)]
    pairs = [(i * 7919 % 1000, str(i)) for i in range(100)]
    return lambda: (sorted(records, key=attrgetter("number")), sorted(pairs, key=itemgetter(0), reverse=True))


def sorted_plain():
    numbers = [i * 7919 % 10007 for i in range(1000)]
    floats = [n / 7 for n in numbers]
    return lambda: (sorted(numbers), sorted(floats))


def sorted_tuples():
    pairs = [(i % 10, str(i * 7919 % 1000)) for i in range(300)]
    return lambda: sorted(pairs)


def counter_words():
    from collections import Counter

    words = TEXT.split()
    return lambda: Counter(words).most_common(3)


def counter_arithmetic():
    from collections import Counter

    a, b = Counter("abracadabra"), Counter("alakazam")
    return lambda: (a + b, a & b, a - b)


def deque_ends():
    from collections import deque

    def run():
        queue = deque()
        for i in range(200):
            queue.append(i)
            queue.appendleft(i)
        while queue:
            queue.pop()
            queue.popleft()

    return run


def ordered_dict():
    from collections import OrderedDict

    def run():
        table = OrderedDict()
        for i in range(100):
            table[i] = i
        for i in range(0, 100, 2):
            table.move_to_end(i)
        return list(table.items())

    return run


def default_dict():
    from collections import defaultdict

    def run():
        table = defaultdict(list)
        for i in range(200):
            table[i % 10].append(i)
        return table

    return run


def named_tuple():
    from collections import namedtuple

    Point = namedtuple("Point", "x y")

    def run():
        point = Point(1, 2)
        return point._replace(x=point.x + point.y)._asdict()

    return run


def chain_map():
    from collections import ChainMap

    chained = ChainMap({"a": 1}, {"b": 2}, {"c": 3})
    return lambda: (chained["c"], "b" in chained, len(chained))


def itertools_chain():
    from itertools import accumulate, chain, islice, takewhile

    numbers = list(range(100))
    return lambda: (
        sum(chain(numbers, numbers)),
        list(accumulate(numbers))[-1],
        list(islice(numbers, 10, 50, 3)),
        list(takewhile(lambda n: n < 50, numbers)),
    )


def itertools_product():
    from itertools import combinations, permutations, product

    return lambda: (len(list(product(range(8), repeat=3))), len(list(combinations(range(10), 3))), len(list(permutations(range(5)))))


def itertools_groupby():
    from itertools import batched, groupby, zip_longest

    data = [i // 5 for i in range(100)]
    return lambda: ([(k, len(list(g))) for k, g in groupby(data)], list(zip_longest(data, data)), list(batched(data, 7)))


def functools_cache():
    from functools import lru_cache

    @lru_cache(maxsize=100)
    def square(n):
        return n * n

    def run():
        for i in range(50):
            square(i)

    return run


def functools_partial():
    from functools import partial

    add = partial(lambda a, b, c=0: a + b + c, 1, c=5)
    return lambda: add(2)


def functools_reduce():
    from functools import reduce
    from operator import add

    numbers = list(range(100))
    return lambda: (reduce(lambda a, b: a + b, numbers), reduce(add, numbers))


def functools_dispatch():
    from functools import singledispatch

    @singledispatch
    def name(x):
        return "object"

    name.register(int, lambda x: "int")
    name.register(str, lambda x: "str")
    return lambda: (name(1), name("a"), name(1.5))


def functools_cmp():
    from functools import cmp_to_key

    numbers = [i * 7919 % 1000 for i in range(100)]
    return lambda: sorted(numbers, key=cmp_to_key(lambda a, b: a - b))


def heapq_push_pop():
    from heapq import heapify, heappop, heappush, nsmallest

    data = [i * 7919 % 1000 for i in range(200)]

    def run():
        heap = []
        for n in data:
            heappush(heap, n)
        while heap:
            heappop(heap)
        return nsmallest(5, data)

    return run


def heapq_merge():
    from heapq import merge

    parts = [list(range(i, 100, 3)) for i in range(3)]
    return lambda: list(merge(*parts))


def bisect_insort():
    from bisect import bisect, insort

    data = [i * 7919 % 1000 for i in range(200)]

    def run():
        ordered = []
        for n in data:
            insort(ordered, n)
        return bisect(ordered, 500)

    return run


def array_numbers():
    from array import array

    numbers = array("d", range(200))
    return lambda: (sum(numbers), numbers.tolist(), array("i", [1, 2, 3]).tobytes())


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
