# hashlib and hmac on the native digests.
import hashlib
import hmac

for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512",
             "blake2b", "blake2s"):
    h = getattr(hashlib, name)(b"abc")
    h.update(bytes(range(256)) * 5)
    c = h.copy()
    c.update(bytearray(b"more"))
    print(name, h.name, h.digest_size, h.block_size, h.hexdigest(), c.hexdigest()[:16], hashlib.new(name).hexdigest()[:12])

for name in ("shake_128", "shake_256"):
    h = getattr(hashlib, name)(b"abc" * 100)
    print(h.name, h.digest_size, h.block_size, h.hexdigest(20), h.digest(3), h.hexdigest(0))

print(hashlib.blake2b(b"data", digest_size=20, key=b"key", salt=b"salt", person=b"person").hexdigest())
print(hashlib.blake2s(b"data" * 50, digest_size=7, key=b"k" * 32, fanout=2, depth=3, leaf_size=4, node_offset=5,
                      node_depth=1, inner_size=32, last_node=True).hexdigest())
print(hashlib.blake2b(b"x" * 128, node_offset=2**63 + 5, last_node=True).hexdigest()[:30])
print(hashlib.blake2b.SALT_SIZE, hashlib.blake2s.PERSON_SIZE, hashlib.blake2b.MAX_KEY_SIZE, hashlib.blake2s.MAX_DIGEST_SIZE)
for n in (0, 1, 63, 64, 65, 127, 128, 129, 255, 256, 257):
    print(n, hashlib.blake2b(b"q" * n).hexdigest()[:10], hashlib.blake2s(b"q" * n).hexdigest()[:10])

def fails(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error)

fails(hashlib.sha256, "text")
fails(hashlib.sha3_256, "text")
fails(hashlib.new, "nosuch")
fails(hashlib.blake2b, digest_size=65)
fails(hashlib.blake2b, digest_size=0)
fails(hashlib.blake2s, key=b"k" * 33)
fails(hashlib.blake2b, salt=b"s" * 17)
fails(hashlib.blake2b, person=b"s" * 17)
fails(hashlib.blake2b, depth=0)
fails(hashlib.blake2s, fanout=256)
fails(hashlib.blake2s, node_offset=2**48)
fails(hashlib.sha3_256(b"").update, 5)
fails(hashlib.shake_128(b"").digest)

m = hmac.new(b"key", b"message", "sha256")
print(m.name, m.digest_size, m.block_size, m.hexdigest())
m.update(b" and more")
print(m.copy().hexdigest())
print(hmac.new(b"k" * 200, b"m", hashlib.md5).hexdigest())
print(hmac.digest(b"key", b"message", "sha512").hex()[:40], hmac.compare_digest(b"a", b"a"), hmac.compare_digest("a", "b"))
fails(hmac.new, b"key", b"m")
fails(hmac.new, "key", b"m", "md5")
print(len(hashlib.algorithms_guaranteed), "sha3_256" in hashlib.algorithms_available)
print(hashlib.sha256(memoryview(b"abcdef")[::2].tobytes()).hexdigest()[:10])
