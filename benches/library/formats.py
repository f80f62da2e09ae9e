"""Kernels of data formats, and of copies."""

from samples import TEXT, WORDS, Record, rows_of_data


# json


def json_dumps_small():
    from json import dumps

    item = {"id": 1, "name": "ann", "on": True, "x": None, "f": 1.5}
    return lambda: dumps(item)


def json_dumps_rows():
    from json import dumps

    rows = rows_of_data()
    return lambda: dumps(rows)


def json_dumps_indent():
    from json import dumps

    rows = rows_of_data()
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

    text = dumps(rows_of_data())
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

    text = dumps(rows_of_data(), indent=2, ensure_ascii=False).encode()
    return lambda: loads(text)


# pickle and copy


def pickle_dumps_rows():
    from pickle import dumps

    rows = rows_of_data()
    return lambda: dumps(rows, 5)


def pickle_loads_rows():
    from pickle import dumps, loads

    data = dumps(rows_of_data(), 5)
    return lambda: loads(data)


def pickle_dumps_instances():
    from pickle import dumps

    records = [Record(f"name {i}", i) for i in range(60)]
    return lambda: dumps(records, 5)


def pickle_loads_instances():
    from pickle import dumps, loads

    data = dumps([Record(f"name {i}", i) for i in range(60)], 5)
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

    rows = rows_of_data()[:10]
    return lambda: deepcopy(rows)


def copy_deepcopy_instances():
    from copy import deepcopy

    records = [Record("n", i) for i in range(10)]
    return lambda: deepcopy(records)


def copy_copy():
    from copy import copy

    record = Record("n", 1)
    return lambda: copy(record)


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


# tables and trees


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
