"""What classes made of built-in ones are and do; the output is to be compared with CPython's.

    target/release/stitch tests/oracle/bases.py > ours; python3.14 tests/oracle/bases.py > theirs; diff ours theirs

First a class for every pair of built-in bases, or why there is none; then an instance of a subclass of every one, and
every special method of it called with a few arguments. `bases.md` lists what differs, and why. What depends on addresses, sizes or hashes is left out.
"""

import builtins
LEFT_OUT = {"__hash__", "__sizeof__", "__dir__", "__init_subclass__", "__subclasshook__", "__reduce__", "__reduce_ex__", "__getstate__"}
ARGUMENTS = [(), (1,), ("a",), (None,), ([1, 2],), ({"a": 1},), (2.5,), (1, 2), ("a", 3), ((1, 2), (3, 4), {})]
MADE_WITH = [(), (1,), ("abc",), ([1, 2],), (b"abc",), (len, [1]), ([1], [2]), ("C", (), {}), ("m", [ValueError(1)])]


def without_addresses(text):
    parts = text.split(" at 0x")
    return parts[0] + "".join(" at 0x" + part.lstrip("0123456789abcdef") for part in parts[1:])


def shown(function, *args):
    try:
        result = function(*args)
    except RecursionError:
        return "RecursionError"
    except BaseException as error:
        return f"{type(error).__name__}: {without_addresses(str(error))}"
    try:
        text = repr(result)
    except BaseException as error:
        text = f"unrepresentable: {type(error).__name__}"
    return f"{type(result).__name__} {without_addresses(text)}"[:200]


def classes():
    return [value for name, value in sorted(vars(builtins).items()) if isinstance(value, type) and value.__name__ == name]


def exceptions_first(all_classes):
    """One exception of each layout stands for the others of it."""
    kept = {"Exception", "OSError", "SyntaxError", "UnicodeDecodeError", "StopIteration", "ImportError", "NameError", "KeyError", "ExceptionGroup"}
    return [c for c in all_classes if not issubclass(c, BaseException) or c.__name__ in kept]


def made(base):
    cls = type("Sub", (base,), {})
    for args in MADE_WITH:
        try:
            return cls(*args)
        except BaseException:
            pass


def main():
    some = exceptions_first(classes())
    for a in some:
        for b in some:
            print("pair", a.__name__, b.__name__, shown(lambda: type("C", (a, b), {}).__base__.__name__))
    for base in some:
        print("single", base.__name__, shown(lambda: type("Sub", (base,), {}).__mro__))
        try:
            instance = made(base)
        except TypeError:
            continue
        for name in sorted(set(dir(base))):
            if not (name.startswith("__") and name.endswith("__")) or name in LEFT_OUT:
                continue
            for args in ARGUMENTS:
                fresh = made(base)
                print(base.__name__, name, args, shown(lambda: getattr(fresh, name)(*args)))


main()
