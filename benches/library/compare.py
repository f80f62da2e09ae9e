"""The library's kernels under two interpreters: how many times as fast the first one is.

    python3 benches/library/compare.py STITCH CPYTHON [--rounds=N] [WORD ...]

The interpreters may have options, in quotes: "target/release/stitch --jit=off".
"""

import math
import shlex
import subprocess
import sys
from pathlib import Path

KERNELS = Path(__file__).with_name("kernels.py")


def times(interpreter, arguments):
    command = [*shlex.split(interpreter), str(KERNELS), *arguments]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split(" ", 1) for line in output.splitlines())


def main(ours, theirs, *arguments):
    ours, theirs = times(ours, arguments), times(theirs, arguments)
    ratios = []
    for name in theirs:
        if name not in ours:
            print(f"{name:28} died")
        elif "failed" in ours[name] + theirs[name]:
            print(f"{name:28} {ours[name]} | {theirs[name]}")
        else:
            ratios.append(float(theirs[name]) / float(ours[name]))
            print(f"{name:28} {float(ours[name]):12.1f} ns {float(theirs[name]):12.1f} ns {ratios[-1]:8.2f}")
    if ratios:
        print(f"{'geometric mean':28} {math.exp(sum(map(math.log, ratios)) / len(ratios)):37.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
