"""What the twelve benchmark programs compute, rather than how long they take.

    stitch benches/results.py FOLDER [small] [NAME ...]

FOLDER is pyperformance's `data-files/benchmarks`. Prints one line a program, to be compared with another Python's.
`small` takes inputs that end soon even where each allocation collects garbage.
"""

import os
import sys
import types
from time import perf_counter


def load(folder, name):
    """The program's globals, without its main part."""
    path = os.path.join(folder, "bm_" + name, "run_benchmark.py")
    with open(path) as file:
        source = file.read()
    module = {"__name__": name, "__file__": path}
    exec(compile(source, path, "exec"), module)
    return module


def nbody(m, small):
    m["offset_momentum"](m["BODIES"]["sun"])
    m["advance"](0.01, 200 if small else 20000)
    return m["SYSTEM"]


def fannkuch(m, small):
    return [m["fannkuch"](n) for n in range(3, 6 if small else 10)]


def spectral_norm(m, small):
    u = [1] * (10 if small else 130)
    for _ in range(2 if small else 10):
        v = m["eval_AtA_times_u"](u)
        u = m["eval_AtA_times_u"](v)
    return u, v


def nqueens(m, small):
    return [list(m["n_queens"](n)) for n in range(4, 6 if small else 9)]


def richards(m, small):
    return [m["Richards"]().run(1) for _ in range(1 if small else 20)]


def deltablue(m, small):
    for _ in range(1 if small else 20):
        m["delta_blue"](8 if small else 100)
    planner = m["planner"]
    return planner.current_mark


def hexiom(m, small):
    return m["main"](1 if small else 12, 2 if small else 25) >= 0


def meteor_contest(m, small):
    board, cti, pieces = m["get_puzzle"](m["WIDTH"], m["HEIGHT"])
    if small:
        # The order of a set's elements is each Python's own.
        return board, cti, [sorted(map(sorted, piece)) for piece in pieces]
    fps, se_nh = m["get_footprints"](board, cti, pieces), m["get_senh"](board, cti)
    solutions = []
    free, left = frozenset(range(len(board))), list(range(len(pieces)))
    m["solve"](m["SOLVE_ARG"], 0, free, [-1] * len(board), left, solutions, fps, se_nh)
    return solutions == m["SOLUTIONS"], solutions


def float_(m, small):
    point = m["benchmark"](200 if small else 100000)
    return point.x, point.y, point.z


def coroutines(m, small):
    def run(n):
        coroutine = m["fibonacci"](n)
        while True:
            try:
                coroutine.send(None)
            except StopIteration as end:
                return end.value

    return [run(n) for n in range(8 if small else 20)]


def unpack_sequence(m, small):
    loops = 3 if small else 3000
    return m["bench_tuple_unpacking"](loops) >= 0, m["bench_list_unpacking"](loops) >= 0


PROGRAMS = {
    "nbody": nbody, "fannkuch": fannkuch, "spectral_norm": spectral_norm, "nqueens": nqueens, "richards": richards,
    "richards_super": richards, "deltablue": deltablue, "hexiom": hexiom, "meteor_contest": meteor_contest,
    "float": float_, "coroutines": coroutines, "unpack_sequence": unpack_sequence,
}


def main(folder, *names):
    pyperf = types.ModuleType("pyperf")
    pyperf.perf_counter = perf_counter
    sys.modules["pyperf"] = pyperf
    small = "small" in names
    names = [name for name in names if name != "small"] or PROGRAMS
    for name in names:
        print(name, PROGRAMS[name](load(folder, name), small))


main(*sys.argv[1:])
