# warnings: filters, registries, levels, catching, and what the core warns of.
import sys
import warnings

class Stream:
    def __init__(self):
        self.text = ""
    def write(self, text):
        self.text += text
    def flush(self):
        pass

def shown(function, *args, **kwargs):
    saved, sys.stderr = sys.stderr, Stream()
    try:
        function(*args, **kwargs)
        text = sys.stderr.text
    finally:
        sys.stderr = saved
    # The source line behind is linecache's.
    text = text.replace(__file__, "FILE").partition("\n  ")[0].rstrip("\n") + "\n" if text else ""
    print(text, end="" if text else "(nothing)\n")

def caller(level=1, category=None):
    warnings.warn("told", category, level)

for _ in range(2):
    shown(caller)
shown(caller, 2)
shown(caller, 1, DeprecationWarning)
shown(caller, 1, PendingDeprecationWarning)
shown(caller, 99)
print(sorted(str(key) for key in __warningregistry__)[:2])

with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
    for _ in range(3):
        caller()
    warnings.warn(RuntimeWarning("an instance"))
    warnings.warn_explicit("explicit", UserWarning, "file.py", 7)
print([(type(w.message).__name__, str(w.message), w.category.__name__, w.lineno > 0) for w in log])

for action, times in (("default", 3), ("module", 3), ("once", 3), ("ignore", 1), ("all", 2)):
    with warnings.catch_warnings(record=True) as log:
        warnings.resetwarnings()
        warnings.simplefilter(action)
        for n in range(times):
            warnings.warn("by action")
            warnings.warn_explicit("other line", UserWarning, "f.py", n, registry={})
    print(action, len(log))

with warnings.catch_warnings():
    warnings.simplefilter("error", ResourceWarning)
    try:
        warnings.warn("raised", ResourceWarning)
    except ResourceWarning as error:
        print("raised", error)
    warnings.filterwarnings("ignore", category=UserWarning)
    shown(caller)

registry = {}
for n in range(3):
    shown(warnings.warn_explicit, "explicit", UserWarning, "some/file.py", 3, registry=registry)
print(registry)
shown(warnings.warn_explicit, "no file", UserWarning, "", 0)

def replaced(message, category, filename, lineno, file=None, line=None):
    print("shown", message, category.__name__, lineno == 12)

original, warnings.showwarning = warnings.showwarning, replaced
warnings.warn_explicit("hooked", UserWarning, "a.py", 12)
warnings.showwarning = original

def fails(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)

fails(warnings.warn, "x", 5)
fails(warnings.warn, "x", int)
fails(warnings.warn, "x", skip_file_prefixes=["a"])
fails(warnings.warn, "x", skip_file_prefixes=(5,))
fails(warnings.warn_explicit, "x", UserWarning, "f", 1, registry=5)
fails(warnings.warn_explicit, "x", UserWarning, "f", 1, module_globals=5)
fails(warnings.simplefilter, "nosuch")
import _warnings
fails(_warnings._filters_mutated_lock_held)
fails(_warnings._release_lock)

with warnings.catch_warnings():
    warnings.filters[:] = [5]
    fails(warnings.warn, "bad filter")
    warnings.filters[:] = [("nosuch", None, Warning, None, 0)]
    fails(warnings.warn, "bad action")
    warnings.filters[:] = [(5, None, Warning, None, 0)]
    fails(warnings.warn, "bad action")

with warnings.catch_warnings(record=True) as log:
    warnings.simplefilter("always")
    compile("x is 5", "<made>", "exec")
    compile("assert (1, 'a')", "<made>", "exec")
print([(w.category.__name__, str(w.message), w.filename == "<made>", w.lineno == 1) for w in log])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        compile("\n5 is x", "<made>", "exec")
    except SyntaxError as error:
        print("SyntaxError", error.msg, error.lineno, error.filename)
