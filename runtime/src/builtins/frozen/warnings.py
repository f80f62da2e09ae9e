"""Warnings: written to standard error once for each place."""

import sys

filters = []
_seen = set()
_recording = []


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    if isinstance(message, Warning):
        category = type(message)
    category = category or UserWarning
    _show(message, category)


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    _show(message, category)


def _show(message, category):
    action = "default"
    for kind, wanted in filters:
        if issubclass(category, wanted):
            action = kind
            break
    if action == "error":
        raise message if isinstance(message, Warning) else category(message)
    if action == "ignore":
        return
    if _recording:
        _recording[-1].append(WarningMessage(message, category, "<unknown>", 0))
        return
    key = (str(message), category)
    if action != "always" and key in _seen:
        return
    _seen.add(key)
    sys.stderr.write(f"{category.__name__}: {message}\n")


class WarningMessage:
    def __init__(self, message, category, filename, lineno):
        self.message = message if isinstance(message, Warning) else category(message)
        self.category = category
        self.filename = filename
        self.lineno = lineno


def simplefilter(action, category=Warning, lineno=0, append=False):
    if append:
        filters.append((action, category))
    else:
        filters.insert(0, (action, category))


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    simplefilter(action, category, lineno, append)


def resetwarnings():
    filters.clear()


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._action = action
        self._category = category

    def __enter__(self):
        self._saved = filters[:]
        if self._action is not None:
            simplefilter(self._action, self._category)
        if self._record:
            log = []
            _recording.append(log)
            return log

    def __exit__(self, *exc_info):
        filters[:] = self._saved
        if self._record:
            _recording.pop()


def deprecated(message, /, *, category=DeprecationWarning, stacklevel=1):
    return lambda arg: arg
