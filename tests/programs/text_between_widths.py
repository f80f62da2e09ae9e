# Not under gc: loading what it imports takes a minute there.
"""Text of all widths to UTF-8 and back, translated, counted and packed."""

import ast
import pickle
import struct
from collections import Counter
from datetime import date, datetime

PARTS = ["", "a", "\x7f", "\x80", "ÿ", "Ā", "߿", "ࠀ", "\uffff", "\U00010000", "\U0010ffff", "plain ascii text"]


def round_trips():
    n_checked = 0
    for a in PARTS:
        for b in PARTS[::4]:
            for text in (a + b, "12345678" + a + "12345678" * 9 + b):
                data = text.encode()
                assert data.decode() == text and hash(data.decode()) == hash(text)
                assert len(data) == sum(1 + (c > "\x7f") + (c > "\u07ff") + (c > "\uffff") for c in text)
                assert (data + b"\xff").decode("utf-8", "replace") == text + "\ufffd"
                assert text.encode("utf-16-le").decode("utf-16-le") == text
                n_checked += 1
    return n_checked


def surrogates():
    text = "é" * 70 + "\ud800" + "a" * 70 + "\udfff\udc80"
    for errors in ("replace", "surrogatepass", "backslashreplace", "ignore"):
        data = text.encode("utf-8", errors)
        print(errors, len(data), data[138:148], data[-10:])
    assert text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass") == text
    print("b\udc80é".encode("utf-8", "surrogateescape"))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        print(error, error.start, error.end)


class Answers:
    """A table that is no dict."""

    def __getitem__(self, point):
        if point == 98:
            raise LookupError
        return chr(point) + "!"


def translations():
    table = {97: None, 98: "<b>", 99: 233, 100: 0x4E2D, 233: "e", 0x4E2D: "Z", 101: True}
    for text in ("", "abcabc" * 2, "dédé", "中abcd", "xyz", "e!"):
        print(ascii(text.translate(table)))
    print("abba".translate(Answers()))
    for wrong in ({97: 1.5}, {97: -1}, {97: 0x110000}):
        try:
            "bab".translate(wrong)
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)


class Logged(Counter):
    def __setitem__(self, key, value):
        print("set", key, value)
        super().__setitem__(key, value)


class Dated(date):
    def __lt__(self, other):
        return "asked"


def others():
    print(Counter("mississippi").most_common(), Logged("aab"), Counter([1, True, 1.0]))
    days = [date(2024, 1 + i * 7 % 12, 1 + i * 5 % 28) for i in range(12)]
    print(sorted(days)[0], min(days) < max(days), days[0] == datetime(2024, 1, 1), Dated(2024, 1, 1) < days[1])
    print(days[1] > Dated(2024, 1, 1))
    try:
        print(days[0] < datetime(2024, 1, 1))
    except TypeError as error:
        print(error)
    print(struct.unpack("<hb", b"\1\0\2"), struct.unpack(b"<hb", b"\1\0\2"), struct.calcsize("<hb"))
    print(bytes(range(0, 256, 37)).hex(), bytes(5).hex("-", 2), bytes.fromhex(" 00 fF7a "), b"".hex())
    for wrong in ("0", "0g", "é0", "中0"):
        try:
            bytes.fromhex(wrong)
        except ValueError as error:
            print(error)
    shared = [str(i) for i in range(500)]
    again = pickle.loads(pickle.dumps([shared, shared, shared[::-1]]))
    print(again[0] is again[1], again[2][0] is again[0][-1], again[0] == shared)
    print(ast.dump(ast.parse("(" * 60 + "1" + ")" * 60)), eval("[" * 90 + "]" * 90) != [])


print(round_trips())
surrogates()
translations()
others()
