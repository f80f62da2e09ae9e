# Texts of exceptions that hold themselves, and what their types share with others.
import types

error = ValueError()
error.__init__(error)
pair = KeyError()
pair.args = (pair, pair)
for value in (error, pair):
    for show in (repr, str, ascii):
        try:
            show(value)
        except RecursionError:
            print(type(value).__name__, show.__name__, "RecursionError")

for other in (Exception, dict, property, classmethod):
    try:
        type("Both", (types.SimpleNamespace, other), {})
    except TypeError as error:
        print(other.__name__, error)
print(type("Both", (types.SimpleNamespace, object), {})(a=1))


class Bag(set):
    pass


class Frozen(frozenset):
    __slots__ = ("a",)


bag, frozen = Bag([1]), Frozen([2])
print(bag.__reduce__()[1:], frozen.__reduce__()[1:])
bag.note, frozen.a = 3, 4
print(bag.__reduce__()[1:], frozen.__reduce__()[1:])
for kind in (ValueError, types.SimpleNamespace, dict, property):
    try:
        kind.__init__()
    except TypeError as error:
        print(error)
print(types.CapsuleType)
holder, other = types.CellType(), types.CellType()
holder.cell_contents, other.cell_contents = holder, other
for compare in (lambda: holder == other, lambda: holder < other, lambda: holder != holder):
    try:
        print(compare())
    except RecursionError:
        print("RecursionError")
