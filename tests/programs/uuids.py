# Not under gc: it imports much of the library.
"""Identifiers of the time, by the native module, in this process and in a child of it."""
import os
import uuid

made = [uuid.uuid1() for _ in range(2000)]
print({one.version for one in made}, {one.variant for one in made}, {one.is_safe.name for one in made})
print(len(set(made)), all(a.time < b.time for a, b in zip(made, made[1:])))
print({one.node for one in made} == {made[0].node}, len({one.clock_seq for one in made}))
now = uuid.uuid1(node=1, clock_seq=5)
print(now.node, now.clock_seq, abs(now.time - made[-1].time) < 10**9)
print(uuid.getnode() == uuid.getnode(), 0 < uuid.getnode() < 1 << 48)
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.write(writer, b"".join(uuid.uuid1().bytes for _ in range(100)))
    os._exit(0)
here = {uuid.uuid1().bytes for _ in range(100)}
os.waitpid(child, 0)
data = os.read(reader, 1600)
there = {data[at:at + 16] for at in range(0, len(data), 16)}
print(len(here), len(there), len(here & there))
