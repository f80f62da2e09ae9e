# Keys from passwords, what `_hashlib` has beside plain hashes, and a hash that is fed in a hot loop.
import hashlib
import hmac

print(hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 2, 20).hex())
print(hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 5000).hex(), len(hashlib.pbkdf2_hmac("md5", b"", b"", 1, 100)))
print(hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=64).hex())
print(hmac.new(b"k", b"a", hashlib.sha1).name, hmac.digest(b"k", b"m", "sha512").hex()[:20], hashlib.sha3_256(b"x").name)
for wrong in (
    lambda: hashlib.pbkdf2_hmac("sha1", b"", b"", 0),
    lambda: hashlib.pbkdf2_hmac("sha1", b"", b"", 1, 0),
    lambda: hashlib.scrypt(b"", salt=b"", n=3, r=8, p=1),
    lambda: hmac.new(b"k", b"m"),
):
    try:
        wrong()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
hot = hashlib.sha1()
for i in range(5000):
    hot.update(i.to_bytes(3, "big"))
print(hot.hexdigest())
