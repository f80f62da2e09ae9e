# needs: tabulate
from tabulate import tabulate

rows = [["Ann", 24, 1.5], ["Bob", 19, 22.25], ["\u00c9va", None, -3]]
for style in ("plain", "simple", "grid", "pipe", "html", "latex", "fancy_grid", "rst", "tsv"):
    print(tabulate(rows, headers=["name", "age", "x"], tablefmt=style))
print(tabulate({"a": [1, 2], "b": ["x", "y"]}, headers="keys", showindex=True))
print(tabulate([["1.10", "2"], ["10.123", "30"]], floatfmt=".2f", numalign="left"))
