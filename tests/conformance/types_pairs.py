"""Classes on built-in types, as lines to compare between two interpreters.

    types_pairs.py           prints one line a question
    types_pairs.py ONE TWO   compares two such outputs: how many lines differ, and some of them

A class with every pair of built-in types as its bases; an instance of a subclass of each; and on it every special method
called with arguments of every sort.
"""

import difflib
import re
import sys
import types

# Their values belong to the implementation: sizes, addresses, doc texts, orders of names.
UNSTABLE = {"__dict__", "__sizeof__", "__dir__", "__doc__", "__hash__", "__subclasshook__", "__init_subclass__", "__getstate__"}
ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


def built_in_types():
    import builtins

    found = {}
    for module in (builtins, types):
        for name in sorted(vars(module)):
            value = vars(module)[name]
            if isinstance(value, type) and value.__module__ not in ("enum", "functools") and not name.startswith("_"):
                found.setdefault(value, value.__name__)
    own = {types.DynamicClassAttribute, types._GeneratorWrapper, getattr(builtins, "WindowsError", OSError)}
    return sorted((kind for kind in found if kind not in own or kind is OSError), key=lambda kind: (kind.__name__, kind.__module__))


def told(value, depth=0):
    """A text of a value that does not depend on where it lies."""
    try:
        if isinstance(value, (list, tuple)) and depth < 2 and type(value) in (list, tuple):
            return f"{type(value).__name__}({', '.join(told(item, depth + 1) for item in value)})"
        if isinstance(value, (set, frozenset)):
            return f"{type(value).__name__} of {sorted(map(repr, value))}"
        return f"{type(value).__name__}:{ADDRESS.sub('0x', repr(value))[:300]}"
    except Exception as error:
        return f"{type(value).__name__}: no repr, {type(error).__name__}: {ADDRESS.sub('0x', str(error))[:200]}"


def asked(question, *arguments):
    try:
        return told(question(*arguments))
    except BaseException as error:
        return f"! {type(error).__name__}: {ADDRESS.sub('0x', str(error))[:300]}"


def layout(kind):
    return (
        f"{', '.join(base.__name__ for base in kind.__mro__)}; best {kind.__base__.__name__}; "
        f"dict {kind.__dictoffset__ != 0}; weak {kind.__weakrefoffset__ != 0}; items {kind.__itemsize__}"
    )


def pairs(kinds):
    for one in kinds:
        for two in kinds:
            for extra in ({}, {"__slots__": ("a",)}):
                label = f"class({one.__name__}, {two.__name__}){' slots' if extra else ''}"
                try:
                    print(label, layout(type("Both", (one, two), dict(extra))))
                except BaseException as error:
                    print(label, f"! {type(error).__name__}: {error}")


def function(*args, **kwargs):
    return len(args), sorted(kwargs)


CONSTRUCTIONS = [
    (),
    (0,),
    (5,),
    ("ab",),
    (b"ab",),
    ([1, 2],),
    ({"a": 1},),
    (None,),
    (function,),
    (1, 2),
    ("a", "b"),
    (function, [1, 2]),
    ([3, 1], function),
    (int, ()),
    ("utf-8", b"x", 0, 1, "why"),
    ("utf-8", "x", 0, 1, "why"),
    ("x", 0, 1, "why"),
    ("g", [ValueError(1)]),
    ("n", (), {}),
]


def instances(kind):
    """Up to three instances of a type, made in different ways."""
    found = []
    for arguments in CONSTRUCTIONS:
        try:
            found.append((arguments, kind(*arguments)))
        except BaseException:
            continue
    step = max(1, len(found) // 3)
    return found[::step][:3]


def arguments_of(instance):
    return [
        (),
        (None,),
        (1,),
        (-1,),
        (2.5,),
        ("a",),
        (b"a",),
        ([1],),
        ((1, 2),),
        ({"a": 1},),
        (slice(0, 1),),
        (int,),
        (instance,),
        (0, 1),
        ("a", 1),
        (instance, type(instance)),
        (None, int),
        (1, 2, 3),
        (None, None, None),
        ("a", 1, 2, 3, 4),
    ]


def special_methods(kind):
    return [name for name in sorted(dir(kind)) if name.startswith("__") and name.endswith("__") and name not in UNSTABLE]


def subclasses(kinds):
    for kind in kinds:
        try:
            subclass = type("Sub", (kind,), {})
        except TypeError as error:
            print(f"sub {kind.__name__} ! {error}")
            subclass = kind
        else:
            print(f"sub {kind.__name__} {layout(subclass)}")
        for arguments in CONSTRUCTIONS:
            print(f"new {kind.__name__}{told(arguments)} {asked(subclass, *arguments)}")
        for name in special_methods(kind):
            print(f"unbound {kind.__name__}.{name} {asked(lambda: type(getattr(kind, name)).__name__)} {asked(lambda: getattr(kind, name)())} {asked(lambda: getattr(kind, name)(function))}")
        if kind in (type, types.FrameType) or issubclass(kind, types.ModuleType):
            continue
        for way, instance in instances(subclass):
            for name in special_methods(kind):
                calls(kind, subclass, way, instance, name)


def calls(kind, subclass, way, instance, name):
    label = f"{kind.__name__}{told(way)}.{name}"
    value = asked(getattr, instance, name)
    if value.startswith("!") or not callable(getattr(instance, name)) or name == "__class__":
        print(label, value)
        return
    for arguments in arguments_of(instance):
        # Each on a fresh instance, for a call may change it.
        try:
            fresh = subclass(*way)
        except BaseException:
            return
        text = asked(getattr(fresh, name), *arguments)
        print(f"{label}{told(arguments)} {text} -> {told(fresh)}")


def compare(one, two, shown=60):
    with open(one, encoding="utf-8", errors="replace") as first, open(two, encoding="utf-8", errors="replace") as second:
        one_lines, two_lines = first.read().splitlines(), second.read().splitlines()
    changed = [line for line in difflib.unified_diff(one_lines, two_lines, n=0, lineterm="") if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    n_changed = max(sum(line[0] == sign for line in changed) for sign in "+-") if changed else 0
    for line in changed[:shown]:
        print(line[:300])
    print(f"{n_changed} of {len(one_lines)} lines differ: {100 * n_changed / max(len(one_lines), 1):.2f}%")
    return n_changed


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.exit(bool(compare(*sys.argv[1:])))
    sys.set_int_max_str_digits(0)
    kinds = built_in_types()
    pairs(kinds)
    subclasses(kinds)
