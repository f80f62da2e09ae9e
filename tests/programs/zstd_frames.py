# Compression by zstd: frames, pieces, dictionaries, parameters, what is refused.
import io
from compression import zstd

data = bytes(range(256)) * 500 + b"x" * 100000
for level in (-5, 1, 3, 10, 19, 22):
    packed = zstd.compress(data, level)
    assert zstd.decompress(packed) == data and len(packed) < 2000, level
packed = zstd.compress(data)
print(zstd.get_frame_info(packed), zstd.get_frame_size(packed + b"rest") == len(packed))
print(zstd.decompress(packed + packed) == data * 2, zstd.decompress(zstd.compress(b"")))

compressor = zstd.ZstdCompressor()
print(compressor.last_mode, compressor.CONTINUE, compressor.FLUSH_BLOCK, compressor.FLUSH_FRAME)
pieces = [compressor.compress(data[i:i + 10000]) for i in range(0, len(data), 10000)]
pieces.append(compressor.flush(zstd.ZstdCompressor.FLUSH_BLOCK))
print(compressor.last_mode)
pieces.append(compressor.compress(b"more", zstd.ZstdCompressor.FLUSH_FRAME))
stream = b"".join(pieces)
decompressor = zstd.ZstdDecompressor()
out = b""
for i in range(0, len(stream), 7):
    out += decompressor.decompress(stream[i:i + 7])
print(out == data + b"more", decompressor.eof, decompressor.needs_input, decompressor.unused_data)
decompressor = zstd.ZstdDecompressor()
out = [decompressor.decompress(packed + b"behind", 1000)]
while not decompressor.eof:
    out.append(decompressor.decompress(b"", 50000))
print(b"".join(out) == data, [len(piece) for piece in out], decompressor.unused_data)

sized = zstd.ZstdCompressor()
sized.set_pledged_input_size(5)
print(zstd.get_frame_info(sized.compress(b"12345") + sized.flush()))

dictionary = zstd.ZstdDict(b"a dictionary of words and more words", is_raw=True)
print(dictionary, len(dictionary), dictionary.dict_id, dictionary.dict_content)
text = b"words of a dictionary and more words" * 3
for used in (dictionary, dictionary.as_digested_dict, dictionary.as_undigested_dict, dictionary.as_prefix):
    print(zstd.decompress(zstd.compress(text, zstd_dict=used), zstd_dict=used) == text)
samples = [b"sample %d of something that is the same %d" % (i, i * i) for i in range(1000)]
trained = zstd.train_dict(samples, 3000)
print(trained.dict_id != 0, len(trained) <= 3000, zstd.decompress(zstd.compress(samples[5], zstd_dict=trained), trained) == samples[5])
final = zstd.finalize_dict(trained, samples, 3000, 5)
print(final.dict_id != 0)

options = {zstd.CompressionParameter.compression_level: 5, zstd.CompressionParameter.checksum_flag: 1,
           zstd.CompressionParameter.strategy: zstd.Strategy.lazy2}
print(zstd.decompress(zstd.compress(data, options=options)) == data)
print(zstd.CompressionParameter.checksum_flag.bounds(), zstd.CompressionParameter.compression_level.bounds())

file = io.BytesIO()
with zstd.open(file, "wb") as f:
    f.write(data)
    f.write(b"line\nline 2\n")
print(zstd.decompress(file.getvalue())[-12:])


def tried(function, *arguments, **named):
    try:
        print("   no error", function(*arguments, **named))
    except Exception as e:
        print("  ", type(e).__qualname__, e)


print("errors")
tried(zstd.decompress, b"not compressed")
tried(zstd.decompress, packed[:-1])
tried(zstd.decompress, packed[:20] + b"\xff" * 20)
tried(zstd.ZstdCompressor, 1000)
tried(zstd.ZstdCompressor, 2**70)
tried(zstd.ZstdCompressor, 1.5)
tried(zstd.ZstdCompressor, options={12345: 1})
tried(zstd.ZstdCompressor, zstd_dict=5)
tried(zstd.ZstdCompressor().compress, b"", 7)
tried(zstd.ZstdCompressor().flush, 0)
tried(zstd.ZstdCompressor().set_pledged_input_size, -1)
tried(decompressor.decompress, b"")
tried(zstd.ZstdDict, b"short")
tried(zstd.ZstdDict, b"not a dictionary")
tried(zstd.get_frame_info, b"")
tried(zstd.get_frame_size, b"nothing of the kind")
tried(zstd.train_dict, [], 100)
