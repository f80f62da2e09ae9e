"""Enumerations."""


class auto:
    def __init__(self):
        self.value = None


class nonmember:
    def __init__(self, value):
        self.value = value


class member:
    def __init__(self, value):
        self.value = value


def _is_descriptor(value):
    cls = type(value)
    return hasattr(cls, "__get__") or hasattr(cls, "__set__") or hasattr(cls, "__delete__")


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == "__"


class EnumType(type):
    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        return {}

    def __new__(metacls, name, bases, namespace, *, boundary=None, **kwds):
        members = {}
        rest = {}
        ignored = namespace.get("_ignore_", ())
        if isinstance(ignored, str):
            ignored = ignored.replace(",", " ").split()
        for key, value in namespace.items():
            if isinstance(value, nonmember):
                rest[key] = value.value
            elif isinstance(value, member):
                members[key] = value.value
            elif _is_dunder(key) or key.startswith("_") or key in ignored or _is_descriptor(value):
                rest[key] = value
            else:
                members[key] = value
        for base in bases:
            if members and getattr(base, "_member_map_", None):
                raise TypeError(f"<enum {name!r}> cannot extend {base!r}")
        cls = super().__new__(metacls, name, bases, rest, **kwds)
        cls._member_map_ = {}
        cls._member_names_ = []
        cls._value2member_map_ = {}
        cls._unhashable_ = []
        mixin = metacls._mixin(bases)
        cls._member_type_ = mixin
        user_new = rest.get("__new__")
        last_values = []
        for key, value in members.items():
            if isinstance(value, auto):
                value = cls._generate_next_value_(key, 1, len(last_values), last_values[:])
            elif isinstance(value, tuple) and any([isinstance(v, auto) for v in value]):
                value = tuple([cls._generate_next_value_(key, 1, len(last_values), last_values[:]) if isinstance(v, auto) else v for v in value])
            arguments = value if isinstance(value, tuple) else (value,)
            if user_new is not None:
                item = user_new(cls, *arguments) if not isinstance(user_new, staticmethod) else user_new.__func__(cls, *arguments)
                if not hasattr(item, "_value_"):
                    item._value_ = value
                value = item._value_
            else:
                item = object.__new__(cls)
                item._value_ = value = value if mixin is object or isinstance(value, mixin) else mixin(*arguments)
            last_values.append(value)
            existing = cls._find(value)
            if existing is not None:
                cls._member_map_[key] = existing
                type.__setattr__(cls, key, existing)
                continue
            item._name_ = key
            item._sort_order_ = len(cls._member_names_)
            item.__objclass__ = cls
            if "__init__" in rest or any(["__init__" in base.__dict__ for base in bases if base is not Enum and isinstance(base, EnumType)]):
                item.__init__(*arguments)
            cls._member_names_.append(key)
            cls._member_map_[key] = item
            try:
                cls._value2member_map_[value] = item
            except TypeError:
                cls._unhashable_.append((value, item))
            type.__setattr__(cls, key, item)
        return cls

    @staticmethod
    def _mixin(bases):
        for base in bases:
            for cls in base.__mro__:
                if cls in (int, str, float):
                    return cls
                found = cls.__dict__.get("_value_type_")
                if found is not None:
                    return found
        return object

    def _find(cls, value):
        try:
            return cls._value2member_map_.get(value)
        except TypeError:
            for other, item in cls._unhashable_:
                if other == value:
                    return item

    def __call__(cls, value, names=None, *rest, module=None, qualname=None, type=None, start=1, boundary=None):
        if names is not None:
            return cls._create(value, names, start)
        if rest:
            value = (value, names, *rest)
        if isinstance(value, cls):
            return value
        found = cls._find(value)
        if found is not None:
            return found
        result = cls._missing_(value)
        if result is None:
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        return result

    def _create(cls, name, names, start):
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        if isinstance(names, dict):
            namespace = dict(names)
        else:
            names = list(names)
            if names and isinstance(names[0], str):
                namespace = {}
                values = []
                for i, key in enumerate(names):
                    namespace[key] = cls._generate_next_value_(key, start, i, values[:])
                    values.append(namespace[key])
            else:
                namespace = dict(names)
        return EnumType.__new__(EnumType, name, (cls,), namespace)

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        return cls._find(value) is not None

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __reversed__(cls):
        return iter([cls._member_map_[name] for name in reversed(cls._member_names_)])

    def __len__(cls):
        return len(cls._member_names_)

    def __bool__(cls):
        return True

    @property
    def __members__(cls):
        return dict(cls._member_map_)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"cannot reassign member {name!r}")
        super().__setattr__(name, value)

    def __repr__(cls):
        return f"<enum {cls.__name__!r}>"


EnumMeta = EnumType


