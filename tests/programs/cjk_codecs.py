# Not under gc: all characters of all codecs.
# Codecs whose characters are of one or more bytes: all their characters, pieces, errors, streams.
import _codecs_jp
import codecs
import hashlib
import io

NAMES = ["gb2312", "gbk", "gb18030", "hz", "big5hkscs", "iso2022_kr", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004",
         "iso2022_jp_3", "iso2022_jp_ext", "shift_jis", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004", "euc_jisx0213", "shift_jisx0213",
         "euc_kr", "cp949", "johab", "big5", "cp950"]
for name in NAMES:
    text = "".join(chr(point) for point in range(0x20000) if not 0xD800 <= point < 0xE000)
    out = text.encode(name, "ignore")
    kept = out.decode(name, "replace")
    pairs = b"".join(bytes((first, second, 0x20)) for first in range(0x80, 256) for second in range(0x20, 256, 1))
    back = pairs.decode(name, "replace")
    print(name, len(out), hashlib.sha256(out).hexdigest()[:16], len(kept), hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()[:16],
          len(back), hashlib.sha256(back.encode("utf-8", "surrogatepass")).hexdigest()[:16])

def tried(function, *arguments, **named):
    try:
        print("   ", ascii(function(*arguments, **named)))
    except Exception as e:
        print("   ", type(e).__name__, ascii(str(e)))

print("errors")
for errors in ("strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "surrogateescape", "namereplace", "nonsense"):
    print(errors)
    tried("a\u20ac\u6f22\U0001F600b".encode, "euc_jp", errors)
    tried("a\ud800".encode, "shift_jis", errors)
    tried(b"a\xff\xb4\xc1\x8fb\xa4".decode, "euc_jp", errors)
    tried(b"\xb4".decode, "gbk", errors)

def handler(error):
    if isinstance(error, UnicodeEncodeError):
        return [("\u6f22", error.end), (b"\xff", error.end), ("x", -1), ("x", 99), ("\u20ac", error.end), 5, (5, 5)][handler.which]
    return [("\u20ac", error.end), (b"x", error.end), ("x", error.end - 1), ("x", 99), ("", -1), 5, ("x", "y")][handler.which]

codecs.register_error("test.cjk", handler)
for handler.which in range(7):
    if handler.which not in (2, 4):
        tried("\U0001F600z".encode, "euc_jp", "test.cjk")
        tried(b"\xff\xa4\xa2".decode, "euc_jp", "test.cjk")
    if handler.which != 2:
        tried("\U0001F600".encode, "big5", "test.cjk")

print("pieces")
for name, text in (("iso2022_jp", "a\u6f22\u5b57b"), ("hz", "a\u6c49b"), ("gb18030", "\U0001F600\u6c49"), ("shift_jis_2004", "\u304b\u309aa\u304b"), ("big5hkscs", "\u00ca\u0304\u00ca")):
    encoder = codecs.getincrementalencoder(name)()
    decoder = codecs.getincrementaldecoder(name)()
    pieces = []
    for character in text:
        pieces.append(encoder.encode(character))
        state = encoder.getstate()
        encoder.setstate(state)
    pieces.append(encoder.encode("", True))
    data = b"".join(pieces)
    print(name, pieces, data.decode(name) == text)
    out = ""
    for i in range(len(data)):
        out += decoder.decode(data[i:i + 1])
        state = decoder.getstate()
        decoder.reset()
        decoder.setstate(state)
        print("   ", state[0], state[1] if name != "iso2022_jp" else bool(state[1]), end="")
    print()
    print(out + decoder.decode(b"", True) == text)
decoder = codecs.getincrementaldecoder("euc_jp")()
print(ascii(decoder.decode(b"\xb4")))
tried(decoder.decode, b"", True)
decoder.errors = "replace"
tried(decoder.decode, b"", True)
tried(setattr, decoder, "errors", 5)

print("streams")
reader = codecs.getreader("cp949")(io.BytesIO("\uac00\ub098\n\ub2e4".encode("cp949")))
print(ascii(reader.read(1)), ascii(reader.readline()), ascii(reader.read()))
reader = codecs.getreader("cp949")(io.BytesIO("\uac00\ub098\n\ub2e4".encode("cp949")))
print(ascii(reader.readlines()))
out = io.BytesIO()
writer = codecs.getwriter("iso2022_kr")(out)
writer.write("a\uac00")
writer.writelines(["\ub098", "b"])
writer.reset()
print(out.getvalue())

tried(_codecs_jp.getcodec, "gbk")
codec = _codecs_jp.getcodec("cp932")
print(codec.encode("\u65e5"), ascii(codec.decode(b"\x93\xfa", "strict")), type(codec).__name__)
