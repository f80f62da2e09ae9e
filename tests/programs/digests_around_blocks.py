# Not under gc: many pieces are hashed.
# Every algorithm, with data of lengths around the ends of blocks, in one piece and in several, and copied on the way.
import hashlib

NAMES = ["sha3_224", "sha3_256", "sha3_384", "sha3_512", "shake_128", "shake_256", "sha384", "sha512", "blake2b", "blake2s", "sha256", "sha1", "md5"]
DATA = bytes(i * 7 % 256 for i in range(1200))


def digest(hash):
    return hash.hexdigest(300) if hash.name.startswith("shake") else hash.hexdigest()


for name in NAMES:
    new = getattr(hashlib, name)
    size = new().block_size
    all_digests = hashlib.sha256()
    for n in (0, 1, 7, 8, 9, size - 1, size, size + 1, 2 * size - 1, 2 * size, 3 * size + 5, 1200):
        whole = new(DATA[:n])
        all_digests.update(digest(whole).encode())
        for piece in (1, 13, size - 1, size, size + 1):
            pieces = new()
            for at in range(0, n, piece):
                pieces.update(DATA[at : min(at + piece, n)])
                if at == piece:
                    pieces = pieces.copy()
            assert digest(pieces) == digest(whole), (name, n, piece)
        # To ask does not end it.
        whole.update(b"more")
        assert digest(whole) == digest(new(DATA[:n] + b"more"))
    print(name, size, all_digests.hexdigest()[:32])
for n in (0, 1, 135, 136, 137, 168, 400):
    print(n, hashlib.shake_256(b"abc").hexdigest(n)[-16:], len(hashlib.shake_128(b"").digest(n)))
