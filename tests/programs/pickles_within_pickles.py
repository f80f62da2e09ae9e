# Not under gc: it imports much of the library.
"""Objects that pickle others while they are pickled, and dicts that are read whole."""
import pickle


class Inner:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return Inner, (pickle.loads(pickle.dumps(self.value)),)


class Outer(Inner):
    def __getstate__(self):
        nested = pickle.dumps([self.value, Inner(self.value)])
        return {"nested": nested, "value": self.value}

    __reduce__ = object.__reduce__

    def __setstate__(self, state):
        first, second = pickle.loads(state["nested"])
        self.value = (first, second.value, state["value"])


class Failing:
    def __reduce__(self):
        pickle.dumps({"a": [1, 2, 3]})
        raise ValueError("not this one")


shared = ["shared"]
for n in range(50):
    value = {"list": shared, "text": f"text {n}", "number": n, "again": shared}
    data = pickle.dumps([Inner(value), Outer(value), value])
    inner, outer, plain = pickle.loads(data)
    assert inner.value == value and plain == value and plain["list"] is plain["again"]
    assert outer.value == (value, value, value)
    try:
        pickle.dumps([value, Failing(), value])
    except ValueError as error:
        assert str(error) == "not this one"
print("nested")
for n in (0, 1, 3, 4, 5, 8, 9, 100, 1000, 1001, 2500):
    table = {f"key {i}": i for i in range(n)}
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        other = pickle.loads(pickle.dumps(table, protocol))
        assert other == table and list(other) == list(table)
        other["more"] = 1
        del other["more"]
    changed = dict(table)
    for i in range(0, n, 2):
        del changed[f"key {i}"]
    assert pickle.loads(pickle.dumps(changed)) == changed
print("tables")
large = ["x" * n for n in range(2000)]
assert pickle.loads(pickle.dumps(large)) == large
assert pickle.loads(pickle.dumps("small")) == "small"
texts = ["ascii", "\xe9", "\u20ac", "\U0001f600", "\ud800", "", "a"]
print(pickle.loads(pickle.dumps(texts)) == texts)
# A dict that is gone through while a pickle adds to it.
import io

table = {"a": 1}


class Reader(pickle.Unpickler):
    def persistent_load(self, name):
        return table


class Writer(pickle.Pickler):
    def persistent_id(self, value):
        return "table" if value is table else None


file = io.BytesIO()
Writer(file, 2).dump([table])
data = file.getvalue()
at = data.index(b"Q") + 1
steps = iter(table)
next(steps)
added = data[:at] + b"(" + b"".join(b"K" + bytes([n]) + b"K" + bytes([n]) for n in range(40)) + b"u" + data[at:]
print(Reader(io.BytesIO(added)).load()[0] is table, len(table))
try:
    next(steps)
except RuntimeError as error:
    print(error)
