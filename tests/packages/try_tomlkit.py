# needs: tomlkit
import tomlkit

document = tomlkit.parse("# head\na = 1 # one\n[t]\nb = [1, 2]\n")
document["a"] = 2
document["t"]["c"] = {"d": "e"}
document.add(tomlkit.comment("end"))
print(tomlkit.dumps(document))
print(document.unwrap())
table = tomlkit.table()
table.add("k", tomlkit.item([1, "x"]))
print(table.as_string())
try:
    tomlkit.parse("a = [1,,2]")
except tomlkit.exceptions.ParseError as error:
    print(type(error).__name__, error)
