#!/usr/bin/env python3
"""Runs CPython's own tests under stitch: run.py STITCH --tests FOLDER [--jobs N] [--limit SECONDS] [NAME…]

FOLDER is a `Lib/test` of 3.14: CPython's own, or the copy in RustPython's repository, whose marks for what RustPython fails
are taken out first. Each module runs in a process of its own. Prints a line a module, then how many tests pass of those
that were not skipped; a module that cannot be imported or does not end counts as all of `EXPECTED_SIZE` failing, one that says that it
is for other systems as skipped.
"""

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

# A mark on its own line, for whatever comes next, with or without conditions.
MARK = (
    r"^\s*@unittest\.(?:expectedFailure|skip|expectedFailureIf|skipIf|skipUnless|expectedFailureIfWindows)\b"
    r"(?:\(\s*#.*RUSTPYTHON.*\n(?:.*\n)*?\s*\).*|.*RUSTPYTHON.*)\n"
)
# A method that only calls its base's method, so that the mark above it or behind it has something to hang on. It may be all that its
# class has.
RELAY = re.compile(
    rf"(?:{MARK})+([ \t]*)(?:async )?def (test\w+)\(self\):\s+(?:return |await )*super\(\)\.\2\(\).*\n"
    r"|^([ \t]*)(?:async )?def (test\w+)\(self\): (?:return |await )*super\(\)\.\4\(\).*RUSTPYTHON.*\n",
    re.MULTILINE,
)
MARK = re.compile(MARK, re.MULTILINE)
# How many tests a module counts for of which nothing is known.
EXPECTED_SIZE = 20

RUN_ONE = """
import sys, unittest
name = sys.argv[1]
loader = unittest.TestLoader()
suite = loader.loadTestsFromName(name)
result = unittest.TextTestRunner(stream=sys.stderr, verbosity=int(sys.argv[2])).run(suite)
print("\\nRESULT", result.testsRun, len(result.failures), len(result.errors), len(result.skipped), len(result.unexpectedSuccesses))
"""


def prepare(stitch, tests, folder):
    """Lays an installation out in the folder: the program, and in its library the tests without RustPython's marks. Gives the
    program there. So the tests are found by programs, too, that ignore their environment."""
    program, target = folder / "bin" / "stitch", folder / "lib" / "stitch" / "python3.14" / "test"
    program.parent.mkdir()
    shutil.copytree(tests, target)
    try:
        os.link(stitch, program)
    except OSError:
        shutil.copy2(stitch, program)
    for path in target.rglob("*.py"):
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if "RUSTPYTHON" in text:
            path.write_text(MARK.sub("", RELAY.sub(lambda found: f"{found[1] or found[3] or ''}pass\n", text)))
    return str(program)


def run(command, name, limit, verbosity):
    """(tests, bad, skipped, words) of one module."""
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    with tempfile.TemporaryDirectory() as work:
        try:
            done = subprocess.run(
                [*command, "-c", RUN_ONE, f"test.{name}", str(verbosity)],
                capture_output=True, env=environment, timeout=limit, cwd=work, stdin=subprocess.DEVNULL,
                # A shell's background job ignores it.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )
        except subprocess.TimeoutExpired as error:
            return None, f"no end in {limit:.0f} s", (error.stderr or b"").decode(errors="replace")
    errors = done.stderr.decode(errors="replace")
    found = re.findall(rb"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$", done.stdout, re.MULTILINE)
    if not found:
        last = errors.strip().splitlines()[-1:] or ["no result"]
        # One that lacks a module may lack what it tests.
        if last[0].startswith("unittest.case.SkipTest: ") and "No module named" not in last[0]:
            return (0, 0, 0), "", errors
        return None, f"status {done.returncode}: {last[0][:120]}", errors
    count, failures, wrong, skipped, unexpected = map(int, found[-1])
    return (count, failures + wrong + unexpected, skipped), "", errors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stitch")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--tests", type=pathlib.Path, required=True, help="a folder Lib/test")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=float, default=300, help="seconds a module may take")
    parser.add_argument("--flags", default="", help="flags for stitch")
    parser.add_argument("--logs", type=pathlib.Path, help="a folder for what each module printed")
    arguments = parser.parse_intermixed_args()
    if arguments.logs:
        arguments.logs.mkdir(parents=True, exist_ok=True)
    names = arguments.names or sorted(
        path.stem for path in arguments.tests.iterdir() if path.name.startswith("test_") and (path.suffix == ".py" or path.is_dir())
    )
    total = passed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        command = [prepare(arguments.stitch, arguments.tests, pathlib.Path(folder)), *arguments.flags.split()]

        def timed(name):
            start = time.monotonic()
            return *run(command, name, arguments.limit, 2 if arguments.logs else 0), time.monotonic() - start

        for name, (counts, words, errors, seconds) in zip(names, pool.map(timed, names)):
            if arguments.logs:
                (arguments.logs / f"{name}.log").write_text(errors)
            if counts is None:
                total += EXPECTED_SIZE
                print(f"{name:32} {seconds:6.1f} s  {words}", flush=True)
                continue
            count, bad, skipped = counts
            applies = max(count - skipped, bad)
            total += applies
            passed += applies - bad
            print(f"{name:32} {seconds:6.1f} s  {applies - bad} of {applies}, {skipped} skipped", flush=True)
    print(f"{passed} of {total} pass: {100 * passed / max(total, 1):.1f}%")


if __name__ == "__main__":
    sys.exit(main())
