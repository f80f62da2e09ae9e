# UTF-7, error handlers that change what is decoded, and what codecs say of errors.
import codecs
import warnings


def show(function, *arguments):
    try:
        print(ascii(function(*arguments)))
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "__notes__", None))


for text in ["abc", "a+b", "äöü", "日本 語~", "a\\b", "\U0001F600x", "ä-", "ä/", "\ud800"]:
    data, n = codecs.utf_7_encode(text)
    print(data, n, codecs.utf_7_decode(data, "strict", True) == (text, len(data)))
for data in [b"+", b"+AG", b"+AGEA", b"a+AGE-", b"+AGF-", b"+2D0x", b"+2D0A", b"+@", b"\x80a", b"+AGE\x80", b"+AAx-"]:
    for is_final in (False, True):
        for errors in ("strict", "replace"):
            show(codecs.utf_7_decode, data, errors, is_final)
decoder = codecs.getincrementaldecoder("utf-7")()
print([decoder.decode(bytes([byte])) for byte in b"a+AOQA5A-x+2D3eAA-"])


def longer(error):
    error.object = b"\x00" * 8
    return "\ufffd", error.start


def not_bytes(error):
    error.object = "x"
    return "", error.end


def from_the_end(error):
    error.object = b"ab"
    return "?", -1


for handler in (longer, not_bytes, from_the_end):
    codecs.register_error(handler.__name__, handler)
    for encoding in ("utf-7", "utf-8", "ascii"):
        show(b"\x80".decode, encoding, handler.__name__)


def search(name):
    if name == "raises_always":
        def fail(*arguments):
            raise RuntimeError("boom")
        return codecs.CodecInfo(fail, fail, name=name)


codecs.register(search)
show("a".encode, "raises_always")
show(b"a".decode, "raises_always")
show(codecs.decode, b"zz", "hex")
show(codecs.lookup, "a\0b")
show(codecs.escape_encode, "x")
with warnings.catch_warnings():
    warnings.simplefilter("error")
    show(codecs.escape_decode, b"\\501")
    show(codecs.escape_decode, b"\\y")
    show(codecs.unicode_escape_decode, b"\\y")
decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
print([ascii(decoder.decode(bytes([byte]))) for byte in b"\xed\xa0\x80a"])
for name in ("surrogatepass", "surrogateescape", "replace"):
    handler = codecs.lookup_error(name)
    show(handler, 42)
    show(handler, UnicodeTranslateError("\ud800", 0, 1, "why"))
    show(handler, UnicodeEncodeError("utf-16-be", "\ud800", 0, 1, "why"))
    show(handler, UnicodeDecodeError("utf-8", b"\xed\xa0\x80", 0, 1, "why"))
