"""What looks into other processes that run Python. It says that it cannot: what those look like inside is CPython's own."""

from collections import namedtuple

FrameInfo = namedtuple("FrameInfo", "filename lineno funcname")


class RemoteUnwinder:
    def __init__(self, pid, *, all_threads=False, only_active_thread=False, debug=False):
        raise RuntimeError("other processes cannot be looked into")
