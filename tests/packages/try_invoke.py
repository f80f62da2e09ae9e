# needs: invoke
from invoke import task, Collection, Context, Program, MockContext, Result, run
@task(help={"name": "who"})
def hello(c, name="x", count=1, flag=False):
    "Says hello."
    print("hello", name, count, flag)
@task(pre=[hello])
def bye(c): print("bye")
ns = Collection(hello, bye); p = Program(namespace=ns, version="1.0")
p.run("inv hello --name bob --count 3 --flag bye", exit=False); p.run("inv --list", exit=False); p.run("inv --help hello", exit=False); p.run("inv nosuch", exit=False)
r = run("echo out; echo err >&2; exit 3", hide=True, warn=True); print(r.exited, r.stdout, r.stderr, r.ok)
c = MockContext(run={"ls": Result("files")}); print(c.run("ls").stdout)
from invoke.config import Config; print(Config(overrides={"run": {"echo": True}}).run.echo)
