"""How much memory was taken since tracing began. Memory is counted as the system gives it to the process; who asked for it is not
known, so that there are no traces of single blocks."""

import os

_MAX_FRAMES = 0xFFFF
_limit = 1
_at_start = None
_peak = 0


def _resident():
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def start(nframe=1, /):
    """Begins to count, unless it was begun."""
    global _limit, _at_start, _peak
    if not 1 <= nframe <= _MAX_FRAMES:
        raise ValueError(f"the number of frames must be in range [1; {_MAX_FRAMES}]")
    if _at_start is None:
        _limit, _peak, _at_start = nframe, 0, _resident()


def stop():
    """Ends the count."""
    global _at_start, _peak
    _at_start, _peak = None, 0


def is_tracing():
    """Is memory counted?"""
    return _at_start is not None


def clear_traces():
    """Counts from here on."""
    global _at_start, _peak
    if _at_start is not None:
        _at_start, _peak = _resident(), 0


def get_traceback_limit():
    """How many frames a trace would have."""
    return _limit


def get_traced_memory():
    """What is taken now and what was taken at most, as far as somebody asked, in bytes."""
    global _peak
    if _at_start is None:
        return 0, 0
    taken = max(_resident() - _at_start, 0)
    _peak = max(_peak, taken)
    return taken, _peak


def reset_peak():
    """Has the peak be what is taken now."""
    global _peak
    _peak = 0
    get_traced_memory()


def get_tracemalloc_memory():
    """The bytes that the traces take."""
    return 0


def _get_traces():
    return []


def _get_object_traceback(obj, /):
    return None
