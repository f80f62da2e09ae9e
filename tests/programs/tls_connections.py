# Not under gc: it imports much of the library.
# Contexts, certificates, and connections by TLS: between buffers, and on sockets.
import os
import re
import socket
import ssl
import tempfile
import threading

AUTHORITY = """\
-----BEGIN CERTIFICATE-----
MIIBmTCCAT+gAwIBAgIURrsE5ToUVQuN49Mrx55ls3jZfBswCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOVGVzdCBBdXRob3JpdHkwIBcNMjYxMTI4MTI0ODA4WhgPMjEy
NjExMDQxMjQ4MDhaMBkxFzAVBgNVBAMMDlRlc3QgQXV0aG9yaXR5MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEYGv8j1mI1ncfFTQ1+k0wwHDwq20y1A7tt+J2L56h
twMl4gNw28g35YEd/E3cZuibCIsX+DptpGCI2LXqJJAUKaNjMGEwHQYDVR0OBBYE
FDeACgrhxzxYci6J/6l9uZDpiAV4MB8GA1UdIwQYMBaAFDeACgrhxzxYci6J/6l9
uZDpiAV4MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49
BAMCA0gAMEUCIQCS2z7Ye9Dh24dfcqmr6Mb+cuDlk6FkqBoffa26GnKjswIgSucf
ElvvDUNZ3pCWO8IGkSy9JDX1Xx3CpjDWGEYmGWE=
-----END CERTIFICATE-----
"""
LEAF = """\
-----BEGIN CERTIFICATE-----
MIIB2TCCAX6gAwIBAgIEEjSrzTAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5UZXN0
IEF1dGhvcml0eTAgFw0yNjExMjgxMjQ4MDhaGA8yMTI2MTEwNDEyNDgwOFowMjEL
MAkGA1UEBhMCWFkxDzANBgNVBAoMBlN0aXRjaDESMBAGA1UEAwwJbG9jYWxob3N0
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKyvRHxc09solD+uz7S3jiKMKMU7Q
8Uv9QquiwxbKmY1QfkDXh2z8oxBERxPQ7UUIzTgwt/y8Fhqb/1fz9b+BwaOBmDCB
lTApBgNVHREEIjAggglsb2NhbGhvc3SCDSouZXhhbXBsZS5vcmeHBH8AAAEwCQYD
VR0TBAIwADAfBgNVHSMEGDAWgBQ3gAoK4cc8WHIuif+pfbmQ6YgFeDAdBgNVHQ4E
FgQUG5rYWO/twfPY8g1az4tISc4Nv8IwHQYDVR0lBBYwFAYIKwYBBQUHAwEGCCsG
AQUFBwMCMAoGCCqGSM49BAMCA0kAMEYCIQCWip2GITF6yyjlIbySHlJAsP9439rP
4XG+e4anwqBzlAIhAJVQvmVrGLU12D8aOeUYDWBWzbq+uosleLmv1NucCUk6
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgi+wfdD8us4zzgLCB
l2iNZkvgHUXFwUNyGbvhqy/nHAChRANCAAQrK9EfFzT2yiUP67PtLeOIowoxTtDx
S/1Cq6LDFsqZjVB+QNeHbPyjEERHE9DtRQjNODC3/LwWGpv/V/P1v4HB
-----END PRIVATE KEY-----
"""

folder = tempfile.TemporaryDirectory()
chain = os.path.join(folder.name, "chain.pem")
with open(chain, "w") as file:
    file.write(KEY + LEAF)


def told(error):
    text = re.sub(r" \(_ssl\.c:\d+\)", "", str(error))
    return type(error).__name__, text, getattr(error, "reason", None)


def attempt(call, *args, **named):
    try:
        print(call(*args, **named))
    except Exception as error:
        print(*told(error))


print(ssl._ssl._test_decode_cert(chain))
print(ssl.DER_cert_to_PEM_cert(ssl.PEM_cert_to_DER_cert(LEAF)) == LEAF)
print(ssl.Purpose.SERVER_AUTH, ssl._ASN1Object.fromname("CN"), len(ssl.RAND_bytes(9)))
print(ssl.cert_time_to_seconds("Jan  5 09:34:43 2018 GMT"))

