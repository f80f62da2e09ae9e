"""Message digests."""

import _stitch_hashes as _hashes

_KINDS = {"md5": (16, 64), "sha1": (20, 64), "sha224": (28, 64), "sha256": (32, 64),
          "sha384": (48, 128), "sha512": (64, 128)}

algorithms_guaranteed = set(_KINDS)
algorithms_available = algorithms_guaranteed


class _Hash:
    def __init__(self, name, data=b""):
        self.name = name
        self.digest_size, self.block_size = _KINDS[name]
        self._data = [bytes(data)]

    def update(self, data, /):
        if isinstance(data, str):
            raise TypeError("Strings must be encoded before hashing")
        self._data.append(bytes(data))

    def digest(self):
        self._data = [b"".join(self._data)]
        return _hashes.digest(self.name, self._data[0])

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        return _Hash(self.name, b"".join(self._data))


def new(name, data=b"", **kwargs):
    if name.lower() not in _KINDS:
        raise ValueError(f"unsupported hash type {name}")
    if isinstance(data, str):
        raise TypeError("Strings must be encoded before hashing")
    return _Hash(name.lower(), data)


def md5(data=b"", *, usedforsecurity=True):
    return new("md5", data)


def sha1(data=b"", *, usedforsecurity=True):
    return new("sha1", data)


def sha224(data=b"", *, usedforsecurity=True):
    return new("sha224", data)


def sha256(data=b"", *, usedforsecurity=True):
    return new("sha256", data)


def sha384(data=b"", *, usedforsecurity=True):
    return new("sha384", data)


def sha512(data=b"", *, usedforsecurity=True):
    return new("sha512", data)
