# The natives under re, json and csv by themselves, without what the library does above them.
import _csv
import _json
import _sre

# (?:(\w)|-)+?(\d*)b*
CODE = [14, 4, 0, 1, _sre.MAXREPEAT, 23, 22, 1, _sre.MAXREPEAT, 7, 12, 17, 0, 13, 4, 8, 14, 0, 17, 1, 15, 7, 5, 16, 45, 15, 2, 0,
        19, 17, 2, 24, 9, 0, _sre.MAXREPEAT, 13, 4, 8, 10, 0, 1, 17, 3, 24, 6, 0, _sre.MAXREPEAT, 16, 98, 1, 1]
pattern = _sre.compile("x", 32, CODE, 2, {"word": 1}, (None, "word", None))
m = pattern.match("-a12bb")
print(m, m.groups(), m.regs, m.groupdict(), m.lastindex, m.lastgroup)
m = pattern.fullmatch("--a12bb\u4e00"[:7] + "b")
print(m.groups(), m.span(2), m["word"])
print(pattern.findall("a12 -b\u0436"), pattern.split("a1 b", 1), [x.group() for x in pattern.finditer("a1b")])
print(pattern.sub("<>", "a b"), pattern.subn(lambda found: found.group() * 2, "a1 b"))
template = _sre.template(pattern, ["[", 1, "]", 2, ""])
print(type(template).__name__)
scanner = pattern.scanner("ab")
print([scanner.search(), scanner.match(), scanner.match()])


class Context:
    strict = True
    object_hook = object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = str


scan = _json.make_scanner(Context)
text = '{"key": [1, -2.5, "a\\u00e9\\n", {"key": null}, NaN], "other": {}, "\u0436": "\u4e00", "n": 12345678901234567890}'
value, end = scan(text, 0)
print(ascii(value), end == len(text))
Context.object_pairs_hook = list
print(ascii(_json.make_scanner(Context)(text, 0)[0]))
print(ascii(_json.scanstring('ab\\tc"', 0)), _json.encode_basestring_ascii("\u4e00\"\n"), ascii(_json.encode_basestring("\u4e00\"")))
for indent in (None, "  "):
    encode = _json.make_encoder({}, lambda o: sorted(o), _json.encode_basestring_ascii, indent, ": ", ", ", False, False, True)
    print(encode({"a": [1, 2.5, "x\u4e00", None], "b": {3, 1}, 5: (), "c": {True: 10**20}}, 0)[0])
encode = _json.make_encoder(None, str, lambda text: "'" + text + "'", None, "=", ";", True, True, True)
print(encode({"b": ["x", {}], "a": 1}, 0)[0])


class Out:
    def __init__(self):
        self.lines = []

    def write(self, line):
        self.lines.append(line)
        return len(line)


print(ascii(list(_csv.reader(['a,"b ""c""",', '"x', 'y",\u4e00', "1,2,3"]))))
print(list(_csv.reader(["1;'2';x"[:5], "3.5;''"], delimiter=";", quotechar="'", quoting=_csv.QUOTE_NONNUMERIC)))
out = Out()
writer = _csv.writer(out, quoting=_csv.QUOTE_MINIMAL, lineterminator="\n")
print(writer.writerow(["a", 1, None, 2.5, "b,c", 'd"e', "\u4e00"]), writer.writerows([[], [""], ["x\ny"]]), ascii(out.lines))
_csv.register_dialect("own", delimiter="|")
print(list(_csv.reader(["a|b"], "own")), _csv.list_dialects(), _csv.get_dialect("own").delimiter)
