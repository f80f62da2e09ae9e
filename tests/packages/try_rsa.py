# needs: rsa pyasn1
import rsa

key = rsa.PrivateKey(3247, 65, 833, 191, 17)
print(rsa.core.encrypt_int(1234, key.e, key.n), rsa.core.decrypt_int(rsa.core.encrypt_int(1234, key.e, key.n), key.d, key.n), rsa.prime.is_prime(104729), rsa.common.inverse(7, 143))
public, private = rsa.newkeys(512)
print(rsa.decrypt(rsa.encrypt(b"message", public), private), rsa.verify(b"m", rsa.sign(b"m", private, "SHA-256"), public), public.save_pkcs1()[:30])
