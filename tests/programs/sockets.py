# Sockets by the native module: pairs, TCP and UDP on this host, names without a resolver, options and messages.
import _socket as socket
import array
import os

a, b = socket.socketpair()
print(a.send(b"hello"), b.recv(3), b.recv(100), a.sendall(b"x" * 100000), end=" ")
total = 0
while total < 100000:
    total += len(b.recv(65536))
print(total)
buffer = bytearray(10)
print(a.send(b"into"), b.recv_into(buffer), buffer, a.send(b"more"), b.recv_into(memoryview(buffer)[4:], 2), buffer)
print(b.recv(10), a.family == socket.AF_UNIX, a.type == socket.SOCK_STREAM, a.proto, a.timeout)
b.settimeout(0.01)
print(b.gettimeout(), b.getblocking())
try:
    b.recv(1)
except TimeoutError as error:
    print(error, socket.timeout is TimeoutError)
b.setblocking(False)
try:
    b.recv(1)
except BlockingIOError as error:
    print(error.errno, b.gettimeout(), b.getblocking())
b.setblocking(True)
a.shutdown(socket.SHUT_WR)
print(b.recv(10), b.close(), b.fileno(), b.close())
fd = a.detach()
print(a.fileno(), os.close(fd))

# Descriptors travel in messages.
a, b = socket.socketpair()
r, w = os.pipe()
fds = array.array("i", [r])
print(a.sendmsg([b"one", b"two"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)]))
data, controls, flags, address = b.recvmsg(100, socket.CMSG_SPACE(4))
received = array.array("i", controls[0][2])
os.write(w, b"through")
print(data, len(controls), controls[0][:2] == (socket.SOL_SOCKET, socket.SCM_RIGHTS), os.read(received[0], 10), address)
parts = [bytearray(2), bytearray(8)]
print(a.send(b"abcdef"), b.recvmsg_into(parts)[0], parts, socket.CMSG_LEN(4) <= socket.CMSG_SPACE(4))
for one in (r, w, received[0]):
    os.close(one)

# TCP.
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
print(server.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR), server.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE, 4))
server.bind(("127.0.0.1", 0))
server.listen()
host, port = server.getsockname()
client = socket.socket()
client.settimeout(5)
client.connect((host, port))
fd, peer = server._accept()
served = socket.socket(fileno=fd)
print(host, port > 0, peer == client.getsockname(), served.getpeername() == client.getsockname(), served.family)
client.sendall(b"GET")
print(served.recv(10), served.send(b"answer"), client.recv(100))
served.close()
print(client.recv(1), client.connect_ex((host, port)) != 0)
for one in (client, server):
    one.close()
refused = socket.socket()
try:
    refused.connect((host, port))
except ConnectionRefusedError as error:
    print(error.strerror)

# UDP.
one, two = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
one.bind(("", 0))
two.bind(("localhost", 0))
two.sendto(b"packet", ("127.0.0.1", one.getsockname()[1]))
data, address = one.recvfrom(100)
print(data, address == ("127.0.0.1", two.getsockname()[1]), two.sendto(b"x", 0, ("127.0.0.1", one.getsockname()[1])))
print(one.recvfrom_into(buffer)[0], one.getsockname()[0])

# A socket with a file's name.
path = f"/tmp/stitch-socket-{os.getpid()}"
named = socket.socket(socket.AF_UNIX)
named.bind(path)
named.listen(1)
client = socket.socket(socket.AF_UNIX)
client.connect(path.encode())
print(named.getsockname() == path, client.getpeername() == path, client.getsockname() == "")
os.unlink(path)

# Names and numbers.
print(socket.htons(1), socket.ntohl(1), socket.inet_aton("1.2.3.4"), socket.inet_aton("127.1"), socket.inet_ntoa(b"\x01\x02\x03\x04"))
print(socket.inet_pton(socket.AF_INET6, "::1"), socket.inet_ntop(socket.AF_INET6, b"\0" * 15 + b"\1"))
print(socket.getaddrinfo("127.0.0.1", 80, socket.AF_INET, socket.SOCK_STREAM), socket.getaddrinfo("::1", "80", type=socket.SOCK_STREAM)[0][4])
print(socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV), socket.gethostbyname("127.0.0.1"))
print(socket.getdefaulttimeout(), socket.setdefaulttimeout(2.5), socket.socket().gettimeout(), socket.setdefaulttimeout(None))


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


s = socket.socket()
print(attempt(s.bind, 5), attempt(s.bind, ("a",)), attempt(s.bind, ("127.0.0.1", 70000)), attempt(s.connect, ("127.0.0.1", "a")))
print(attempt(s.recv, -1), attempt(s.send, "a"), attempt(s.getpeername), attempt(s.settimeout, -1), attempt(s.sendto, b"a"))
print(attempt(socket.inet_aton, "a"), attempt(socket.inet_ntoa, b"a"), attempt(socket.inet_pton, socket.AF_INET, "1.2"), attempt(socket.htons, -1))
print(attempt(socket.htons, 1 << 16), attempt(socket.htonl, 1 << 32), attempt(socket.socket, 999), attempt(socket.getaddrinfo, 5, 5))
print(attempt(s.recv_into, bytearray(2), 5), attempt(s.bind, ("a\0b", 1)), attempt(socket.socket(socket.AF_UNIX).bind, "a" * 200))
s.close()
print(attempt(s.recv, 1), attempt(s.bind, ("", 0)), repr(s), s.fileno())
