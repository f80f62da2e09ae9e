import _opcode, opcode, sys
from opcode import opmap
names = {v: k for k, v in opmap.items()}
for v in sorted(names):
    if v < 129: continue
    def se(a, j):
        try: return _opcode.stack_effect(v, a, jump=j)
        except ValueError as e: return str(e)
    print(v, names[v], _opcode.has_arg(v), [f.__name__ for f in (_opcode.has_const, _opcode.has_name, _opcode.has_jump, _opcode.has_free, _opcode.has_local, _opcode.has_exc) if f(v)], [se(a, j) for a in (None, 0, 3, 5) for j in (None, False, True)], _opcode.is_valid(v))
for f in ("has_arg", "has_const", "has_name", "has_jump", "has_free", "has_local", "has_exc", "is_valid"):
    print(f, [v for v in range(-1, 270) if getattr(_opcode, f)(v)])
for v in range(0, 129):
    r = []
    for a in (None, 0, 1, 2, 3, 5, 7, 300):
        for j in (None, True, False):
            try: r.append(_opcode.stack_effect(v, a, jump=j))
            except Exception as e: r.append(str(e))
    print(v, r)
print(opcode._nb_ops, opcode._intrinsic_1_descs, opcode._intrinsic_2_descs, opcode._special_method_names)
print(_opcode.get_specialization_stats())
def f(): pass
for a in ((f.__code__, 0), (f.__code__, 1000), (1, 0)):
    try: print(_opcode.get_executor(*a))
    except Exception as e: print(type(e), e)
for a in ((1000,), (50, "a"), ("x",), (82,), (82, 0)):
    try: print(_opcode.stack_effect(*a))
    except Exception as e: print(type(e), e)
try: _opcode.stack_effect(100, 0, jump=3)
except Exception as e: print(type(e), e)
print([n for n in dir(_opcode) if n[0] != '_'])
