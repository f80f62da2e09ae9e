# zlib: whole, piece by piece, with limits, dictionaries and every frame.
import zlib

def fails(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)

data = b"".join(b"line %d of the text\n" % (i * i) for i in range(2000))
for level in (-1, 0, 1, 6, 9):
    packed = zlib.compress(data, level)
    assert zlib.decompress(packed) == data
    print(level, len(packed) < len(data))
for wbits in (15, 9, -15, -9, 31, 25):
    c = zlib.compressobj(6, zlib.DEFLATED, wbits)
    packed = c.compress(data[:1000]) + c.compress(data[1000:]) + c.flush()
    assert zlib.decompress(packed, wbits) == data
    if wbits > 8:
        assert zlib.decompress(packed, 47) == data
    print(wbits, packed[:2] if wbits > 15 else None)

known = bytes.fromhex("789c4bcc4b4e054a800300114a03d3")
good = bytes.fromhex("789ccb48cdc9c95728cf2fca490100 1a0b045d".replace(" ", ""))
print(zlib.decompress(good))
d = zlib.decompressobj()
print(d.decompress(good[:5]), d.decompress(good[5:] + b"rest"), d.eof, d.unused_data, d.unconsumed_tail, d.flush())
fails(d.decompress, b"x")

c = zlib.compressobj()
packed = c.compress(data) + c.flush()
d = zlib.decompressobj()
pieces = [d.decompress(packed, 100)]
while d.unconsumed_tail:
    pieces.append(d.decompress(d.unconsumed_tail, 1000))
pieces.append(d.flush())
print(b"".join(pieces) == data, max(map(len, pieces)) <= 1000, d.eof)

c = zlib.compressobj()
first = c.compress(data[:500]) + c.flush(zlib.Z_SYNC_FLUSH)
other = c.copy()
a = first + c.compress(b"tail a") + c.flush()
b = first + other.compress(b"tail b") + other.flush()
print(zlib.decompress(a)[500:], zlib.decompress(b)[500:])
d = zlib.decompressobj()
head = d.decompress(a[:len(first)])
e = d.copy()
print(head == data[:500], d.decompress(a[len(first):]), e.decompress(b[len(first):]), e.eof)

words = b"the text of the line"
c = zlib.compressobj(zdict=words)
packed = c.compress(data) + c.flush()
d = zlib.decompressobj(zdict=words)
print(d.decompress(packed) == data, d.eof)

d = zlib._ZlibDecompressor()
packed = zlib.compress(data)
out = [d.decompress(packed, 10)]
while not d.eof:
    out.append(d.decompress(b"", 5000))
    if d.needs_input and not d.eof:
        break
print(b"".join(out) == data, d.eof, d.unused_data, d.needs_input)

fails(zlib.decompress, b"")
fails(zlib.decompress, good[:-1])
fails(zlib.decompress, good[:-1] + b"x")
fails(zlib.decompress, b"not compressed")
fails(zlib.decompress, known)
fails(zlib.decompress, good, bufsize=-1)
fails(zlib.decompress, good, wbits=99)
fails(zlib.compress, b"", 10)
fails(zlib.compress, "text")
fails(zlib.compressobj, 10)
fails(zlib.compressobj, wbits=3)
fails(zlib.decompressobj, wbits=7)
fails(zlib.decompressobj, zdict=5)
fails(zlib.decompressobj().decompress, good, -1)
fails(zlib.decompressobj().flush, 0)
fails(zlib.decompressobj().decompress, b"junk junk")
fails(d.decompress, b"more")
c = zlib.compressobj()
c.flush()
fails(c.compress, b"more")
fails(c.copy)
print(zlib.crc32(b"hello"), zlib.crc32(b"lo", zlib.crc32(b"hel")), zlib.crc32(b"", 2**40 + 5), zlib.crc32(data))
print(zlib.adler32(b"hello"), zlib.adler32(b"lo", zlib.adler32(b"hel")), zlib.adler32(b""), zlib.adler32(data))
print(zlib.MAX_WBITS, zlib.DEFLATED, zlib.Z_BEST_SPEED, zlib.error.__mro__)
