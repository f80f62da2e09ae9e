# needs: simplejson
import simplejson
from decimal import Decimal

print(simplejson.loads('{"a": [1, 2.50, null, "\\u00e9"], "b": 1e5}'), simplejson.loads("1.10", use_decimal=True))
print(simplejson.dumps({"b": Decimal("1.20"), "a": (1, None)}, sort_keys=True), simplejson.dumps([1, {"x": []}], indent=2))
try:
    simplejson.loads("[1,")
except simplejson.JSONDecodeError as error:
    print(error)
