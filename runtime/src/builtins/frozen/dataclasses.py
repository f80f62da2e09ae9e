"""Classes made of annotated fields."""

import sys as _sys


class _Missing:
    def __repr__(self):
        return "<dataclasses.MISSING>"


MISSING = _Missing()


class KW_ONLY:
    pass


class FrozenInstanceError(AttributeError):
    pass


class InitVar:
    def __class_getitem__(cls, item):
        return cls


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only, doc=None):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only
        self.doc = doc
        self._kind = "field"

    def __repr__(self):
        return f"Field(name={self.name!r},type={self.type!r},default={self.default!r})"


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None,
          kw_only=MISSING, doc=None):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only, doc)


def _define(cls, name, parameters, body, scope):
    text = f"def {name}({', '.join(parameters)}):\n" + "\n".join(["    " + line for line in body or ["pass"]])
    namespace = {}
    exec(text, scope, namespace)
    function = namespace[name]
    function.__qualname__ = f"{cls.__qualname__}.{name}"
    return function


def _kind_of(annotation):
    text = annotation if isinstance(annotation, str) else repr(annotation)
    if "ClassVar" in text:
        return "class variable"
    if annotation is InitVar or "InitVar" in text:
        return "init variable"
    return "field"


def _collect(cls, kw_only):
    fields = {}
    for base in reversed(cls.__mro__[1:]):
        inherited = base.__dict__.get("__dataclass_fields__")
        if inherited:
            fields.update(inherited)
    keyword_only = kw_only
    for name, annotation in cls.__dict__.get("__annotations__", cls.__annotations__).items():
        if annotation is KW_ONLY or annotation == "KW_ONLY":
            keyword_only = True
            continue
        default = cls.__dict__.get(name, MISSING)
        if isinstance(default, Field):
            item = default
            if item.default is MISSING:
                if name in cls.__dict__:
                    delattr(cls, name)
            else:
                setattr(cls, name, item.default)
        else:
            if type(default).__name__ == "member_descriptor":
                default = MISSING
            item = field(default=default)
        item.name = name
        item.type = annotation
        item._kind = _kind_of(annotation)
        if item.kw_only is MISSING:
            item.kw_only = keyword_only
        if item._kind == "field" and item.default is not MISSING and type(item.default).__hash__ is None:
            raise ValueError(f"mutable default {type(item.default)} for field {name} is not allowed: use default_factory")
        fields[name] = item
    return fields


def _make_init(cls, fields, frozen, post_init):
    scope = {"_MISSING": MISSING, "_factory": MISSING, "_set": object.__setattr__, "__name__": cls.__module__}
    positional, keyword, body = [], [], []
    seen_default = None
    for item in fields:
        if item._kind == "class variable":
            continue
        name = item.name
        value = name
        if not item.init:
            if item.default_factory is not MISSING:
                scope[f"_factory_{name}"] = item.default_factory
                value = f"_factory_{name}()"
            elif item.default is not MISSING:
                continue
            else:
                continue
        else:
            parameter = name
            if item.default is not MISSING:
                scope[f"_default_{name}"] = item.default
                parameter = f"{name}=_default_{name}"
            elif item.default_factory is not MISSING:
                scope[f"_factory_{name}"] = item.default_factory
                parameter = f"{name}=_factory"
                value = f"_factory_{name}() if {name} is _factory else {name}"
            if item.kw_only:
                keyword.append(parameter)
            else:
                if "=" in parameter:
                    seen_default = name
                elif seen_default:
                    raise TypeError(f"non-default argument {name!r} follows default argument {seen_default!r}")
                positional.append(parameter)
        if item._kind == "field":
            body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if post_init:
        variables = [item.name for item in fields if item._kind == "init variable"]
        body.append(f"self.__post_init__({', '.join(variables)})")
    parameters = ["self", *positional]
    if keyword:
        parameters += ["*", *keyword]
    return _define(cls, "__init__", parameters, body, scope)


def _set_new(cls, name, value):
    if name in cls.__dict__:
        return False
    setattr(cls, name, value)
    return True