class Enum(metaclass=EnumType):
    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start
        return max(last_values) + 1

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{type(self).__name__}.{self._name_}"

    def __format__(self, format_spec):
        return str(self).__format__(format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __eq__(self, other):
        return True if self is other else NotImplemented

    def __reduce_ex__(self, proto):
        return type(self), (self._value_,)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


def _value_of(other):
    return other._value_ if isinstance(other, Enum) else other


class _Number(Enum):
    """Behaves as its value does, without being an int: the value is in an attribute."""

    def __index__(self):
        return self._value_

    def __int__(self):
        return self._value_

    def __float__(self):
        return float(self._value_)

    def __bool__(self):
        return bool(self._value_)

    def __hash__(self):
        return hash(self._value_)

    def __eq__(self, other):
        return self._value_ == _value_of(other)

    def __lt__(self, other):
        return self._value_ < _value_of(other)

    def __le__(self, other):
        return self._value_ <= _value_of(other)

    def __gt__(self, other):
        return self._value_ > _value_of(other)

    def __ge__(self, other):
        return self._value_ >= _value_of(other)

    def __add__(self, other):
        return self._value_ + _value_of(other)

    def __radd__(self, other):
        return other + self._value_

    def __sub__(self, other):
        return self._value_ - _value_of(other)

    def __rsub__(self, other):
        return other - self._value_

    def __mul__(self, other):
        return self._value_ * _value_of(other)

    def __rmul__(self, other):
        return other * self._value_

    def __floordiv__(self, other):
        return self._value_ // _value_of(other)

    def __truediv__(self, other):
        return self._value_ / _value_of(other)

    def __mod__(self, other):
        return self._value_ % _value_of(other)

    def __pow__(self, other):
        return self._value_ ** _value_of(other)

    def __neg__(self):
        return -self._value_

    def __and__(self, other):
        return self._value_ & _value_of(other)

    def __or__(self, other):
        return self._value_ | _value_of(other)

    def __xor__(self, other):
        return self._value_ ^ _value_of(other)

    def __lshift__(self, other):
        return self._value_ << _value_of(other)

    def __rshift__(self, other):
        return self._value_ >> _value_of(other)

    def __invert__(self):
        return ~self._value_

    __rand__ = __and__
    __ror__ = __or__
    __rxor__ = __xor__

    def __format__(self, format_spec):
        return format(self._value_, format_spec)

    def __str__(self):
        return str(self._value_)


class IntEnum(_Number):
    _value_type_ = int


class StrEnum(Enum):
    _value_type_ = str

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __str__(self):
        return self._value_

    def __hash__(self):
        return hash(self._value_)

    def __eq__(self, other):
        return self._value_ == _value_of(other)


class Flag(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return 1
        return 1 << max(last_values).bit_length()

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        known = 0
        for item in cls._member_map_.values():
            known |= item._value_
        if value < 0:
            value &= known
            found = cls._value2member_map_.get(value)
            if found is not None:
                return found
        if value & ~known:
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        item = object.__new__(cls)
        names = [m._name_ for m in cls if m._value_ and m._value_ & value == m._value_]
        item._name_ = "|".join(names) or None
        item._value_ = value
        cls._value2member_map_[value] = item
        return item

    def _combine(self, value):
        return type(self)(value)

    def __or__(self, other):
        return type(self)(self._value_ | other._value_) if isinstance(other, type(self)) else NotImplemented

    def __and__(self, other):
        return type(self)(self._value_ & other._value_) if isinstance(other, type(self)) else NotImplemented

    def __xor__(self, other):
        return type(self)(self._value_ ^ other._value_) if isinstance(other, type(self)) else NotImplemented

    def __invert__(self):
        return type(self)(~self._value_)

    def __contains__(self, other):
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        for item in type(self):
            if item._value_ and item._value_ & self._value_ == item._value_ and not item._value_ & (item._value_ - 1):
                yield item

    def __len__(self):
        return bin(self._value_).count("1")

    def __bool__(self):
        return bool(self._value_)

    def __hash__(self):
        return hash(self._value_)

    def __repr__(self):
        if self._name_ is None:
            return f"<{type(self).__name__}: {self._value_!r}>"
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"


class IntFlag(_Number, Flag):
    def __or__(self, other):
        return type(self)(self._value_ | _value_of(other))

    def __and__(self, other):
        return type(self)(self._value_ & _value_of(other))

    def __xor__(self, other):
        return type(self)(self._value_ ^ _value_of(other))

    def __invert__(self):
        return type(self)(~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


def unique(enumeration):
    duplicates = [(name, item.name) for name, item in enumeration.__members__.items() if name != item.name]
    if duplicates:
        shown = ", ".join([f"{alias} -> {name}" for alias, name in duplicates])
        raise ValueError(f"duplicate values found in {enumeration!r}: {shown}")
    return enumeration


def global_enum(cls, update_str=False):
    import sys
    sys.modules[cls.__module__].__dict__.update(cls.__members__)
    return cls
