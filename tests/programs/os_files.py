# Files and directories through os: names, descriptors, links, times, and what goes wrong.
import errno
import os
import stat

root = f"/tmp/stitch-os-files-{os.getpid()}"
os.mkdir(root)
os.chdir(root)


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}".replace(root, "ROOT")


# Descriptors.
fd = os.open("a", os.O_RDWR | os.O_CREAT, 0o640)
print(os.write(fd, b"hello world"), os.lseek(fd, 0, os.SEEK_SET), os.read(fd, 5), os.read(fd, 100), os.read(fd, 1))
print(os.pread(fd, 3, 6), os.pwrite(fd, b"W", 6), os.pread(fd, 100, 0))
buffers = [bytearray(4), bytearray(3)]
os.lseek(fd, 0, 0)
print(os.readv(fd, buffers), buffers, os.writev(fd, [b"12", b"", b"345"]))
buffer = bytearray(20)
os.lseek(fd, 0, 0)
print(os.preadv(fd, [buffer], 2), buffer.rstrip(b"\0"), os.pwritev(fd, [b"xy"], 0))
os.ftruncate(fd, 4)
print(os.fstat(fd).st_size, oct(os.fstat(fd).st_mode & 0o777 & ~0o022), os.get_inheritable(fd), os.isatty(fd))
copy = os.dup(fd)
print(os.get_inheritable(copy), os.dup2(fd, copy) == copy, os.get_inheritable(copy))
os.set_inheritable(copy, False)
print(os.get_inheritable(copy), os.get_blocking(copy))
os.close(copy)
os.close(fd)
print(attempt(os.close, fd), attempt(os.read, fd, 1), attempt(os.fsync, -1), attempt(os.fsync, "a"))

# Names.
os.mkdir("d")
os.makedirs("d/e/f", exist_ok=True)
for name in ("d/1", "d/2", "d/e/3"):
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT))
os.symlink("d", "to_d")
os.symlink("nowhere", "dangling")
os.link("d/1", "hard")
print(sorted(os.listdir()), sorted(os.listdir(b"d")), os.readlink("to_d"), os.readlink(b"dangling"))
print(os.stat("hard").st_nlink, os.stat("hard").st_ino == os.stat("d/1").st_ino, os.path.samefile("hard", "d/1"))
print([(top, sorted(dirs), sorted(files)) for top, dirs, files in sorted(os.walk("."))])
for entry in sorted(os.scandir("."), key=lambda entry: entry.name):
    print(entry, entry.path, entry.is_dir(), entry.is_file(), entry.is_symlink(), entry.is_dir(follow_symlinks=False),
          entry.inode() == os.lstat(entry.path).st_ino, attempt(lambda: stat.S_IFMT(entry.stat().st_mode)))
with os.scandir("d") as entries:
    first = next(entries)
    print(os.fspath(first) == "d/" + first.name, first.stat() is first.stat())
print(list(entries), attempt(type(first)))
print([os.path.exists("dangling"), os.path.lexists("dangling"), os.path.isdir("to_d"), os.path.islink("to_d"),
       os.path.isfile("d"), os.path.getsize("a"), os.path.realpath("to_d/e/../1").replace(root, "ROOT")])

# Through a directory's descriptor.
dir_fd = os.open("d", os.O_RDONLY)
print(sorted(os.listdir(dir_fd)), os.stat("1", dir_fd=dir_fd).st_size, sorted(e.name for e in os.scandir(dir_fd)))
os.mkdir("new", dir_fd=dir_fd)
os.rename("2", "new/2", src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
os.unlink("new/2", dir_fd=dir_fd)
os.rmdir("new", dir_fd=dir_fd)
print(sorted(os.listdir(dir_fd)), sorted(os.listdir(dir_fd)))
os.close(dir_fd)

# Times and modes.
os.utime("a", (1_000_000_000, 1_234_567_890.5))
status = os.stat("a")
print(status.st_atime, status.st_mtime, status.st_mtime_ns, status[7:9], len(status), status.st_ctime_ns > 0)
os.utime("a", ns=(1, 2_000_000_003))
print(os.stat("a").st_atime_ns, os.stat("a").st_mtime_ns, os.path.getmtime("a"))
os.chmod("a", 0o600)
print(stat.filemode(os.stat("a").st_mode), stat.filemode(os.lstat("to_d").st_mode), os.access("a", os.R_OK | os.W_OK))
old = os.umask(0o077)
os.mkdir("private", 0o777)
print(oct(stat.S_IMODE(os.stat("private").st_mode)), oct(os.umask(old)))
os.truncate("a", 10)
print(os.stat("a").st_size, os.stat("a").st_blksize > 0)
os.mkfifo("fifo")
print(stat.S_ISFIFO(os.stat("fifo").st_mode))

# What goes wrong.
for failure in (
    lambda: os.stat("missing"),
    lambda: os.stat(b"missing"),
    lambda: os.rename("missing", "other"),
    lambda: os.mkdir("d"),
    lambda: os.rmdir("d"),
    lambda: os.rmdir("a"),
    lambda: os.listdir("a"),
    lambda: os.listdir("missing"),
    lambda: os.scandir("missing"),
    lambda: os.open("missing", os.O_RDONLY),
    lambda: os.readlink("a"),
    lambda: os.stat("a\0b"),
    lambda: os.mkdir(3),
    lambda: os.stat([]),
    lambda: os.stat(1.5),
    lambda: os.listdir({}),
    lambda: os.stat("a", dir_fd="d"),
    lambda: os.stat(0, dir_fd=3),
    lambda: os.stat(1, follow_symlinks=False),
    lambda: os.chown("a", "root", 0),
    lambda: os.chown("a", -2, 0),
    lambda: os.close("a"),
    lambda: os.close(2**40),
    lambda: os.read(0, -1),
    lambda: os.utime("a", 3),
    lambda: os.utime("a", (1, 2), ns=(1, 2)),
    lambda: os.utime("a", ns=(1,)),
    lambda: os.fspath(3),
    lambda: os.readv(0, 5),
):
    print(attempt(failure))
try:
    os.stat("missing")
except FileNotFoundError as error:
    print(error.errno == errno.ENOENT, error.strerror, error.filename, error.filename2, error.args)
try:
    os.symlink("x", "a")
except FileExistsError as error:
    print(error.filename, error.filename2)


class Named:
    def __init__(self, name):
        self.name = name

    def __fspath__(self):
        return self.name


print(os.stat(Named("a")).st_size, os.fspath(Named(b"a")), attempt(os.stat, Named(3)), attempt(os.stat, Named("b")) != "")

# Names that are no text.
name = b"\xff\xfe"
os.close(os.open(name, os.O_CREAT))
print([n for n in os.listdir(".") if not n.isprintable()], os.fsencode("\udcff\udcfe"), ascii(os.fsdecode(name)), os.path.exists("\udcff\udcfe"))

for top, dirs, files in os.walk(root, topdown=False):
    for name in files:
        os.remove(os.path.join(top, name))
    for name in dirs:
        path = os.path.join(top, name)
        os.unlink(path) if os.path.islink(path) else os.rmdir(path)
os.chdir("/")
os.rmdir(root)
print(os.path.exists(root))
