# Encodings, error handlers, codecs that are registered, and the module that they stand on.
import codecs
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def shown(function):
    try:
        result = function()
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print(ascii(result))


TEXT = "aé€\U0001f600\udc80z"
for encoding in ["utf-8", "ascii", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp1252", "koi8-r"]:
    for errors in ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "surrogateescape", "surrogatepass"]:
        shown(lambda: TEXT.encode(encoding, errors))

BYTES = b"a\xc3\xa9\xff\xe2\x82\xed\xa0\x80z\x81"
for encoding in ["utf-8", "ascii", "latin-1", "utf-16", "utf-16-be", "utf-32", "cp1252", "koi8-r"]:
    for errors in ["strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass"]:
        shown(lambda: BYTES.decode(encoding, errors))

shown(lambda: "x".encode("no-such-encoding"))
shown(lambda: b"x".decode("no-such-encoding"))
shown(lambda: "x".encode(errors="no-such-handler"))
shown(lambda: "é".encode("ascii", "no-such-handler"))
shown(lambda: "x".encode(3))
shown(lambda: codecs.decode("uryyb", "rot13"))


def stars(error):
    return "*" * (error.end - error.start), error.end


codecs.register_error("test.stars", stars)
shown(lambda: "aéèb€".encode("ascii", "test.stars"))
shown(lambda: b"a\xff\xfeb".decode("utf-8", "test.stars"))
shown(lambda: "aé".encode("cp1252", "test.stars"))
codecs.register_error("test.bytes", lambda error: (b"<%d>" % error.start, error.end))
shown(lambda: "aéb".encode("ascii", "test.bytes"))
shown(lambda: b"a\xff".decode("ascii", "test.bytes"))
codecs.register_error("test.wrong", lambda error: "x")
shown(lambda: "aéb".encode("ascii", "test.wrong"))
codecs.register_error("test.far", lambda error: ("x", 99))
shown(lambda: "aéb".encode("ascii", "test.far"))
codecs.register_error("test.back", lambda error: ("x", -1))
shown(lambda: "aéb".encode("ascii", "test.back"))
codecs.register_error("test.same", lambda error: ("é", error.end))
shown(lambda: "aéb".encode("ascii", "test.same"))
shown(lambda: codecs.lookup_error("test.stars") is stars)
shown(lambda: codecs.lookup_error("missing"))
shown(lambda: codecs.register_error("x", 3))
for name in ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "surrogateescape"]:
    handler = codecs.lookup_error(name)
    shown(lambda: handler(UnicodeEncodeError("ascii", "a\udc80b", 1, 2, "why")))
    shown(lambda: handler(UnicodeDecodeError("ascii", b"a\xffb", 1, 2, "why")))
    shown(lambda: handler(ValueError("other")))

shown(lambda: codecs.utf_8_decode(b"a\xe2\x82"))
shown(lambda: codecs.utf_8_decode(b"a\xe2\x82", "strict", True))
shown(lambda: codecs.utf_16_ex_decode(b"\xff\xfea\x00b"))
shown(lambda: codecs.utf_16_le_decode(b"a\x00\x3d\xd8"))
shown(lambda: codecs.unicode_escape_decode(rb"a\n\x41\u20ac\U0001f600\101\q\\"))
shown(lambda: codecs.unicode_escape_decode(rb"\x4"))
shown(lambda: codecs.unicode_escape_encode("a\né€\U0001f600'\\"))
shown(lambda: codecs.raw_unicode_escape_encode("a\né€\\"))
shown(lambda: codecs.raw_unicode_escape_decode(rb"\u20ac\x41\\u20ac"))
shown(lambda: codecs.escape_decode(rb"a\x41\n\101\'"))
shown(lambda: codecs.escape_encode(b"a'\n\xff\\"))
shown(lambda: codecs.charmap_decode(b"abc", "strict", {97: "X", 98: 89}))
shown(lambda: codecs.charmap_encode("ab", "strict", {97: 120, 98: b"yz"}))
shown(lambda: codecs.charmap_encode("abc", "replace", {97: 120, 63: 33}))

decoder = codecs.getincrementaldecoder("utf-8")()
shown(lambda: [decoder.decode(bytes([byte])) for byte in "aé€".encode()])
shown(lambda: decoder.decode(b"\xe2", True))
encoder = codecs.getincrementalencoder("utf-16")()
shown(lambda: [encoder.encode(text) for text in "ab"])


def search(name):
    if name == "test_upper":
        return codecs.CodecInfo(
            lambda text, errors="strict": (text.upper().encode(), len(text)),
            lambda data, errors="strict": (bytes(data).decode().lower(), len(data)),
            name="test-upper",
        )


codecs.register(search)
shown(lambda: "abc".encode("test upper"))
shown(lambda: b"ABC".decode("TEST_upper"))
shown(lambda: codecs.lookup("test_upper").name)
codecs.unregister(search)
shown(lambda: "abc".encode("test_upper"))
shown(lambda: codecs.lookup("utf8").name)
shown(lambda: str(b"\xe9", "latin-1"))
shown(lambda: bytes("é", "cp437"))


def in_a_loop():
    n = 0
    for i in range(2000):
        n += len(chr(i).encode("utf-8", "surrogatepass")) + len(bytes([i & 127]).decode("ascii"))
    return n


shown(in_a_loop)
