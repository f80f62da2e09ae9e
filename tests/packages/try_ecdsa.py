# needs: ecdsa six
import ecdsa, hashlib

key = ecdsa.SigningKey.from_secret_exponent(12345, curve=ecdsa.NIST256p, hashfunc=hashlib.sha256)
signature = key.sign_deterministic(b"message")
print(signature.hex(), key.verifying_key.verify(signature, b"message"), key.verifying_key.to_string("compressed").hex())
try:
    key.verifying_key.verify(signature, b"other")
except ecdsa.BadSignatureError as error:
    print(error)
print(key.verifying_key.to_pem().decode().splitlines()[1])
