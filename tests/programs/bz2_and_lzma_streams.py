# _bz2 and _lzma: whole, piece by piece, with limits, in every container.
import _bz2
import _lzma

data = b"".join(b"line %d of the text\n" % (i * i) for i in range(3000))

def fails(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)

def unpack(d, packed, step, limit=-1):
    out = []
    at = 0
    while not d.eof:
        if d.needs_input:
            if at >= len(packed):
                break
            out.append(d.decompress(packed[at:at + step], limit))
            at += step
        else:
            out.append(d.decompress(b"", limit))
    return b"".join(out)

for level in (1, 9):
    c = _bz2.BZ2Compressor(level)
    packed = c.compress(data[:5000]) + c.compress(b"") + c.compress(data[5000:]) + c.flush()
    print(packed[:4], len(packed) < len(data) // 2)
    for step, limit in ((10**9, -1), (7, -1), (100, 13), (10**9, 1000), (10**9, 0)):
        d = _bz2.BZ2Decompressor()
        if limit == 0:
            print(d.decompress(packed, 0), d.needs_input, d.eof)
            continue
        print(step, limit, unpack(d, packed, step, limit) == data, d.eof, d.needs_input, d.unused_data)
    d = _bz2.BZ2Decompressor()
    print(d.decompress(packed + b"rest") == data, d.unused_data)
    fails(d.decompress, b"")
fails(_bz2.BZ2Compressor, 0)
fails(_bz2.BZ2Compressor, 10)
fails(c.compress, b"")
fails(c.flush)
fails(_bz2.BZ2Decompressor().decompress, b"not compressed at all")
fails(_bz2.BZ2Decompressor().decompress, "text")

raw = [{"id": _lzma.FILTER_DELTA, "dist": 4}, {"id": _lzma.FILTER_LZMA2, "preset": 3, "dict_size": 65536}]
for name, options, back in (
    ("xz", {}, {}),
    ("xz crc32", {"check": _lzma.CHECK_CRC32, "preset": 1}, {"format": _lzma.FORMAT_XZ}),
    ("xz sha256", {"check": _lzma.CHECK_SHA256, "filters": raw}, {}),
    ("alone", {"format": _lzma.FORMAT_ALONE}, {}),
    ("alone filter", {"format": _lzma.FORMAT_ALONE, "filters": [{"id": _lzma.FILTER_LZMA1, "lc": 2}]},
     {"format": _lzma.FORMAT_ALONE}),
    ("raw", {"format": _lzma.FORMAT_RAW, "filters": raw}, {"format": _lzma.FORMAT_RAW, "filters": raw}),
    ("x86", {"filters": [{"id": _lzma.FILTER_X86}, {"id": _lzma.FILTER_LZMA2}]}, {}),
):
    c = _lzma.LZMACompressor(**options)
    packed = c.compress(data[:5000]) + c.compress(data[5000:]) + c.flush()
    d = _lzma.LZMADecompressor(**back)
    print(name, d.check, unpack(d, packed, 10**9) == data, d.check, d.eof, d.unused_data)
    d = _lzma.LZMADecompressor(**back)
    print(unpack(d, packed, 11, 500) == data, d.eof)

d = _lzma.LZMADecompressor()
c = _lzma.LZMACompressor()
packed = c.compress(b"abc") + c.flush()
print(d.decompress(packed + b"rest"), d.unused_data, d.check)
fails(d.decompress, b"x")
fails(c.compress, b"")
fails(c.flush)
fails(_lzma.LZMADecompressor().decompress, b"not compressed at all")
fails(_lzma.LZMADecompressor().decompress, packed[:20] + b"junk" * 10)
fails(_lzma.LZMACompressor, format=77)
fails(_lzma.LZMACompressor, format=_lzma.FORMAT_ALONE, check=_lzma.CHECK_CRC32)
fails(_lzma.LZMACompressor, preset=3, filters=raw)
fails(_lzma.LZMACompressor, format=_lzma.FORMAT_RAW)
fails(_lzma.LZMACompressor, format=_lzma.FORMAT_ALONE, filters=raw)
fails(_lzma.LZMACompressor, filters=[{"id": 12345}])
fails(_lzma.LZMACompressor, filters=[{}])
fails(_lzma.LZMACompressor, filters=[5])
fails(_lzma.LZMACompressor, filters=raw * 3)
fails(_lzma.LZMACompressor, filters=[{"id": _lzma.FILTER_LZMA2, "nosuch": 1}])
fails(_lzma.LZMADecompressor, format=_lzma.FORMAT_RAW)
fails(_lzma.LZMADecompressor, filters=raw)
fails(_lzma.LZMADecompressor, format=_lzma.FORMAT_RAW, memlimit=1, filters=raw)
fails(_lzma.LZMADecompressor(memlimit=1000).decompress, packed)
for filter in ({"id": _lzma.FILTER_LZMA1}, {"id": _lzma.FILTER_LZMA2, "preset": 9}, {"id": _lzma.FILTER_DELTA, "dist": 256},
               {"id": _lzma.FILTER_X86}, {"id": _lzma.FILTER_ARM, "start_offset": 16}):
    encoded = _lzma._encode_filter_properties(filter)
    print(encoded, _lzma._decode_filter_properties(filter["id"], encoded))
print([_lzma.is_check_supported(n) for n in range(12)])
