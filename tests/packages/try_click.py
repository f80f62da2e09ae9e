# needs: click
import click
from click.testing import CliRunner


@click.group()
@click.option("--verbose/--quiet", default=False, help="Say more.")
@click.pass_context
def cli(context, verbose):
    """A tool with commands."""
    context.obj = verbose


@cli.command()
@click.argument("name")
@click.option("--count", "-c", default=1, type=click.IntRange(1, 5), show_default=True, help="How often.")
@click.pass_obj
def greet(verbose, name, count):
    """Greet NAME."""
    for number in range(count):
        click.echo(f"hello {name} {number} {verbose}")


@cli.command()
@click.option("--kind", type=click.Choice(["a", "b"]), required=True)
def choose(kind):
    click.secho(kind, fg="green")


run = CliRunner().invoke
for arguments in (["greet", "Ann", "-c", "2"], ["--verbose", "greet", "Bob"], ["greet", "--help"], ["--help"],
                  ["greet", "x", "--count", "9"], ["choose"], ["choose", "--kind", "b"], ["nothing"]):
    result = run(cli, arguments)
    print(arguments, result.exit_code)
    print(result.output)
