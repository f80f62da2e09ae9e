"""Counts what a program calls and how long that takes, in native code: the interface of `profile`, at less cost.

This module is stitch's own: the library that it is packed with has none.
"""

__all__ = ["run", "runctx", "Profile"]

import _lsprof
import profile as _profile


def run(statement, filename=None, sort=-1):
    return _profile._Utils(Profile).run(statement, filename, sort)


def runctx(statement, globals, locals, filename=None, sort=-1):
    return _profile._Utils(Profile).runctx(statement, globals, locals, filename, sort)


run.__doc__ = _profile.run.__doc__
runctx.__doc__ = _profile.runctx.__doc__


class Profile(_lsprof.Profiler):
    """Profile(timer=None, timeunit=None, subcalls=True, builtins=True)

    Counts calls while it is enabled. `timer` is a clock, `timeunit` the seconds that it counts where it gives ints.
    """

    def print_stats(self, sort=-1):
        import pstats

        keys = sort if isinstance(sort, tuple) else (sort,)
        pstats.Stats(self).strip_dirs().sort_stats(*keys).print_stats()

    def dump_stats(self, file):
        import marshal

        self.create_stats()
        with open(file, "wb") as out:
            marshal.dump(self.stats, out)

    def create_stats(self):
        self.disable()
        self.snapshot_stats()

    def snapshot_stats(self):
        """Sets `stats` to what `pstats` reads: by function, its counts, and those of it by who called it."""
        entries = self.getstats()
        callers = {}
        for entry in entries:
            for call in entry.calls or ():
                of_callee = callers.setdefault(label(call.code), {})
                key, counts = label(entry.code), _counts(call)
                if key in of_callee:
                    counts = tuple(map(sum, zip(counts, of_callee[key])))
                of_callee[key] = counts
        self.stats = {}
        for entry in entries:
            key = label(entry.code)
            n_calls, n_primitive, own, total = _counts(entry)
            self.stats[key] = n_primitive, n_calls, own, total, callers.get(key, {})

    def run(self, cmd):
        import __main__

        return self.runctx(cmd, __main__.__dict__, __main__.__dict__)

    def runctx(self, cmd, globals, locals):
        self.runcall(exec, cmd, globals, locals)
        return self

    def runcall(self, func, /, *args, **kw):
        # Not by `with`, which would be counted.
        self.enable()
        try:
            return func(*args, **kw)
        finally:
            self.disable()

    def __enter__(self):
        self.enable()
        return self

    def __exit__(self, *exception):
        self.disable()


def _counts(entry):
    """All calls, those that were not recursive, own time, time with what was called."""
    return entry.callcount, entry.callcount - entry.reccallcount, entry.inlinetime, entry.totaltime


def label(code):
    """What `pstats` calls a function: its file, line and name."""
    if isinstance(code, str):
        return "~", 0, code
    return code.co_filename, code.co_firstlineno, code.co_name


def _program(name, is_module):
    """What runs a module, or a program's file, as `__main__`, and the names that it runs with."""
    import sys

    if is_module:
        import runpy

        return "run(name, run_name='__main__')", {"run": runpy.run_module, "name": name}
    import io
    import os.path
    from importlib.machinery import ModuleSpec

    sys.path.insert(0, os.path.dirname(name))
    with io.open_code(name) as source:
        code = compile(source.read(), name, "exec")
    # A module that can be imported, so that what the program defines can be pickled.
    module = sys.modules["__main__"] = type(sys)("__main__")
    module.__spec__ = ModuleSpec("__main__", None, origin=name)
    module.__file__ = name
    module.__package__ = module.__cached__ = None
    return code, vars(module)


def main():
    import optparse
    import os.path
    import pstats
    import sys

    parser = optparse.OptionParser("cProfile.py [-o output_file_path] [-s sort] [-m module | scriptfile] [arg] ...")
    parser.allow_interspersed_args = False
    parser.add_option("-o", "--outfile", help="write what was counted to this file, for pstats")
    parser.add_option("-s", "--sort", default=2, choices=sorted(pstats.Stats.sort_arg_dict_default), help="the order of the report")
    parser.add_option("-m", dest="module", action="store_true", help="the program is a module")
    options, sys.argv[:] = parser.parse_args()
    if not sys.argv:
        parser.print_usage()
        sys.exit(2)
    # The program may go to another folder.
    outfile = options.outfile and os.path.abspath(options.outfile)
    code, names = _program(sys.argv[0], options.module)
    try:
        runctx(code, names, None, outfile, options.sort)
    except BrokenPipeError as error:
        # Who read the report has gone; nothing is written at the end.
        sys.stdout = None
        sys.exit(error.errno)


if __name__ == "__main__":
    main()
