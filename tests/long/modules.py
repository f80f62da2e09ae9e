# A module that is so long that it may be compiled in parts is one module all the same.
from binascii import crc32

PIECES = [
    "def function_{i}(a, b={i}, *, key='k{i}'):\n    '''Function {i}.'''\n    return a * {i} + b, key, ({i}, 'x', 1.5)\n",
    "class Class_{i}(Base):\n    size = {i}\n    def method(self): return self.size + len(NAMES)\n",
    "if {i} % 3:\n    NAMES.append('n{i}')\nelse:\n    NAMES.append('m{i}')\n",
    "try:\n    value_{i} = TABLE[{i}]\nexcept KeyError as error:\n    value_{i} = (repr(error), {i})\n",
    "for x in range({i} % 4):\n    TOTAL += x * {i}\n",
    "SQUARES_{i} = [1, 2, {i}], 'common', {i}.25, b'bytes', None, ...\n",
    "@decorate\ndef decorated_{i}(x): return x if x > {i} else -{i}\n",
    "with Manager('{i}') as m:\n    TOTAL += m\n",
    "while TOTAL > 10 ** 5:\n    TOTAL -= 10 ** 4\n    if TOTAL < 50: break\n",
    "import sys as module_{i}\n",
    "def generator_{i}():\n    yield {i}\n    try:\n        yield from (TOTAL, NAMES[0])\n    finally:\n        LOG.append({i})\n",
]
HEAD = """'''The docstring.'''
class Base: pass
class Manager:
    def __init__(self, text): self.number = int(text)
    def __enter__(self): return self.number
    def __exit__(self, *_): LOG.append(self.number)
def decorate(f): return lambda x: f(x) + 1
NAMES, LOG, TOTAL, TABLE = [], [], 0, {9: 'nine', 14: 'fourteen'}
"""


def source_of(n, step):
    parts = [PIECES[(i * step) % len(PIECES)].replace("{i}", str(i)) for i in range(n)]
    return HEAD + "".join(parts)


def show(code):
    print(len(code.co_names), crc32(repr(code.co_names).encode()), code.co_stacksize, code.co_flags)
    consts = [repr(c) for c in code.co_consts if not hasattr(c, "co_code")]
    # Their order is the compiler's.
    print(len(code.co_consts), crc32(repr(sorted(consts)).encode()), consts[:4])
    print(crc32(repr([c.co_code for c in code.co_consts if hasattr(c, "co_code")]).encode()))


for n, step in ((3000, 1), (3000, 3), (2500, 7), (1200, 10)):
    source = source_of(n, step)
    code = compile(source, "long.py", "exec")
    show(code)
    names = {"__name__": "long"}
    exec(code, names)
    print(names["__doc__"], len(names), names["TOTAL"], len(names["NAMES"]), len(names["LOG"]))

# An error far down is on its line.
namespace = {"__name__": "long"}
try:
    exec(compile(source_of(2000, 1) + "\n\nNO_SUCH_NAME\n", "long.py", "exec"), namespace)
except NameError as error:
    print(error, error.__traceback__.tb_next.tb_lineno)
try:
    exec(compile(source_of(1500, 1) + "raise ValueError(len(NAMES))\n" + source_of(1500, 1), "long.py", "exec"), namespace)
except ValueError as error:
    print(error, error.__traceback__.tb_next.tb_lineno)
for wrong in ("return 1", "x = (", "def f():\n    a = 1\n    global a", "nonlocal x", "await x"):
    try:
        compile(source_of(2500, 1) + wrong, "long.py", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno)
for right in ("x: int = 1", "def f():\n    global TOTAL\n    TOTAL = -1\nf()", "from __future__ import annotations"):
    text = source_of(2500, 1)
    text = right + "\n" + text.replace("'''The docstring.'''\n", "") if "__future__" in right else text + right
    names = {"__name__": "long"}
    code = compile(text, "long.py", "exec")
    print(code.co_flags)
    exec(code, names)
    print(names["TOTAL"], names["NAMES"][:3])
