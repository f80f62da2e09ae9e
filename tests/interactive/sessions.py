"""Types statements to the interactive interpreter through a pseudo-terminal: plain prompts first, then the line editor."""

import os
import re
import select
import subprocess
import sys
import tempfile

EDITING = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|[=>])")


def read_until(terminal, prompt):
    text = b""
    while prompt is None or prompt not in text:
        if not select.select([terminal], [], [], 60)[0]:
            return text + b"<nothing comes>"
        try:
            read = os.read(terminal, 4096)
        except OSError:
            break
        if not read:
            break
        text += read
    return text


def session(lines, home, **environment):
    """What the terminal shows; `lines` are pairs of what is typed and the prompt that is then awaited."""
    terminal, other_end = os.openpty()
    environment = {"HOME": home, "TERM": "xterm", "PYTHON_COLORS": "0"} | environment
    child = subprocess.Popen(
        [sys.executable, "-q"], stdin=other_end, stdout=other_end, stderr=other_end, env=environment
    )
    os.close(other_end)
    shown = read_until(terminal, b">>> ")
    for typed, prompt in lines:
        os.write(terminal, typed)
        shown += read_until(terminal, prompt)
    status = child.wait()
    os.close(terminal)
    return EDITING.sub("", shown.decode()).replace("\r", ""), status


PLAIN = [
    (b"1+1\n", b">>> "),
    (b"def f():\n", b"... "),
    (b"    return 5\n", b"... "),
    (b"\n", b">>> "),
    (b"f()\n", b">>> "),
    (b"1/0\n", b">>> "),
    (b"\x04", None),
]
# The editor indents by itself.
EDITED = [
    (b"1+1\r", b">>> "),
    (b"def f():\r", b"... "),
    (b"return 5\r", b"... "),
    (b"\r", b">>> "),
    (b"f()\r", b">>> "),
    (b"1/0\r", b">>> "),
    (b"\x04", None),
]

with tempfile.TemporaryDirectory() as home:
    shown, status = session(PLAIN, home, PYTHON_BASIC_REPL="1")
    print(shown.rstrip("\n"), status)
    shown, status = session(EDITED, home)
    answers = [line for line in shown.split("\n") if line and not line.startswith((">>>", "..."))]
    print(*answers, status, sep="\n")
