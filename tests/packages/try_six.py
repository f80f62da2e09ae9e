# needs: six
import six
from six.moves import range as six_range, configparser, zip_longest

print(six.PY3, six.text_type is str, list(six_range(3)), configparser.__name__)
print(sorted(six.iteritems({"b": 2, "a": 1})), six.ensure_str(b"abc"), six.ensure_binary("\u00e9"))


@six.add_metaclass(type("Meta", (type,), {"tag": property(lambda cls: cls.__name__.lower())}))
class Thing(object):
    __slots__ = ("x",)


print(type(Thing).__name__, Thing.tag, Thing.__slots__)


@six.python_2_unicode_compatible
class Named:
    def __str__(self):
        return "named"


print(str(Named()), list(zip_longest("ab", "c", fillvalue="-")))
try:
    six.raise_from(ValueError("outer"), KeyError("inner"))
except ValueError as error:
    print(error, repr(error.__cause__))
print(six.moves.urllib.parse.quote("a b/c"), six.unichr(955), six.int2byte(65))
