# Not under gc: it starts programs, and imports much.
# What is said of names that modules have not: they may hide others, or not be there whole.
import os
import subprocess
import sys
import tempfile
import warnings

FILES = {
    "hidden/fractions.py": "import fractions\ntry:\n    fractions.Fraction\nexcept AttributeError as error:\n    print(error)\n"
                           "try:\n    from fractions import Fraction\nexcept ImportError as error:\n    print(error)\n",
    "hidden/library.py": "import library\ntry:\n    library.x\nexcept AttributeError as error:\n    print(error)\n"
                         "try:\n    from library import x\nexcept ImportError as error:\n    print(error)\n",
    "hidden/main.py": "import fractions, plain\ntry:\n    fractions.Fraction\nexcept AttributeError as error:\n    print(error)\n"
                      "try:\n    plain.x\nexcept AttributeError as error:\n    print(error)\n",
    "hidden/plain.py": "",
    "hidden/packed.py": "import secrets\ntry:\n    secrets.token\nexcept AttributeError as error:\n    print(error)\n",
    "hidden/secrets/__init__.py": "",
    "elsewhere/circle.py": "import circle\ntry:\n    circle.x\nexcept AttributeError as error:\n    print(error)\n"
                           "try:\n    from circle import x\nexcept ImportError as error:\n    print(error)\n",
    "elsewhere/outer/__init__.py": "from . import child\n",
    "elsewhere/outer/child.py": "import outer\ntry:\n    outer.child\nexcept AttributeError as error:\n    print(error)\n"
                                "import outer.inner\n",
    "elsewhere/outer/inner.py": "import outer.child\ntry:\n    outer.child.inner\nexcept AttributeError as error:\n    print(error)\n",
    "elsewhere/later/__init__.py": "",
    "elsewhere/later/child.py": "import later\ntry:\n    later.child\nexcept AttributeError as error:\n    print(error)\n",
    "elsewhere/again/__init__.py": "",
    "elsewhere/again/first.py": "import sys\nsys.modules.pop(__package__)\nfrom . import second\n",
    "elsewhere/again/second.py": "",
    "elsewhere/fixed/__init__.py": "import sys\nclass Fixed:\n    __slots__ = ()\n    __path__ = __path__\n    __name__ = __name__\n"
                                   "    def __repr__(self):\n        return 'fixed'\n"
                                   "sys.modules[__name__] = Fixed()\n",
    "elsewhere/fixed/child.py": "",
}

with tempfile.TemporaryDirectory() as folder:
    folder = os.path.realpath(folder)
    for name, text in FILES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def shown(text):
        return str(text).replace(folder, "")

    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STITCH"))}
    for name in ["fractions", "library", "main", "packed"]:
        script = os.path.join(folder, "hidden", f"{name}.py")
        for flags in [[], ["-P"]] if name == "fractions" else [[]]:
            done = subprocess.run([sys.executable, *flags, script], capture_output=True, text=True, env=environment)
            print(name, flags, shown(done.stdout + done.stderr[-200:]))

    sys.path.append(os.path.join(folder, "elsewhere"))
    sys.stdout.write = lambda text, write=sys.stdout.write: write(shown(text))
    import circle
    import outer
    import later.child
    import again.first
    print(again.first.second.__name__)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        from fixed import child
        print(child.__name__)
    print([(warning.category.__name__, str(warning.message)) for warning in caught])
