# needs: passlib
from passlib.hash import pbkdf2_sha256, sha256_crypt, md5_crypt

print(pbkdf2_sha256.using(rounds=100, salt=b"saltsalt").hash("pw"), sha256_crypt.using(rounds=1000, salt="abcdefgh").hash("pw"), md5_crypt.using(salt="abcd").hash("pw"))
print(pbkdf2_sha256.verify("pw", pbkdf2_sha256.using(rounds=10).hash("pw")), sha256_crypt.identify("x"))