def _tuple_text(owner, names):
    return f"({', '.join([f'{owner}.{name}' for name in names])}{',' if len(names) == 1 else ''})"


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
    fields = _collect(cls, kw_only)
    cls.__dataclass_fields__ = fields
    cls.__dataclass_params__ = {"init": init, "repr": repr, "eq": eq, "order": order, "frozen": frozen}
    everything = list(fields.values())
    real = [item for item in everything if item._kind == "field"]
    if init:
        _set_new(cls, "__init__", _make_init(cls, everything, frozen, hasattr(cls, "__post_init__")))
    if repr:
        shown = ", ".join([f"{item.name}={{self.{item.name}!r}}" for item in real if item.repr])
        _set_new(cls, "__repr__", _define(cls, "__repr__", ["self"], [f'return f"{{type(self).__qualname__}}({shown})"'], {}))
    compared = [item.name for item in real if item.compare]
    mine, other = _tuple_text("self", compared), _tuple_text("other", compared)
    if eq:
        equal = " and ".join([f"self.{name} == other.{name}" for name in compared]) or "True"
        _set_new(cls, "__eq__", _define(cls, "__eq__", ["self", "other"], [
            "if self is other:", "    return True",
            "if other.__class__ is self.__class__:", f"    return {equal}", "return NotImplemented"], {}))
    if order:
        if not eq:
            raise ValueError("eq must be true if order is true")
        for name, operator in [("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">=")]:
            function = _define(cls, name, ["self", "other"], [
                "if other.__class__ is self.__class__:", f"    return {mine} {operator} {other}", "return NotImplemented"], {})
            if not _set_new(cls, name, function):
                raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}. Consider using functools.total_ordering")
    if frozen:
        def frozen_setattr(self, name, value):
            if type(self) is cls or name in fields:
                raise FrozenInstanceError(f"cannot assign to field {name!r}")
            super(cls, self).__setattr__(name, value)

        def frozen_delattr(self, name):
            if type(self) is cls or name in fields:
                raise FrozenInstanceError(f"cannot delete field {name!r}")
            super(cls, self).__delattr__(name)
        cls.__setattr__ = frozen_setattr
        cls.__delattr__ = frozen_delattr
    own_hash = cls.__dict__.get("__hash__", MISSING)
    if unsafe_hash or (eq and frozen and (own_hash is MISSING or own_hash is None)):
        hashed = [item.name for item in real if (item.compare if item.hash is None else item.hash)]
        cls.__hash__ = _define(cls, "__hash__", ["self"], [f"return hash({_tuple_text('self', hashed)})"], {})
    elif eq and not frozen and own_hash is MISSING:
        cls.__hash__ = None
    if match_args:
        _set_new(cls, "__match_args__", tuple([item.name for item in everything if item.init and not item.kw_only and item._kind != "class variable"]))
    if slots:
        cls = _with_slots(cls, [item.name for item in real])
    if cls.__doc__ is None:
        cls.__doc__ = f"{cls.__name__}({', '.join([item.name for item in everything if item.init])})"
    return cls


def _with_slots(cls, names):
    inherited = set()
    for base in cls.__mro__[1:]:
        inherited.update(base.__dict__.get("__slots__", ()))
    namespace = {key: value for key, value in cls.__dict__.items() if key not in names and key not in ("__dict__", "__weakref__")}
    namespace["__slots__"] = tuple([name for name in names if name not in inherited])
    result = type(cls)(cls.__name__, cls.__bases__, namespace)
    result.__qualname__ = cls.__qualname__
    return result


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True,
              kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot)
    return wrap if cls is None else wrap(cls)


def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, "__dataclass_fields__")


def fields(class_or_instance):
    try:
        found = class_or_instance.__dataclass_fields__
    except AttributeError:
        raise TypeError("must be called with a dataclass type or instance") from None
    return tuple([item for item in found.values() if item._kind == "field"])


def asdict(obj, *, dict_factory=dict):
    if not is_dataclass(obj) or isinstance(obj, type):
        raise TypeError("asdict() should be called on dataclass instances")
    return _plain(obj, dict_factory)


def _plain(obj, factory):
    if is_dataclass(obj) and not isinstance(obj, type):
        return factory([(item.name, _plain(getattr(obj, item.name), factory)) for item in fields(obj)])
    if isinstance(obj, (list, tuple)):
        if hasattr(obj, "_fields"):
            return type(obj)(*[_plain(value, factory) for value in obj])
        return type(obj)([_plain(value, factory) for value in obj])
    if isinstance(obj, dict):
        return type(obj)([(_plain(key, factory), _plain(value, factory)) for key, value in obj.items()])
    return obj


def astuple(obj, *, tuple_factory=tuple):
    def convert(value):
        if is_dataclass(value) and not isinstance(value, type):
            return tuple_factory([convert(getattr(value, item.name)) for item in fields(value)])
        if isinstance(value, (list, tuple)):
            return type(value)([convert(item) for item in value])
        return value
    return convert(obj)


def replace(obj, /, **changes):
    for item in obj.__dataclass_fields__.values():
        if item._kind == "class variable":
            continue
        if not item.init:
            if item.name in changes:
                raise TypeError(f"field {item.name} is declared with init=False, it cannot be specified with replace()")
            continue
        if item.name not in changes:
            changes[item.name] = getattr(obj, item.name)
    return type(obj)(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    body = dict(namespace or {})
    annotations = {}
    for item in fields:
        name, annotation, *default = (item, "typing.Any") if isinstance(item, str) else item
        annotations[name] = annotation
        if default:
            body[name] = default[0]
    body["__annotations__"] = annotations
    return dataclass(type(cls_name, bases, body), **options)
