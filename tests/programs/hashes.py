import hashlib
for n in sorted(hashlib.algorithms_guaranteed & {"md5","sha1","sha224","sha256","sha384","sha512"}):
    h = hashlib.new(n, b"abc"); h.update(bytearray(b"def" * 100)); print(n, h.digest_size, h.hexdigest())
print(hashlib.sha256().hexdigest())
