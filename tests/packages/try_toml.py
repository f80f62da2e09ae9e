# needs: toml
import toml

text = """
title = "TOML"
[owner]
name = "Tom"
dob = 1979-05-27T07:32:00Z
[database]
ports = [8001, 8002]
ratio = 0.5
enabled = true
[[items]]
n = 1
[[items]]
n = 2
"""
data = toml.loads(text)
print(data["title"], data["owner"]["dob"], data["database"], data["items"])
print(toml.dumps({"a": 1, "b": {"c": [1, 2], "d": "x\ny"}, "e": [{"f": 1}]}))
try:
    toml.loads("a = ")
except toml.TomlDecodeError as error:
    print(error)
