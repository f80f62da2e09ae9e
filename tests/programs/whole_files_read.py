# Not under gc: long files are read in pieces.
# Files read as a whole: of every length around what is read at once, in every encoding, with every kind of line ends, from the
# middle on, and with what is no text.
import os
import tempfile

path = os.path.join(tempfile.mkdtemp(), "file")


def written(data):
    with open(path, "wb") as file:
        file.write(data)


for n in (0, 1, 100, 8191, 8192, 8193, 40000, 140000):
    data = bytes(i * i % 251 for i in range(n))
    written(data)
    with open(path, "rb") as file:
        assert file.read() == data and file.read() == b""
    with open(path, "rb", buffering=0) as file:
        assert file.readall() == data and file.readall() == b""
    with open(path, "rb") as file:
        head = file.read(n // 3)
        assert head + file.read() == data
    with open(path, encoding="latin-1", newline="") as file:
        assert file.read() == data.decode("latin-1")
        assert file.read() == ""

LINES = {"lf": "one\ntwo é\nthree\n", "crlf": "one\r\ntwo é\r\nthree\r\n", "cr": "one\rtwo é\rthree\r", "mixed": "a\r\nb\nc\rd\n\re", "none": "é"}
for name, text in LINES.items():
    for encoding in ("utf-8", "latin-1", "utf-16"):
        written(text.encode(encoding))
        for newline in (None, "", "\n", "\r", "\r\n"):
            with open(path, encoding=encoding, newline=newline) as file:
                whole = file.read()
                seen = file.newlines
            with open(path, encoding=encoding, newline=newline) as file:
                first = file.readline()
                place = file.tell()
                rest = file.read()
                assert first + rest == whole
                file.seek(place)
                assert file.read() == rest
            if encoding == "utf-8":
                print(name, repr(newline), repr(whole), repr(seen), repr(first))

for data in (b"plain", "na\u00efve \u4e2d \U0001f600".encode(), b"bad \xff end", b"cut \xe4\xb8", b"\xed\xa0\x80", b"\xc0\x80"):
    written(data)
    for encoding, errors in (("utf-8", "strict"), ("utf-8", "replace"), ("utf-8", "surrogateescape"), ("ascii", "ignore"), ("ascii", "strict")):
        with open(path, encoding=encoding, errors=errors) as file:
            try:
                print(encoding, errors, ascii(file.read()))
            except UnicodeDecodeError as error:
                print(encoding, errors, error)
with open(path, "w+", encoding="utf-8") as file:
    file.write("written é\nand read")
    file.seek(0)
    print(repr(file.read()), file.tell(), repr(file.read()))
    file.write("!")
    file.seek(3)
    print(repr(file.read()))
read, write = os.pipe()
os.write(write, b"through a pipe" * 1000)
os.close(write)
with open(read, encoding="utf-8") as file:
    print(len(file.read()), repr(file.read()))
for name in ("utf-8", "UTF-8", "utf8", "Utf_8", "u8", "latin-1", "ISO-8859-1", "L1", "ascii", "US-ASCII", "utf 8", "utf-16-le", "UTF_16BE"):
    print(name, "é".encode(name, "ignore"), b"ab".decode(name))
for name, errors in (("no-such", "strict"), ("utf-8", "no-such"), ("ut\0f8", "strict"), ("ascii", "xmlcharrefreplace"), ("ascii", "namereplace")):
    try:
        print("é".encode(name, errors))
    except (LookupError, ValueError) as error:
        print(type(error).__name__, error)
