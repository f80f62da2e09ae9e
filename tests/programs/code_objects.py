# Code objects: their tables, copies with changes, and what dis reads from them.
import types, dis
def f(x, y=1, *a, k=2, **kw):
    z = [i for i in x if i]
    for q in z:
        if q is None: continue
        while q: q -= 1
    def g(): return z
    return g
c=f.__code__
print(list(c.co_lines())); print(list(c.co_positions())[:6]); print(list(c.co_branches()))
print(c.replace()==c, hash(c.replace())==hash(c), c.replace(co_name="h").co_name, c.replace(co_firstlineno=7).co_firstlineno)
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(c.co_lnotab, caught[0].message)
print(c._varname_from_oparg(0), len(c.co_linetable) > 0, c.co_exceptiontable)
print(repr(c).partition(" at ")[0], repr(c).rpartition(", ")[2])
n=types.CodeType(c.co_argcount,c.co_posonlyargcount,c.co_kwonlyargcount,c.co_nlocals,c.co_stacksize,c.co_flags,c.co_code,c.co_consts,c.co_names,c.co_varnames,c.co_filename,c.co_name,c.co_qualname,c.co_firstlineno,c.co_linetable,c.co_exceptiontable,c.co_freevars,c.co_cellvars)
print(n==c, n.co_cellvars, n.co_varnames)
F=types.FunctionType(n,{},'f',(1,))
print(F.__name__, F.__defaults__)
for kw in (dict(co_argcount=-1),dict(co_nlocals=99),dict(co_consts=[]),dict(foo=1)):
    try: c.replace(**kw)
    except Exception as e: print(type(e).__name__, e)
try: c.replace(1)
except Exception as e: print(type(e).__name__, e)
try: types.CodeType(1)
except Exception as e: print(type(e).__name__, e)
print(compile("1","a","eval")==compile("1","b","eval"), compile("1","a","eval")==compile("1.0","a","eval"), compile("(1,)","a","eval")==compile("(True,)","a","eval"))
import io, re
out = io.StringIO()
dis.dis(f, file=out)
print(re.sub('0x[0-9a-f]+, file "[^"]*"', '', out.getvalue()))
