# Files as memory.
import mmap
import os

path = f"/tmp/stitch-mmap-{os.getpid()}"
fd = os.open(path, os.O_RDWR | os.O_CREAT)
os.write(fd, b"hello\nworld\n" + b"\0" * 88)
m = mmap.mmap(fd, 0)
print(len(m), m[:5], m[0], m[-1], m[::-30], m.find(b"o"), m.find(b"o", 5), m.rfind(b"o"), m.find(b"zz"), m.find(b""))
print(m.readline(), m.tell(), m.read(3), m.read_byte(), m.seek(0), m.write(b"HELLO"), m.tell(), m[:7])
m[6:11] = b"WORLD"
m[0] = ord("h")
m.write_byte(33)
print(m.flush(), os.pread(fd, 12, 0), m.size(), m.seek(0, 2), m.read(), m.seek(-10, 1), m.closed)
m.move(20, 0, 5)
print(m[18:27], m.madvise(mmap.MADV_NORMAL), m.resize(200), len(m), os.fstat(fd).st_size)
view = memoryview(m)
print(view[:3].tobytes(), view.readonly, bytes(m[:3]), bytearray(m)[:3], b"h" in [m[:1]])


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(attempt(m.close), attempt(m.resize, 10))
view.release()
print(attempt(m.seek, 1000), attempt(m.__setitem__, slice(0, 3), b"ab"), attempt(lambda: m[1000]))
print(attempt(m.__setitem__, 0, 300), attempt(m.__setitem__, 0, "a"), attempt(lambda: m["a"]), attempt(m.move, 0, 190, 50))
with mmap.mmap(fd, 10, access=mmap.ACCESS_READ) as reader:
    with memoryview(reader) as view:
        readonly = view.readonly
    print(reader[:5], attempt(reader.write, b"x"), attempt(reader.__setitem__, 0, 1), readonly)
print(reader.closed, attempt(len, reader), attempt(reader.read), repr(reader))
copy = mmap.mmap(fd, 10, access=mmap.ACCESS_COPY)
copy[:5] = b"COPY!"
print(copy[:5], os.pread(fd, 5, 0), copy)
own = mmap.mmap(-1, 4096)
own.write(b"anonymous")
print(own[:9], attempt(own.size), mmap.PAGESIZE == mmap.ALLOCATIONGRANULARITY, m.close(), m.close())
pid = os.fork()
if pid == 0:
    own[:5] = b"child"
    os._exit(0)
os.waitpid(pid, 0)
print(own[:9])
print(attempt(mmap.mmap, fd, -1), attempt(mmap.mmap, fd, 10**6), attempt(mmap.mmap, 999, 1), attempt(mmap.mmap, -1, 0))
os.ftruncate(fd, 0)
print(attempt(mmap.mmap, fd, 0), attempt(mmap.mmap, fd, 1, mmap.MAP_SHARED, mmap.PROT_READ, 1))
os.close(fd)
os.unlink(path)
