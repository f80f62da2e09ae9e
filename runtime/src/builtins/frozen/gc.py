"""The collector. It is not counted in objects, so that thresholds and counts are those of an idle one."""

from _stitch_host import collect as _collect


def collect(generation=2):
    """Gives None instead of a number: what is freed is not counted."""
    _collect(generation)


callbacks = []
garbage = []
_enabled = True


def enable():
    global _enabled
    _enabled = True


def disable():
    global _enabled
    _enabled = False


def isenabled():
    return _enabled


def get_threshold():
    return (2000, 10, 0)


def set_threshold(threshold0, threshold1=10, threshold2=0, /):
    pass


def get_count():
    return (0, 0, 0)


def freeze():
    pass


def unfreeze():
    pass
