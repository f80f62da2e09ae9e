"""Subscripted classes and unions of classes, as annotations have them."""


def _shown(item):
    if item is type(None):
        return "None"
    if item is ...:
        return "..."
    if isinstance(item, type):
        return item.__qualname__ if item.__module__ == "builtins" else f"{item.__module__}.{item.__qualname__}"
    return repr(item)


class GenericAlias:
    def __init__(self, origin, args, /):
        self.__origin__ = origin
        self.__args__ = args if isinstance(args, tuple) else (args,)
        self.__parameters__ = ()

    def __call__(self, /, *args, **kwargs):
        return self.__origin__(*args, **kwargs)

    def __getattr__(self, name):
        if name.startswith("__") and name not in ("__name__", "__qualname__", "__doc__", "__module__"):
            raise AttributeError(name)
        return getattr(self.__origin__, name)

    def __getitem__(self, item):
        return GenericAlias(self.__origin__, item)

    def __mro_entries__(self, bases):
        return (self.__origin__,)

    def __instancecheck__(self, instance):
        raise TypeError("isinstance() argument 2 cannot be a parameterized generic")

    def __subclasscheck__(self, cls):
        raise TypeError("issubclass() argument 2 cannot be a parameterized generic")

    def __or__(self, other):
        return Union((self, other))

    def __ror__(self, other):
        return Union((other, self))

    def __eq__(self, other):
        return isinstance(other, GenericAlias) and self.__origin__ is other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __repr__(self):
        return f"{_shown(self.__origin__)}[{', '.join(map(_shown, self.__args__))}]"


class Union:
    def __init__(self, sides, /):
        args = []
        for side in sides:
            for arg in side.__args__ if isinstance(side, Union) else (type(None) if side is None else side,):
                if arg not in args:
                    args.append(arg)
        self.__args__ = tuple(args)
        self.__parameters__ = ()

    def __instancecheck__(self, instance):
        return isinstance(instance, self.__args__)

    def __subclasscheck__(self, cls):
        return issubclass(cls, self.__args__)

    def __or__(self, other):
        return Union((self, other))

    def __ror__(self, other):
        return Union((other, self))

    def __eq__(self, other):
        return isinstance(other, Union) and set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        return " | ".join(map(_shown, self.__args__))
