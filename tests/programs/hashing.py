# Message digests, keyed ones, and keys from passwords.
import hashlib
import hmac

for name in sorted(hashlib.algorithms_guaranteed):
    hash = hashlib.new(name, b"abc" * 100)
    length = [20] if name.startswith("shake") else []
    print(name, hash.digest_size, hash.block_size, hash.hexdigest(*length))
print(hashlib.blake2b(b"x", key=b"k" * 64, salt=b"s", person=b"p", digest_size=20, fanout=2, depth=3, leaf_size=7,
                      node_offset=9, node_depth=1, inner_size=32, last_node=True).hexdigest())
print(hashlib.blake2s(b"x" * 1000, key=b"k").hexdigest(), hashlib.blake2b.MAX_KEY_SIZE, hashlib.blake2s.SALT_SIZE)
print(hmac.new(b"k" * 200, b"msg", "sha256").hexdigest(), hmac.digest(b"k", b"m", "md5").hex())
print(hmac.new(b"k", b"a", hashlib.sha1).name, hmac.compare_digest("a", "a"), hmac.compare_digest(b"a", b"b"))
for wrong in (
    lambda: hashlib.md5("x"),
    lambda: hashlib.new("nope"),
    lambda: hashlib.md5(5),
    lambda: hmac.new(b"k", b"m"),
    lambda: hashlib.blake2b(digest_size=65),
    lambda: hashlib.blake2b(salt=b"s" * 17),
    lambda: hashlib.blake2s(node_offset=1 << 48),
):
    try:
        wrong()
    except (TypeError, ValueError, OverflowError) as error:
        print(type(error).__name__, error)
first = hashlib.sha256(b"a")
second = first.copy()
second.update(b"b")
print(first.hexdigest() == hashlib.sha256(b"a").hexdigest(), second.digest() == hashlib.sha256(b"ab").digest(), first.name)
hot = hashlib.sha1()
for i in range(5000):
    hot.update(i.to_bytes(3, "big"))
print(hot.hexdigest())
