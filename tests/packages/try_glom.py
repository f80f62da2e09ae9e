# needs: glom
from glom import glom, T, Coalesce, Iter, S, Assign, PathAccessError
print(glom({"a": {"b": [1, 2]}}, "a.b"), glom([{"x": 1}, {"x": 2}], [("x", lambda v: v * 2)]), glom({"a": 1}, {"r": T["a"], "d": Coalesce("z", default=9)}), glom(range(5), Iter().filter(lambda x: x % 2).all()))
try: glom({"a": {}}, "a.b.c")
except PathAccessError as e: print(str(e).splitlines()[-1])
