"""The operating system: directories, files and the environment."""

import sys as _sys
import _stitch_host as _host
import posixpath as path
from posixpath import fspath, curdir, pardir, sep, pathsep, extsep, altsep, devnull, defpath

_sys.modules["os.path"] = path

name = "posix"
linesep = "\n"
error = OSError
F_OK, R_OK, W_OK, X_OK = 0, 4, 2, 1


class _Environ(dict):
    """The environment of this process. Changes are not passed to the system."""

    def __setitem__(self, key, value):
        if not isinstance(key, str) or not isinstance(value, str):
            raise TypeError(f"str expected, not {type(value).__name__}")
        dict.__setitem__(self, key, value)

    def __repr__(self):
        return f"environ({dict.__repr__(self)})"


environ = _Environ(_host.environment())

getcwd = _host.getcwd
chdir = _host.chdir
getpid = _host.getpid
urandom = _host.urandom
rmdir = _host.rmdir
remove = unlink = _host.remove
rename = replace = _host.rename


class PathLike:
    def __fspath__(self):
        raise NotImplementedError


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(name, value, /):
    environ[name] = value


def unsetenv(name, /):
    environ.pop(name, None)


def listdir(path="."):
    return _host.listdir(path)


def mkdir(path, mode=0o777):
    _host.mkdir(path)


def makedirs(name, mode=0o777, exist_ok=False):
    head, tail = path.split(name)
    if not tail:
        head, tail = path.split(head)
    if head and tail and not path.exists(head):
        makedirs(head, exist_ok=True)
    try:
        mkdir(name)
    except OSError:
        if not exist_ok or not path.isdir(name):
            raise


def access(path, mode):
    return _host.path_kind(path) != 0


def cpu_count():
    return len([line for line in _host.read_file("/proc/cpuinfo").split(b"\n") if line.startswith(b"processor")]) or None


process_cpu_count = cpu_count


def fsencode(filename):
    filename = fspath(filename)
    return filename.encode("utf-8", "surrogateescape") if isinstance(filename, str) else filename


def fsdecode(filename):
    filename = fspath(filename)
    return filename.decode("utf-8", "surrogateescape") if isinstance(filename, bytes) else filename


def walk(top, topdown=True, onerror=None, followlinks=False):
    try:
        names = listdir(top)
    except OSError as exc:
        if onerror is not None:
            onerror(exc)
        return
    dirs = [n for n in names if path.isdir(path.join(top, n))]
    files = [n for n in names if n not in dirs]
    if topdown:
        yield top, dirs, files
    for directory in dirs:
        full = path.join(top, directory)
        if followlinks or not path.islink(full):
            yield from walk(full, topdown, onerror, followlinks)
    if not topdown:
        yield top, dirs, files
