# Not under gc: it imports much of the library.
# Tables read from lines and written to them, in all dialects.
import csv
import io


def attempt(function, *args, **kwargs):
    try:
        print(ascii(function(*args, **kwargs)))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)))


def read(lines, **options):
    reader = csv.reader(lines, **options)
    return list(reader), reader.line_num


def write(rows, **options):
    out = io.StringIO(newline="")
    writer = csv.writer(out, **options)
    for row in rows:
        writer.writerow(row)
    return out.getvalue()


for lines in (["a,b,c"], ["a,,c", ""], ['"a,b","c""d"'], ['"a', 'b",c'], ["a\r\n", "b\n"], ["a,\u00e9\u4e00,\U0001F600"], ['a"b,c"'], ['"a"b,c'], [" a, b"], ['"a'],
              ["a\rb"], ["x" * 200 + "," + "\u4e00" * 200], [",", '""']):
    attempt(read, lines)
    attempt(read, lines, strict=True)
    attempt(read, lines, skipinitialspace=True)
    attempt(read, lines, quoting=csv.QUOTE_NONE, escapechar="\\")
for quoting in range(6):
    attempt(read, ['1,"2",a', ',"",3.5'], quoting=quoting)
    attempt(read, ['1,"2",', '"a","",3.5'], quoting=quoting)
    attempt(write, [[1, "a", None, 2.5, "b c", 'd"e', "f,g", ""], [None], [""]], quoting=quoting)
    attempt(write, [[1, "a", None], [None, ""]], quoting=quoting, escapechar="\\")
attempt(read, ["a\\,b,c\\", "d"], escapechar="\\")
attempt(read, ["a;b|c;d"], delimiter=";", quotechar="|")
attempt(read, ["'a;''b';c"], delimiter=";", quotechar="'", doublequote=False)
attempt(write, [["a\nb", "c\rd", "e"], []], lineterminator="!\n")
attempt(write, [['a"b', "\\"]], doublequote=False, escapechar="\\")
attempt(write, [['a"b']], doublequote=False)
attempt(write, [["a,b"]], quoting=csv.QUOTE_NONE)
attempt(write, [["", ""]], delimiter=" ", skipinitialspace=True)
attempt(write, [["\u4e00", "\u00e9", 3j, [1, 2], b"x"]])
attempt(write, [5])
attempt(read, [b"a"])
attempt(read, 5)
for options in ({"delimiter": ""}, {"delimiter": "ab"}, {"delimiter": 5}, {"delimiter": None}, {"quotechar": ""}, {"quotechar": 5}, {"quotechar": None}, {"escapechar": "xx"},
                {"lineterminator": None}, {"lineterminator": 5}, {"quoting": 9}, {"quoting": "x"}, {"quoting": None}, {"delimiter": "\n"}, {"delimiter": '"'},
                {"quotechar": " ", "skipinitialspace": True}, {"lineterminator": "ab", "delimiter": "b"}, {"quotechar": None, "quoting": csv.QUOTE_ALL}):
    attempt(read, ["a,b"], **options)

print(csv.list_dialects(), csv.get_dialect("excel-tab").delimiter == "\t")
csv.register_dialect("mine", "excel", delimiter=";")
mine = csv.get_dialect("mine")
print(mine.delimiter, mine.quotechar, mine.escapechar, ascii(mine.lineterminator), mine.quoting, mine.doublequote, mine.skipinitialspace, mine.strict)
attempt(read, ["a;b"], dialect="mine")
attempt(csv.unregister_dialect, "mine")
attempt(csv.unregister_dialect, "mine")
attempt(csv.get_dialect, "mine")
attempt(csv.register_dialect, 5)
attempt(csv.reader, [], "nope")
attempt(setattr, mine, "delimiter", "x")
attempt(setattr, mine, "quoting", 1)


class Bad(csv.Dialect):
    delimiter = "too long"
    quotechar = '"'
    lineterminator = "\n"
    quoting = csv.QUOTE_MINIMAL


attempt(Bad)
print(csv.field_size_limit(), csv.field_size_limit(5), csv.field_size_limit())
attempt(read, ["abcde", "abcdef"])
attempt(csv.field_size_limit, "x")
csv.field_size_limit(131072)
attempt(csv.writer, object())
table = io.StringIO("name,age,city\nann,30,x\nbob,31\ncid,32,y,more\n")
print(list(csv.DictReader(table)))
out = io.StringIO()
writer = csv.DictWriter(out, ["a", "b"], restval="-", extrasaction="ignore")
writer.writeheader()
writer.writerows([{"a": 1, "b": 2}, {"a": 3}, {"b": 4, "c": 5}])
print(ascii(out.getvalue()))
sniffed = csv.Sniffer().sniff("a;b;c\n1;2;3\n4;5;6\n")
print(sniffed.delimiter, csv.Sniffer().has_header("name;age\nann;30\nbob;31\n"))


def lines():
    yield "a,b"
    raise KeyError("stop")


reader = csv.reader(lines())
print(next(reader))
attempt(next, reader)
print(type(reader), type(csv.writer(io.StringIO())), csv.Error.__mro__[1])
