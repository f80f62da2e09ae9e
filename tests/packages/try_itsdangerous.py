# needs: itsdangerous
from itsdangerous import BadSignature, Signer, URLSafeSerializer, TimestampSigner, URLSafeTimedSerializer

signer = Signer("secret")
signed = signer.sign("value")
print(signed, signer.unsign(signed))
try:
    signer.unsign(b"value.wrong")
except BadSignature as error:
    print(error)
serializer = URLSafeSerializer("key", salt="s")
token = serializer.dumps({"a": [1, 2], "b": "\u00e9"})
print(token, serializer.loads(token), serializer.loads_unsafe(token + "x")[0])
print(TimestampSigner("k").unsign(TimestampSigner("k").sign("v"), max_age=100), URLSafeTimedSerializer("k").loads(URLSafeTimedSerializer("k").dumps(1)))
