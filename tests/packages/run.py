#!/usr/bin/env python3
"""Runs popular packages of the index under stitch: run.py STITCH [--site FOLDER] [--flags "…"] [NAME…]

Each script `try_NAME.py` exercises one package; `.out` beside it is what CPython prints. The packages are those of
`requirements.txt`, without their native parts. They are in FOLDER, or are downloaded into one by this Python's pip.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).parent


def download(folder):
    """Fills the folder with the packages; compiled parts are taken out, so that what is left is Python."""
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, "-r", HERE / "requirements.txt"],
        check=True,
    )
    for library in pathlib.Path(folder).rglob("*.so"):
        library.unlink()


def run(command, script, site, limit):
    """What is wrong with a script, or None, and the seconds that it took."""
    start = time.monotonic()
    environment = dict(os.environ, PYTHONPATH=str(site), PYTHONDONTWRITEBYTECODE="1")
    try:
        done = subprocess.run(
            [*command, "-W", "ignore", script], capture_output=True, env=environment, timeout=limit, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return "no end", limit
    seconds = time.monotonic() - start
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return f"status {done.returncode}: {lines[-1] if lines else ''}", seconds
    if done.stdout != script.with_suffix(".out").read_bytes():
        return "prints something else", seconds
    return None, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stitch")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--site", type=pathlib.Path, help="the folder that has the packages")
    parser.add_argument("--flags", default="", help="flags for stitch")
    parser.add_argument("--limit", type=float, default=120, help="seconds a script may take")
    arguments = parser.parse_intermixed_args()
    scripts = sorted(HERE.glob("try_*.py"))
    if arguments.names:
        scripts = [script for script in scripts if script.stem.removeprefix("try_") in arguments.names]
    command = [os.path.abspath(arguments.stitch), *arguments.flags.split()]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        site = arguments.site
        if site is None:
            site = pathlib.Path(folder)
            download(site)
        good = 0
        for script, (wrong, seconds) in zip(scripts, pool.map(lambda script: run(command, script, site, arguments.limit), scripts)):
            good += wrong is None
            print(f"{script.stem.removeprefix('try_'):20} {seconds:6.2f} s  {wrong or 'good'}")
    print(f"{good} of {len(scripts)} good")
    return good != len(scripts)


if __name__ == "__main__":
    sys.exit(main())
