# needs: rich pygments
import io
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

out = io.StringIO()
console = Console(file=out, width=60, force_terminal=False, color_system=None, legacy_windows=False)
table = Table(title="Numbers")
table.add_column("n", justify="right")
table.add_column("name")
for number, name in enumerate(["one", "two [b]bold[/b]", "three"]):
    table.add_row(str(number), name)
console.print(table)
tree = Tree("root")
tree.add("leaf").add("[red]deep[/red]")
console.print(tree)
console.print({"a": [1, 2, {"b": None}]}, "text" * 20)
console.rule("end")
text = Text("styled words here")
text.stylize("bold", 0, 6)
console.print(text, justify="center")
print(out.getvalue())
colour = Console(file=(out := io.StringIO()), width=40, force_terminal=True, color_system="standard", legacy_windows=False)
colour.print("[bold red]x[/] y")
print(repr(out.getvalue()))
