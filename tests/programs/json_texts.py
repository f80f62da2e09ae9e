# Not under gc: it imports much of the library.
# JSON texts of values and back, with all options, and what is wrong with texts.
import io
import json
import json.decoder
import json.encoder
import json.scanner


def attempt(function, *args, **kwargs):
    try:
        print(ascii(function(*args, **kwargs)))
    except Exception as error:
        where = tuple(getattr(error, name, None) for name in ("pos", "lineno", "colno"))
        print(type(error).__name__, ascii(str(error)), where, getattr(error, "__notes__", None))


VALUE = {"a": [1, -2.5, True, False, None, "\u00e9\u4e00\U0001F600\"\\/\n\x01\x7f"], "b": {}, "c": [], "d": (1, [2, {"e": 10**25}])}
for options in ({}, {"indent": 2}, {"indent": "\t"}, {"indent": 0}, {"sort_keys": True}, {"ensure_ascii": False},
                {"separators": (",", ":")}, {"indent": 1, "separators": ("; ", " = ")}, {"check_circular": False}):
    text = json.dumps(VALUE, **options)
    print(ascii(text))
    if "=" not in text:
        print(json.loads(text) == {**VALUE, "d": [1, [2, {"e": 10**25}]]})


class Int(int):
    def __repr__(self):
        return "Int"


class Float(float):
    def __repr__(self):
        return "Float"


class Dict(dict):
    def items(self):
        return [("x", 1), ("y", 2)]


class Str(str):
    pass


print(json.dumps([Int(5), Float(2.5), Str("s"), {Int(1): 2, Float(1.5): 3, None: 4, True: 5, False: 6, Str("k"): 7}]))
print(json.dumps(Dict(a=1)), json.dumps([float("inf"), float("-inf"), float("nan")]), json.dumps({(1, 2): 3, "a": 4}, skipkeys=True))
print(json.dumps({"b": 1, "a": object}, default=lambda o: o.__name__, sort_keys=True), json.dumps(1e16), json.dumps("\ud800"))
attempt(json.dumps, {(1, 2): 3})
attempt(json.dumps, [1, {"a": {1}}])
attempt(json.dumps, float("nan"), allow_nan=False)
attempt(json.dumps, {float("inf"): 1}, allow_nan=False)
attempt(json.dumps, {1: 2, "a": 3}, sort_keys=True)
ring = []
ring.append(ring)
attempt(json.dumps, ring)
attempt(json.dumps, {"x": ring})
attempt(json.dumps, object(), default=lambda o: o)
attempt(json.dumps, object, default=lambda o: 1 / 0)


class Encoder(json.JSONEncoder):
    def default(self, o):
        return sorted(o)


print(json.dumps({"s": {3, 1, 2}}, cls=Encoder), "".join(json.JSONEncoder(indent=1).iterencode([1, {"a": []}])))
out = io.StringIO()
json.dump({"a": [1, 2]}, out)
print(out.getvalue(), json.load(io.StringIO("[1.5, 2]")))

for text in ("", "[", "[1", "[1,", "[1,]", "[1 2]", "{", "{a", '{"a"', '{"a" 1}', '{"a":}', '{"a":1', '{"a":1,}', '{"a":1 "b"}', '"abc', '"a\\', '"a\\x"',
             '"\\u12"', '"\\u123g"', '"a\tb"', "nul", "-", "01", "1.", "1.e5", "1e", "tru", "Nan", "[1]x", " \n1 ", "+1", "\u4e00", '"\\ud800\\u12"', "'a'", '{1:2}'):
    attempt(json.loads, text)
for text in ("-0", "-0.0", "1e5", "1E-2", "12345678901234567890", "1.5e+3", "[NaN, Infinity, -Infinity]", '"\\ud83d\\ude00"', '"\\ud83dx"', '"\\b\\f\\n\\r\\t\\/"',
             '{"a": {"b": [1, {"c": null}]}, "a": 2}', '["\u00e9", "\u4e00", "\U0001F600", "abc"]', "\t[\r\n ]", '{ }'):
    attempt(json.loads, text)
attempt(json.loads, '"a\tb"', strict=False)
attempt(json.loads, b'{"a": "\xc3\xa9"}')
attempt(json.loads, '[1]'.encode("utf-16"))
attempt(json.loads, bytearray(b"[]"))
attempt(json.loads, "\ufeff[]")
attempt(json.loads, 5)
attempt(json.loads, '{"a": 1, "b": [2.5, NaN]}', object_pairs_hook=lambda pairs: pairs, parse_float=str, parse_int=lambda text: "i" + text, parse_constant=str.lower)
attempt(json.loads, '{"a": {"b": 1}}', object_hook=lambda pairs: sorted(pairs.items()))
attempt(json.loads, "[1, 2]", parse_int=lambda text: 1 / 0)
attempt(json.loads, "1" * 5000)
attempt(json.JSONDecoder().raw_decode, '  [1] x', 2)
print(json.scanner.make_scanner, json.encoder.c_make_encoder, type(json.scanner.make_scanner(json.JSONDecoder())))
scan = json.scanner.make_scanner(json.JSONDecoder())
attempt(scan, "[1]", 0)
attempt(scan, "[1]", -1)
attempt(scan, "[1]", idx=1)
attempt(scan, 5, 0)
try:
    scan("x", 0)
except StopIteration as error:
    print("StopIteration", error.value)
attempt(json.decoder.scanstring, 'ab"c', 0)
attempt(json.decoder.scanstring, "abc", 9)
attempt(json.decoder.scanstring, b"abc", 0)
print(ascii(json.encoder.encode_basestring('\x7f"\u00e9')), ascii(json.encoder.encode_basestring_ascii('\x7f"\u00e9\U0001F600')))

keys = json.loads('[{"key": 1}, {"key": 2}]')
print([list(entry) for entry in keys], hasattr(json.JSONDecodeError, "_from_serde"))
