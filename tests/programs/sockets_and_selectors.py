# The library's socket, selectors and signal over the native modules.
import selectors
import signal
import socket

with socket.create_server(("127.0.0.1", 0)) as server:
    address = server.getsockname()
    with socket.create_connection(address, timeout=5) as client:
        served, peer = server.accept()
        print(type(served).__name__, served.family, served.type, peer == client.getsockname(), client.gettimeout())
        selector = selectors.DefaultSelector()
        print(type(selector).__name__)
        selector.register(served, selectors.EVENT_READ, "served")
        selector.register(client, selectors.EVENT_WRITE, "client")
        print([(key.data, events) for key, events in selector.select(0)])
        client.sendall(b"ping")
        print(sorted((key.data, events) for key, events in selector.select(1)))
        print(served.recv(10), selector.unregister(client).data, selector.select(0.01))
        served.close()
        selector.close()
        print(client.recv(1), repr(served).startswith("<socket.socket [closed]"))
for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector):
    a, b = socket.socketpair()
    with kind() as selector:
        selector.register(a, selectors.EVENT_READ)
        b.send(b"x")
        print(kind.__name__, [(key.fileobj is a, events) for key, events in selector.select()])
    a.close()
    b.close()
print(socket.AF_INET, socket.SOCK_STREAM, socket.getaddrinfo("127.0.0.1", 80, proto=socket.IPPROTO_TCP)[0])
print(signal.Signals.SIGTERM, signal.SIGINT, signal.getsignal(signal.SIGTERM), signal.strsignal(9), signal.getsignal(signal.SIGINT).__name__)
print(signal.signal(signal.SIGUSR1, lambda *args: print("handled", *args[:1])), signal.raise_signal(signal.SIGUSR1))
print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.SIGUSR1 in signal.valid_signals())
