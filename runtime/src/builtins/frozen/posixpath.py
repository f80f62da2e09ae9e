"""Paths with slashes."""

import _stitch_host as _host

curdir, pardir, extsep, sep, pathsep, altsep, devnull, defpath = ".", "..", ".", "/", ":", None, "/dev/null", "/bin:/usr/bin"
supports_unicode_filenames = False


def fspath(path):
    if isinstance(path, (str, bytes)):
        return path
    method = getattr(type(path), "__fspath__", None)
    if method is None:
        raise TypeError(f"expected str, bytes or os.PathLike object, not {type(path).__name__}")
    return method(path)


def isabs(s):
    return fspath(s).startswith("/")


def join(a, /, *p):
    path = fspath(a)
    for b in p:
        b = fspath(b)
        if b.startswith("/") or not path:
            path = b
        elif path.endswith("/"):
            path += b
        else:
            path += "/" + b
    return path


def split(p, /):
    p = fspath(p)
    i = p.rfind("/") + 1
    head, tail = p[:i], p[i:]
    if head and head != "/" * len(head):
        head = head.rstrip("/")
    return head, tail


def splitext(p, /):
    p = fspath(p)
    dot = p.rfind(".")
    start = p.rfind("/") + 1
    if dot > start and p[start:dot].strip("."):
        return p[:dot], p[dot:]
    return p, ""


def splitdrive(p, /):
    return "", fspath(p)


def splitroot(p, /):
    p = fspath(p)
    if not p.startswith("/"):
        return "", "", p
    if not p.startswith("//") or p.startswith("///"):
        return "", "/", p[1:]
    return "", "//", p[2:]


def basename(p, /):
    return split(p)[1]


def dirname(p, /):
    return split(p)[0]


def normpath(path, /):
    path = fspath(path)
    if not path:
        return "."
    root = splitroot(path)[1]
    parts = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != ".." or (not root and not parts) or (parts and parts[-1] == ".."):
            parts.append(part)
        elif parts:
            parts.pop()
    return root + "/".join(parts) or "."


def abspath(path):
    path = fspath(path)
    if not path.startswith("/"):
        path = join(_host.getcwd(), path)
    return normpath(path)


def realpath(filename, *, strict=False):
    real = _host.realpath(fspath(filename))
    return abspath(filename) if real is None else real


def exists(path):
    return _host.path_kind(fspath(path)) != 0


def lexists(path):
    return exists(path) or islink(path)


def isfile(path):
    return _host.path_kind(fspath(path)) == 1


def isdir(s, /):
    return _host.path_kind(fspath(s)) == 2


def islink(path):
    return _host.is_link(fspath(path))


def getsize(filename):
    return _host.getsize(fspath(filename))


def normcase(s, /):
    return fspath(s)


def commonprefix(m):
    if not m:
        return ""
    least, most = min(m), max(m)
    for i, c in enumerate(least):
        if c != most[i]:
            return least[:i]
    return least


def commonpath(paths):
    paths = [fspath(path) for path in paths]
    if not paths:
        raise ValueError("commonpath() arg is an empty sequence")
    absolute = {path.startswith("/") for path in paths}
    if len(absolute) != 1:
        raise ValueError("Can't mix absolute and relative paths")
    parts = [[part for part in path.split("/") if part and part != "."] for path in paths]
    least, most = min(parts), max(parts)
    common = least
    for i, part in enumerate(least):
        if part != most[i]:
            common = least[:i]
            break
    return ("/" if absolute.pop() else "") + "/".join(common)


def relpath(path, start=None):
    if not path:
        raise ValueError("no path specified")
    start = [part for part in abspath(start or ".").split("/") if part]
    parts = [part for part in abspath(path).split("/") if part]
    n = len(commonprefix([start, parts]))
    return join(*[".."] * (len(start) - n) + parts[n:]) if len(start) > n or len(parts) > n else "."


def expanduser(path):
    path = fspath(path)
    if path == "~" or path.startswith("~/"):
        home = _host.environment().get("HOME")
        if home:
            return (home.rstrip("/") + path[1:]) or "/"
    return path


def expandvars(path):
    environment = _host.environment()
    path = fspath(path)
    result = ""
    i = 0
    while i < len(path):
        if path[i] == "$" and i + 1 < len(path):
            end = i + 1
            if path[end] == "{":
                end = path.find("}", i)
                name = path[i + 2:end]
                end += 1
                if not end:
                    return result + path[i:]
            else:
                while end < len(path) and (path[end].isalnum() or path[end] == "_"):
                    end += 1
                name = path[i + 1:end]
            result += environment.get(name, path[i:end])
            i = end
        else:
            result += path[i]
            i += 1
    return result
