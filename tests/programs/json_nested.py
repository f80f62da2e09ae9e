# Not under gc: it imports much of the library.
# What is nested too deeply for the native stack.
import json


def nested(opening, closing, depth):
    try:
        json.loads(opening * depth + closing * depth)
        return "read"
    except RecursionError:
        return "RecursionError"


print(nested("[", "]", 500), nested("[", "]", 1000000), nested('{"a":', "}", 1000000))
deep = []
for _ in range(1000000):
    deep = [deep]
try:
    json.dumps(deep)
except RecursionError:
    print("RecursionError")
while deep:
    deep = deep[0]
