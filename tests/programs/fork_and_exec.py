# What subprocess starts programs by.
import _posixsubprocess
import os


def run(args, *, paths=None, close_fds=True, keep=(), cwd=None, env=None, stdin=-1, stdout=-1, stderr=-1, preexec=None, umask=-1,
        session=False):
    error_read, error_write = os.pipe()
    try:
        pid = _posixsubprocess.fork_exec(
            args, paths or [os.fsencode(args[0])], close_fds, tuple(sorted({*keep, error_write})), cwd, env, stdin, -1, -1, stdout, -1, stderr,
            error_read, error_write, True, session, -1, None, None, None, umask, preexec)
    finally:
        os.close(error_write)
    errors = b""
    while data := os.read(error_read, 1000):
        errors += data
    os.close(error_read)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), errors


def output(script, **options):
    r, w = os.pipe()
    status = run([b"/bin/sh", "-c", script], stdout=w, **options)
    os.close(w)
    text = b""
    while data := os.read(r, 1000):
        text += data
    os.close(r)
    return status, text


print(output("echo out; exit 3"))
print(output("echo $NAME; pwd", env=[b"NAME=value"], cwd="/"))
print(output("umask; echo err >&2", umask=0o27, stderr=os.open("/dev/null", os.O_WRONLY)))
r, w = os.pipe()
os.write(w, b"from stdin")
os.close(w)
print(output("cat", stdin=r))
os.close(r)
r, w = os.pipe()
print(output(f"echo kept >&{w}", keep=[w]), os.read(r, 100))
print(output(f"(echo lost >&{w}) 2>/dev/null || echo closed"))
print(run(["/missing/program"]), run(["sh", "-c", "exit 5"], paths=[b"/missing/sh", b"/bin/sh"]), run(["/bin/sh"], cwd="/missing"))
print(output("echo after", preexec=lambda: os.write(1, b"before\n")))
print(run(["/bin/sh", "-c", "exit 0"], preexec=lambda: 1 / 0))
print(output("exit 0", session=True))
try:
    _posixsubprocess.fork_exec(1, 2)
except TypeError as error:
    print("TypeError")
