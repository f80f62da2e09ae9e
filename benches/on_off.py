"""Where does compiling cost more than it gives? Whole processes with the JIT on against off, in interleaved pairs.

    python3 benches/on_off.py STITCH [--pairs=N] [--only=WORD] [--all=1] FILE-OR-FOLDER ...

A file that marks functions with `@bench` and takes their names as arguments is timed a function at a time; any other is
a program of its own. Listed is what is slower with the JIT by the lower quartile of its pairs as well as by its median:
by more than 5% where it takes 100 ms or longer, by more than 2 ms where it is shorter. Exit status: 1 if there is any.
With `--all=1` the others are printed as well.
"""

import os
import re
import statistics
import subprocess
import sys
from time import perf_counter

LONG_SECONDS = 0.1
LONG_RATIO = 1.05
SHORT_SECONDS = 0.002
TIMEOUT_SECONDS = 120
BENCH = re.compile(r"^@bench\s*\ndef (\w+)", re.MULTILINE)


def subjects(paths):
    """(name, arguments) of everything that is to be run."""
    for path in paths:
        if os.path.isdir(path):
            inside = sorted(name for name in os.listdir(path) if name.endswith(".py"))
            yield from subjects([os.path.join(path, name) for name in inside])
            continue
        with open(path) as file:
            kernels = BENCH.findall(file.read())
        for kernel in kernels:
            yield kernel, [path, kernel]
        if not kernels:
            yield os.path.basename(path), [path]


def seconds(stitch, option, arguments):
    """Of one process, or None if it fails."""
    start = perf_counter()
    process = subprocess.run(
        [stitch, *option, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=TIMEOUT_SECONDS,
    )
    return perf_counter() - start if process.returncode == 0 else None


def pairs_of(stitch, arguments, count):
    """(on, off) of each pair, until a process fails; who begins alternates."""
    options = ([], ["--jit=off"])
    for index in range(count):
        pair = [None, None]
        for which in (0, 1) if index % 2 else (1, 0):
            pair[which] = seconds(stitch, options[which], arguments)
        if None in pair:
            return
        yield pair


def is_slower(on, off):
    if off >= LONG_SECONDS:
        return on > off * LONG_RATIO
    return on > off + SHORT_SECONDS


def judge(pairs):
    """Median seconds on and off, and whether compiling loses by the lower quartile of the pairs' differences too."""
    on = statistics.median(pair[0] for pair in pairs)
    off = statistics.median(pair[1] for pair in pairs)
    differences = sorted(pair[0] - pair[1] for pair in pairs)
    sure = off + differences[len(differences) // 4]
    return on, off, is_slower(on, off) and is_slower(sure, off)


def main(arguments):
    options = dict(word[2:].split("=", 1) for word in arguments if word.startswith("--"))
    stitch, *paths = [word for word in arguments if not word.startswith("--")]
    count = int(options.get("pairs", 5))
    n_slower = n_timed = 0
    for name, command in subjects(paths):
        if options.get("only", "") not in name:
            continue
        try:
            pairs = list(pairs_of(stitch, command, count))
        except subprocess.TimeoutExpired:
            print(f"{name:28} runs out of time")
            continue
        if len(pairs) < count:
            print(f"{name:28} fails")
            continue
        on, off, slower = judge(pairs)
        n_timed += 1
        n_slower += slower
        mark = "  slower" if slower else ""
        if slower or "all" in options:
            print(f"{name:28} on {on * 1e3:9.1f} ms  off {off * 1e3:9.1f} ms  x{on / off:.2f}{mark}", flush=True)
    print(f"{n_slower} of {n_timed} are slower with the JIT")
    return 1 if n_slower else 0


sys.exit(main(sys.argv[1:]))
