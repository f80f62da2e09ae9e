# needs: cerberus
from cerberus import Validator, rules_set_registry
v = Validator({"name": {"type": "string", "required": True, "minlength": 2}, "age": {"type": "integer", "min": 0, "coerce": int}, "tags": {"type": "list", "schema": {"type": "string"}}, "o": {"type": "dict", "schema": {"x": {"allowed": [1, 2]}}}, "d": {"default": 5}, "any": {"anyof": [{"type": "string"}, {"type": "integer", "min": 3}]}})
for d in [{"name": "ab", "age": "3"}, {"age": -1}, {"name": "a", "tags": ["x", 1]}, {"name": "ab", "o": {"x": 3}}, {"name": "ab", "any": 1}, {"name": "ab", "zz": 1}]:
    print(v.validate(d), v.errors, v.document)
print(v.normalized({"name": "xx", "age": "7"}))
try: Validator({"a": {"type": "nosuch"}})
except Exception as e: print(type(e).__name__, e)
class V(Validator):
    def _check_with_odd(self, field, value):
        if not value & 1: self._error(field, "must be odd")
print(V({"n": {"check_with": "odd"}}).validate({"n": 2}), sorted(V({}).rules)[:5])
