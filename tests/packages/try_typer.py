# needs: typer
import typer
from typer.testing import CliRunner
app = typer.Typer()
@app.command()
def add(a: int, b: int = 3, verbose: bool = False): print(a + b, verbose)
@app.command()
def hi(name: str = typer.Argument("w", help="who")): "Greets."; typer.echo(f"hi {name}")
r = CliRunner()
for args in (["add", "3", "--verbose"], ["hi"], ["add", "x"], ["--help"], ["hi", "--help"]): res = r.invoke(app, args); print(res.exit_code, res.output)
