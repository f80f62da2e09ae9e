"""Shallow and deep copies."""


class Error(Exception):
    pass


error = Error

_ATOMIC = frozenset([
    type(None), int, float, bool, complex, str, bytes, type, range, type(Ellipsis), type(NotImplemented), type(len), type(lambda: 0),
    property,
])


def copy(x):
    cls = type(x)
    if cls in _ATOMIC or isinstance(x, type) or cls is tuple or cls is frozenset:
        return x
    if cls is list or cls is dict or cls is set:
        return x.copy()
    method = getattr(cls, "__copy__", None)
    if method is not None:
        return method(x)
    return _reconstruct(x, lambda value: value)


def deepcopy(x, memo=None):
    cls = type(x)
    if cls in _ATOMIC:
        return x
    if memo is None:
        memo = {}
    known = memo.get(id(x), memo)
    if known is not memo:
        return known
    if cls is list:
        result = []
        memo[id(x)] = result
        for item in x:
            result.append(deepcopy(item, memo))
    elif cls is tuple:
        items = [deepcopy(item, memo) for item in x]
        known = memo.get(id(x), memo)
        if known is not memo:
            return known
        for old, new in zip(x, items):
            if old is not new:
                result = tuple(items)
                break
        else:
            result = x
    elif cls is dict:
        result = {}
        memo[id(x)] = result
        for key, value in x.items():
            result[deepcopy(key, memo)] = deepcopy(value, memo)
    elif cls is set or cls is frozenset:
        result = cls([deepcopy(item, memo) for item in x])
    elif isinstance(x, type):
        return x
    else:
        method = getattr(cls, "__deepcopy__", None)
        if method is not None:
            result = method(x, memo)
        else:
            result = _reconstruct(x, lambda value: deepcopy(value, memo), memo)
    if result is not x:
        memo[id(x)] = result
        # What was copied stays alive as long as its id is remembered.
        memo.setdefault(id(memo), []).append(x)
    return result


def _slots(cls):
    for base in cls.__mro__:
        names = base.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name not in ("__dict__", "__weakref__"):
                if name.startswith("__") and not name.endswith("__"):
                    name = f"_{base.__name__.lstrip('_')}{name}"
                yield name


def _rebuild(x, reduced, convert, memo):
    """What `__reduce__` says, with all parts converted."""
    function, arguments, state, items, pairs = (*reduced, None, None, None)[:5]
    result = function(*[convert(argument) for argument in arguments])
    if memo is not None:
        memo[id(x)] = result
    if state is not None:
        state = convert(state)
        if hasattr(result, "__setstate__"):
            result.__setstate__(state)
        else:
            for name, value in state.items():
                object.__setattr__(result, name, value)
    if items is not None:
        for item in items:
            result.append(convert(item))
    if pairs is not None:
        for key, value in pairs:
            result[convert(key)] = convert(value)
    return result


def _reconstruct(x, convert, memo=None):
    cls = type(x)
    reduce = getattr(cls, "__reduce__", None)
    if reduce is not None and reduce is not getattr(object, "__reduce__", None):
        return _rebuild(x, reduce(x), convert, memo)
    if isinstance(x, (int, str, float, bytes, tuple, frozenset)):
        arguments = x.__getnewargs__() if hasattr(x, "__getnewargs__") else (x,)
        result = cls.__new__(cls, *[convert(argument) for argument in arguments])
    elif isinstance(x, BaseException):
        result = cls.__new__(cls, *x.args)
        result.args = convert(x.args)
    else:
        result = cls.__new__(cls)
    if memo is not None:
        memo[id(x)] = result
    if isinstance(x, list):
        result.extend([convert(item) for item in x])
    elif isinstance(x, dict):
        for key, value in x.items():
            dict.__setitem__(result, convert(key), convert(value))
    elif isinstance(x, set):
        result.update([convert(item) for item in x])
    if hasattr(cls, "__getstate__") and hasattr(cls, "__setstate__"):
        result.__setstate__(convert(x.__getstate__()))
        return result
    for name in _slots(cls):
        if hasattr(x, name):
            object.__setattr__(result, name, convert(getattr(x, name)))
    for name, value in getattr(x, "__dict__", {}).items():
        object.__setattr__(result, name, convert(value))
    return result


def replace(obj, /, **changes):
    method = getattr(type(obj), "__replace__", None)
    if method is None:
        raise TypeError(f"replace() does not support {type(obj).__name__} objects")
    return method(obj, **changes)