context = ssl.create_default_context(cadata=AUTHORITY)
print(context.verify_mode, context.check_hostname, context.cert_store_stats(), context.get_ca_certs()[0]["subject"])
attempt(context.load_verify_locations)
attempt(context.load_verify_locations, cadata="nothing")
attempt(context.load_verify_locations, cadata=b"nothing")
attempt(context.load_verify_locations, "/nonexistent")
attempt(context.load_cert_chain, "/nonexistent")
attempt(context.set_ciphers, "nothing")
attempt(setattr, context, "verify_mode", ssl.CERT_NONE)
attempt(setattr, context, "minimum_version", 42)
attempt(context.wrap_bio, ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="")
context.set_ciphers("ECDHE+AESGCM")
print(sorted({cipher["protocol"] for cipher in context.get_ciphers()}))


def pair(client_context, server_context, host="localhost"):
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(down, up, server_hostname=host)
    server = server_context.wrap_bio(up, down, server_side=True)
    waiting = [client, server]
    for _ in range(10):
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError as error:
                assert error.errno == ssl.SSL_ERROR_WANT_READ
        if not waiting:
            break
    return client, server


serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
serving.load_cert_chain(chain)
serving.set_alpn_protocols(["h2", "http/1.1"])
context.set_alpn_protocols(["http/1.1", "other"])
asked = []
serving.sni_callback = lambda end, name, owner: asked.append((type(end).__name__, name, owner is serving))
for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
    context.maximum_version = version
    client, server = pair(context, serving)
    print(client.version(), client.cipher()[1:], client.selected_alpn_protocol(), server.getpeercert())
    print(client.getpeercert()["subjectAltName"], client.getpeercert(True) == ssl.PEM_cert_to_DER_cert(LEAF))
    print(server.write(b"x" * 40000), len(client.read(100)), client.pending() > 0)
    total = 100
    while total < 40000:
        total += len(client.read(1 << 16))
    attempt(client.read, 1)
    buffer = bytearray(8)
    client.write(b"hello")
    print(server.read(8, buffer), buffer)
    attempt(client.unwrap)
    print(server.read(5))
    attempt(server.unwrap)
    attempt(client.unwrap)
print(asked)

attempt(pair, context, serving, "elsewhere.test")
attempt(pair, context, serving, "127.0.0.2")
print(pair(context, serving, "127.0.0.1")[0].version(), pair(context, serving, "a.example.org")[0].version())
attempt(pair, ssl.create_default_context(cadata=LEAF), serving, "b.a.example.org")
distrusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
try:
    pair(distrusting, serving)
except ssl.SSLCertVerificationError as error:
    print(error.verify_code, error.verify_message, error.library, error.errno, isinstance(error, ValueError))
serving.sni_callback = lambda *args: ssl.ALERT_DESCRIPTION_ACCESS_DENIED
attempt(pair, context, serving)
serving.sni_callback = None
serving.verify_mode = ssl.CERT_REQUIRED
serving.load_verify_locations(cadata=AUTHORITY)
context.load_cert_chain(chain)
client, server = pair(context, serving)
print(server.getpeercert()["issuer"])

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    for _ in range(3):
        try:
            with serving.wrap_socket(listener.accept()[0], server_side=True) as connection:
                while data := connection.recv(1 << 16):
                    connection.sendall(data)
                connection.unwrap().close()
        except OSError:
            pass


thread = threading.Thread(target=serve, daemon=True)
thread.start()
with context.wrap_socket(socket.create_connection(listener.getsockname()), server_hostname="localhost") as connection:
    blob = bytes(range(256)) * 2000
    writer = threading.Thread(target=connection.sendall, args=(blob,))
    writer.start()
    got = b""
    while len(got) < len(blob):
        got += connection.recv(1 << 16)
    writer.join()
    print(got == blob, connection.version(), connection.server_hostname)
    connection.settimeout(0.02)
    attempt(connection.recv, 1)
    connection.setblocking(False)
    attempt(connection.recv, 1)
    connection.setblocking(True)
    print(connection.unwrap().__class__.__name__)
with socket.create_connection(listener.getsockname()) as plain:
    plain.sendall(b"this is no handshake")
try:
    context.wrap_socket(socket.create_connection(listener.getsockname()), server_hostname="elsewhere.test")
except ssl.SSLCertVerificationError as error:
    print(*told(error))
thread.join()
listener.close()
folder.cleanup()
