# needs: h11
import h11

client, server = h11.Connection(h11.CLIENT), h11.Connection(h11.SERVER)
data = client.send(h11.Request(method="POST", target="/x", headers=[("Host", "h"), ("Content-Length", "3")])) + client.send(h11.Data(b"abc")) + client.send(h11.EndOfMessage())
print(data)
server.receive_data(data)
while True:
    event = server.next_event()
    print(event)
    if type(event) is h11.EndOfMessage:
        break
client.receive_data(server.send(h11.Response(status_code=200, headers=[("Transfer-Encoding", "chunked")])) + server.send(h11.Data(b"hello")) + server.send(h11.EndOfMessage()))
print(client.next_event(), client.next_event(), client.next_event(), client.their_state, server.our_state)
try:
    h11.Connection(h11.SERVER).receive_data(b"nonsense\r\n\r\n") or (wrong := h11.Connection(h11.SERVER)).receive_data(b"bad request line here now\r\n\r\n") or wrong.next_event()
except h11.RemoteProtocolError as error:
    print(error)
