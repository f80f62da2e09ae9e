# needs: charset-normalizer
from charset_normalizer import from_bytes, is_binary

print(from_bytes("Bonjour, \u00e7a va tr\u00e8s bien \u00e0 l'\u00e9cole".encode("utf-8")).best().encoding)
print(from_bytes("\ufeffhello world".encode("utf-16")).best().encoding, is_binary(b"\x00\x01\x02\xff" * 20))
