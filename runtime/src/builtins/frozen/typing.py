"""Names for annotations. Nothing is checked: a subscripted form stands for itself."""

import sys as _sys
from abc import ABCMeta as _ABCMeta
from collections import namedtuple as _namedtuple

TYPE_CHECKING = False


class _Form:
    def __init__(self, name, origin=None, args=()):
        self._name = name
        self.__origin__ = origin
        self.__args__ = args

    def __getitem__(self, item):
        return _Form(self._name, self, item if isinstance(item, tuple) else (item,))

    def __call__(self, *args, **kwargs):
        origin = _CONCRETE.get(self._name)
        if origin is None:
            raise TypeError(f"Cannot instantiate typing.{self._name}")
        return origin(*args, **kwargs)

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __instancecheck__(self, instance):
        origin = _CONCRETE.get(self._name)
        if origin is None:
            raise TypeError(f"typing.{self._name} cannot be used with isinstance()")
        return isinstance(instance, origin)

    def __mro_entries__(self, bases):
        origin = _CONCRETE.get(self._name)
        return () if origin is None else (origin,)

    def __eq__(self, other):
        return isinstance(other, _Form) and (self._name, self.__args__) == (other._name, other.__args__)

    def __hash__(self):
        return hash(self._name)

    def __repr__(self):
        if self.__args__:
            shown = [arg.__name__ if isinstance(arg, type) else repr(arg) for arg in self.__args__]
            return f"typing.{self._name}[{', '.join(shown)}]"
        return f"typing.{self._name}"


_CONCRETE = {"List": list, "Dict": dict, "Set": set, "FrozenSet": frozenset, "Tuple": tuple, "Type": type}

for _name in (
    "Any Union Optional Callable List Dict Set FrozenSet Tuple Type Iterable Iterator Sequence Mapping MutableMapping "
    "MutableSequence MutableSet AbstractSet Generator AsyncGenerator AsyncIterator AsyncIterable Awaitable Coroutine Hashable "
    "Sized Container Collection Reversible Literal ClassVar Final Annotated NoReturn Never Self TypeAlias Concatenate TypeGuard "
    "TypeIs Unpack Required NotRequired ReadOnly LiteralString Text AnyStr DefaultDict OrderedDict Counter ChainMap Deque "
    "ContextManager AsyncContextManager Pattern Match IO TextIO BinaryIO ByteString KeysView ValuesView ItemsView SupportsInt "
    "SupportsFloat SupportsIndex SupportsAbs SupportsBytes SupportsComplex SupportsRound"
).split():
    globals()[_name] = _Form(_name)
Text = str


class TypeVar:
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False, default=None):
        self.__name__ = name
        self.__constraints__ = constraints
        self.__bound__ = bound
        self.__infer_variance__ = infer_variance

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __repr__(self):
        return self.__name__ if self.__infer_variance__ else f"~{self.__name__}"


class ParamSpec(TypeVar):
    args = None
    kwargs = None


class TypeVarTuple(TypeVar):
    def __iter__(self):
        yield self


class TypeAliasType:
    def __init__(self, name, value, *, type_params=()):
        self.__name__ = name
        self.__type_params__ = type_params
        self._compute = lambda: value

    @classmethod
    def _of_function(cls, name, params, compute):
        made = cls(name, None, type_params=params or ())
        made._compute = compute
        return made

    @property
    def __value__(self):
        return self._compute(1)

    def __getitem__(self, item):
        from _generic import GenericAlias
        return GenericAlias(self, item)

    def __or__(self, other):
        return Union[self, other]

    def __repr__(self):
        return self.__name__


class Generic:
    def __class_getitem__(cls, item):
        return cls


class _ProtocolMeta(_ABCMeta):
    pass


class Protocol(metaclass=_ProtocolMeta):
    def __class_getitem__(cls, item):
        return cls


def runtime_checkable(cls):
    names = [name for name in cls.__dict__ if not name.startswith("_") or name in ("__len__", "__iter__", "__next__", "__call__")]

    def hook(klass, subclass):
        return True if all([hasattr(subclass, name) for name in names]) else NotImplemented
    cls.__subclasshook__ = classmethod(hook)
    return cls


def cast(typ, val):
    return val


def overload(func):
    return func


def final(f):
    return f


def no_type_check(arg):
    return arg


def override(method, /):
    return method


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def assert_type(val, typ, /):
    return val


def reveal_type(obj, /):
    return obj


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    return dict(getattr(obj, "__annotations__", {}))


def get_origin(tp):
    return getattr(tp, "__origin__", None)


def get_args(tp):
    return getattr(tp, "__args__", ())


def NewType(name, tp):
    def new_type(value):
        return value
    new_type.__name__ = name
    new_type.__supertype__ = tp
    return new_type


class _NamedTupleMeta(type):
    def __new__(mcls, name, bases, namespace):
        if not bases:
            return type.__new__(mcls, name, bases, namespace)
        plain = type.__new__(type, name, (), dict(namespace))
        fields = list(plain.__annotations__)
        defaults = [namespace[field] for field in fields if field in namespace]
        result = _namedtuple(name, fields, defaults=defaults, module=namespace.get("__module__"))
        for key, value in namespace.items():
            if key not in fields and key not in ("__module__", "__qualname__", "__dict__", "__slots__"):
                setattr(result, key, value)
        return result


class NamedTuple(metaclass=_NamedTupleMeta):
    pass


class TypedDict(dict):
    pass
