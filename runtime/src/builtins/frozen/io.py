"""Streams in memory, and files, which are read as a whole when opened and written as a whole when closed or flushed."""

import _stitch_host as _host
from builtins import open

SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2
DEFAULT_BUFFER_SIZE = 131072


class UnsupportedOperation(OSError, ValueError):
    pass


class IOBase:
    closed = False

    def close(self):
        self.closed = True

    def flush(self):
        self._check()

    def readable(self):
        return False

    def writable(self):
        return False

    def seekable(self):
        return False

    def isatty(self):
        return False

    def fileno(self):
        raise UnsupportedOperation("fileno")

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, *exc_info):
        self.close()

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readlines(self, hint=-1):
        return list(self)

    def writelines(self, lines):
        for line in lines:
            self.write(line)


class RawIOBase(IOBase):
    pass


class BufferedIOBase(IOBase):
    pass


class TextIOBase(IOBase):
    encoding = None
    errors = None
    newlines = None


class _Memory:
    """What text and bytes in memory have in common. Writes at the end are collected and joined when somebody looks."""

    _empty = ""

    def _start(self, initial):
        self._data = initial
        self._parts = []
        self._at = 0

    def _join(self):
        if self._parts:
            self._data = self._empty.join([self._data, *self._parts])
            self._parts = []
            self._at = len(self._data)
        return self._data

    def readable(self):
        return True

    def writable(self):
        return True

    def seekable(self):
        return True

    def getvalue(self):
        self._check()
        at = self._at
        pending = bool(self._parts)
        data = self._join()
        if not pending:
            self._at = at
        return data

    def _put(self, data):
        if self._parts or self._at == len(self._data):
            self._parts.append(data)
            self._at += len(data)
        else:
            end = self._at + len(data)
            old = self._data
            if self._at > len(old):
                old += self._filler * (self._at - len(old))
            self._data = old[:self._at] + data + old[end:]
            self._at = end
        return len(data)

    def read(self, size=-1, /):
        self._check()
        data = self._join()
        end = len(data) if size is None or size < 0 else self._at + size
        result = data[self._at:end]
        self._at = max(self._at, min(end, len(data)))
        return result

    def readline(self, size=-1, /):
        self._check()
        data = self._join()
        end = data.find(self._newline, self._at) + 1 or len(data)
        if size is not None and size >= 0:
            end = min(end, self._at + size)
        result = data[self._at:end]
        self._at = max(self._at, end)
        return result

    def seek(self, pos, whence=0, /):
        self._check()
        data = self._join()
        if whence == 1:
            pos += self._at
        elif whence == 2:
            pos += len(data)
        if pos < 0:
            raise ValueError(f"Negative seek position {pos}")
        self._at = pos
        return pos

    def tell(self):
        self._check()
        return self._at

    def truncate(self, pos=None, /):
        self._check()
        data = self._join()
        pos = self._at if pos is None else pos
        self._data = data[:pos]
        return pos


class StringIO(_Memory, TextIOBase):
    _empty = ""
    _filler = "\0"
    _newline = "\n"

    def __init__(self, initial_value="", newline="\n"):
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError(f"initial_value must be str or None, not {type(initial_value).__name__}")
        self._start(initial_value or "")

    def write(self, s, /):
        if self.closed:
            raise ValueError("I/O operation on closed file")
        if not isinstance(s, str):
            raise TypeError(f"string argument expected, got {type(s).__name__!r}")
        if self._parts or self._at == len(self._data):
            self._parts.append(s)
            self._at += len(s)
            return len(s)
        return self._put(s)


class BytesIO(_Memory, BufferedIOBase):
    _empty = b""
    _filler = b"\0"
    _newline = b"\n"

    def __init__(self, initial_bytes=b""):
        self._start(bytes(initial_bytes) if initial_bytes is not None else b"")

    def write(self, b, /):
        self._check()
        if isinstance(b, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        return self._put(bytes(b))

    def getbuffer(self):
        return self.getvalue()

    def read1(self, size=-1, /):
        return self.read(size)


class _File:
    def _open(self, path, mode):
        self.name = path
        self.mode = mode
        self._path = path
        letter = mode[0]
        self._reads = letter == "r" or "+" in mode
        self._writes = letter != "r" or "+" in mode
        self._dirty = False
        self._appended = letter == "a"
        if letter == "r" or (letter == "a" and _host.path_kind(path) == 1):
            return _host.read_file(path)
        _host.write_file(path, b"", letter)
        return b""

    def readable(self):
        return self._reads

    def writable(self):
        return self._writes

    def _need(self, allowed, what):
        self._check()
        if not allowed:
            raise UnsupportedOperation(what)

    def flush(self):
        self._check()
        if self._dirty:
            _host.write_file(self._path, self._encoded(), "w")
            self._dirty = False

    def close(self):
        if not self.closed:
            self.flush()
            self.closed = True

    def __del__(self):
        self.close()


class TextIOWrapper(_File, StringIO):
    def __init__(self, path, mode, encoding, errors, newline):
        self.encoding = encoding or "utf-8"
        self.errors = errors or "strict"
        self._line_end = newline
        text = self._open(path, mode).decode(self.encoding, self.errors)
        if newline is None:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._start(text)
        if self._appended:
            self._at = len(text)

    def _encoded(self):
        text = self.getvalue()
        if self._line_end not in (None, "", "\n"):
            text = text.replace("\n", self._line_end)
        return text.encode(self.encoding, self.errors)

    def read(self, size=-1, /):
        self._need(self._reads, "not readable")
        return StringIO.read(self, size)

    def readline(self, size=-1, /):
        self._need(self._reads, "not readable")
        return StringIO.readline(self, size)

    def write(self, s, /):
        self._need(self._writes, "not writable")
        self._dirty = True
        return StringIO.write(self, s)

    def __repr__(self):
        return f"<_io.TextIOWrapper name={self.name!r} mode={self.mode!r} encoding={self.encoding!r}>"


class BufferedFile(_File, BytesIO):
    def __init__(self, path, mode):
        data = self._open(path, mode)
        self._start(data)
        if self._appended:
            self._at = len(data)

    def _encoded(self):
        return self.getvalue()

    def read(self, size=-1, /):
        self._need(self._reads, "read")
        return BytesIO.read(self, size)

    def readline(self, size=-1, /):
        self._need(self._reads, "read")
        return BytesIO.readline(self, size)

    def write(self, b, /):
        self._need(self._writes, "write")
        self._dirty = True
        return BytesIO.write(self, b)

    def __repr__(self):
        return f"<_io.BufferedReader name={self.name!r}>"


def _open(file, mode, encoding, errors, newline):
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    letters = set(mode)
    if letters - set("rwaxbt+") or len(mode) > len(letters):
        raise ValueError(f"invalid mode: {mode!r}")
    if len(letters & set("rwax")) != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if "b" in letters and "t" in letters:
        raise ValueError("can't have text and binary mode at once")
    if "b" in letters and encoding is not None:
        raise ValueError("binary mode doesn't take an encoding argument")
    if isinstance(file, int):
        raise UnsupportedOperation("open() of a file descriptor")
    path = file.__fspath__() if hasattr(file, "__fspath__") else file
    # The letter that says what to do comes first.
    mode = "".join([c for c in mode if c in "rwax"]) + "".join([c for c in mode if c in "+b"])
    if "b" in letters:
        return BufferedFile(path, mode)
    return TextIOWrapper(path, mode, encoding, errors, newline)
