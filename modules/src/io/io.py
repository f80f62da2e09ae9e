"""Streams: those of `_io`, text in memory, and files, which are read as a whole when opened and written when closed or flushed."""

import _io
import abc
from _io import DEFAULT_BUFFER_SIZE, BlockingIOError, BytesIO, FileIO, UnsupportedOperation
from builtins import open

def open_code(path):
    """A file of code, to be read in bytes."""
    return open(path, "rb")


def text_encoding(encoding, stacklevel=2, /):
    """The encoding, or the name of the one that is taken where none is given."""
    return "locale" if encoding is None else encoding


SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2


class IOBase(_io._IOBase, metaclass=abc.ABCMeta):
    __doc__ = _io._IOBase.__doc__


class RawIOBase(_io._RawIOBase, IOBase):
    __doc__ = _io._RawIOBase.__doc__


class BufferedIOBase(_io._BufferedIOBase, IOBase):
    __doc__ = _io._BufferedIOBase.__doc__


class TextIOBase(_io._TextIOBase, IOBase):
    __doc__ = _io._TextIOBase.__doc__


class _Stream:
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


class StringIO(_Memory, _Stream):
    encoding = None
    errors = None
    newlines = None
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


class _Bytes(_Memory, _Stream):
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
    def _open(self, file, mode, closefd, opener):
        self.name = file
        self.mode = mode
        self._raw = raw = FileIO(file, mode, closefd, opener)
        self._reads = raw.readable()
        self._writes = raw.writable()
        self._dirty = False
        self._appended = mode[0] == "a"
        self._written = b""
        if self._appended and not isinstance(file, int) and raw.seekable():
            with FileIO(file) as existing:
                self._written = existing.readall()
        elif self._reads:
            self._written = raw.readall() or b""
        return self._written

    def readable(self):
        return self._reads

    def writable(self):
        return self._writes

    def seekable(self):
        return self._raw.seekable()

    def fileno(self):
        self._check()
        return self._raw.fileno()

    def isatty(self):
        self._check()
        return self._raw.isatty()

    def _need(self, allowed, what):
        self._check()
        if not allowed:
            raise UnsupportedOperation(what)

    def flush(self):
        self._check()
        if not self._dirty:
            return
        data = self._encoded()
        if data.startswith(self._written):
            rest = memoryview(data)[len(self._written):]
        else:
            rest = memoryview(data)
            self._raw.seek(0)
            self._raw.truncate(0)
        while rest:
            rest = rest[self._raw.write(rest):]
        self._written = data
        self._dirty = False

    def close(self):
        if not self.closed:
            try:
                self.flush()
            finally:
                self.closed = True
                self._raw.close()

    def __del__(self):
        if hasattr(self, "_written"):
            self.close()


class TextIOWrapper(_File, StringIO):
    def __init__(self, file, mode, encoding, errors, newline, closefd, opener):
        self.encoding = encoding or "utf-8"
        self.errors = errors or "strict"
        self._line_end = newline
        text = self._open(file, mode, closefd, opener).decode(self.encoding, self.errors)
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


class BufferedFile(_File, _Bytes):
    def __init__(self, file, mode, closefd, opener):
        data = self._open(file, mode, closefd, opener)
        self._start(data)
        if self._appended:
            self._at = len(data)

    def _encoded(self):
        return self.getvalue()

    def read(self, size=-1, /):
        self._need(self._reads, "read")
        return _Bytes.read(self, size)

    def readline(self, size=-1, /):
        self._need(self._reads, "read")
        return _Bytes.readline(self, size)

    def write(self, b, /):
        self._need(self._writes, "write")
        self._dirty = True
        return _Bytes.write(self, b)

    def __repr__(self):
        return f"<_io.BufferedReader name={self.name!r}>"


def _open(file, mode, buffering, encoding, errors, newline, closefd, opener):
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
    path = file.__fspath__() if hasattr(file, "__fspath__") else file
    # The letter that says what to do comes first.
    mode = "".join([c for c in mode if c in "rwax"]) + "".join([c for c in mode if c in "+b"])
    if "b" not in letters:
        if buffering == 0:
            raise ValueError("can't have unbuffered text I/O")
        return TextIOWrapper(path, mode, encoding, errors, newline, closefd, opener)
    if buffering == 0:
        return FileIO(path, mode, closefd, opener)
    return BufferedFile(path, mode, closefd, opener)


RawIOBase.register(FileIO)
BufferedIOBase.register(BytesIO)
BufferedIOBase.register(BufferedFile)
TextIOBase.register(StringIO)
