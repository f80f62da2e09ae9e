"""As much of pyperf as pyperformance's pure-Python programs use: runs rounds in this process and prints their seconds."""

import os
import sys
from time import perf_counter

N_ROUNDS = int(os.environ.get("STITCH_BENCH_ROUNDS", "8"))


def python_implementation():
    return sys.implementation.name


class _Options:
    pass


class _Arguments:
    """Every option has its default: the programs are run without arguments."""

    def __init__(self):
        self.defaults = {}

    def add_argument(self, *names, default=None, action=None, **_):
        long = [name for name in names if name.startswith("--")]
        name = (long or names)[0].lstrip("-").replace("-", "_")
        self.defaults[name] = False if action == "store_true" else default

    def set_defaults(self, **defaults):
        self.defaults.update(defaults)


class Runner:
    def __init__(self, **_):
        self.metadata = {}
        self.argparser = _Arguments()
        self.args = None

    def parse_args(self, *_):
        self.args = _Options()
        for name, default in self.argparser.defaults.items():
            setattr(self.args, name, default)
        return self.args

    def bench_func(self, name, function, *args, inner_loops=1, **_):
        def seconds(loops):
            start = perf_counter()
            for _ in range(loops):
                function(*args)
            return perf_counter() - start

        self._rounds(seconds)

    def bench_time_func(self, name, function, *args, inner_loops=1, **_):
        self._rounds(lambda loops: function(loops, *args))

    def _rounds(self, seconds):
        for _ in range(N_ROUNDS):
            print("round", seconds(1))
        print("result none")
