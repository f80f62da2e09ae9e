"""Contexts, their variables, and tokens that take back."""
import _contextvars as c
from contextvars import *
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except Exception as e: print(type(e).__name__, e)
v=ContextVar('v'); w=ContextVar('w',default=5)
print(v.name, repr(w)[:28], repr(v)[:22]); t(v.get) if 0 else None
try: v.get()
except LookupError as e: print(type(e), e.args==(v,))
print(v.get(3), w.get(), w.get(9)); tok=v.set(1); print(v.get(), tok.var is v, tok.old_value is Token.MISSING, Token.MISSING, repr(tok)[:17])
tok2=v.set(2); print(tok2.old_value); v.reset(tok2); print(v.get()); t(v.reset,tok2) if 0 else None
try: v.reset(tok2)
except RuntimeError as e: print(str(e)[:14], 'has already been used once' in str(e))
t(w.reset,5)
try: w.reset(tok)
except ValueError as e: print(str(e)[:30], 'was created by a different ContextVar' in str(e))
v.reset(tok); print(v.get('none'))
t(ContextVar); t(ContextVar,5);  t(ContextVar,name='b') if 0 else None
ctx=copy_context(); print(type(ctx), len(ctx), list(ctx)); 
def f(x): v.set(x); return v.get(), len(copy_context())
print(ctx.run(f,7), v.get('out'), ctx[v], v in ctx, ctx.get(w), ctx.get(w,8), len(ctx), list(ctx.keys())==[v], list(ctx.values()), list(ctx.items())==[(v,7)])
t(lambda: ctx['a']); t(lambda: 5 in ctx); t(ctx.get,5)
try: ctx[w]
except KeyError as e: print(e.args==(w,))
try: ctx.run(ctx.run, f, 1)
except RuntimeError as e: print(str(e)[:22], str(e)[-18:])
c2=ctx.copy(); print(c2==ctx, c2 is ctx, Context()==Context(), ctx==Context()); c2.run(v.set,8); print(ctx[v],c2[v], c2==ctx, ctx!=c2)
t(hash,ctx); t(Context,1); t(Context,a=1); t(ctx.run); t(ctx.run, f, x=3); print(ctx[v]); t(lambda: ctx<c2); t(hash,tok); t(Token); t(lambda: Token())
try: ctx.x=1
except AttributeError as e: print(e)
print(ContextVar[int], Token[int], hash(v)==hash(v))
def g():
    tok=v.set(5); return tok
tok=ctx.run(g)
try: v.reset(tok)
except ValueError as e: print('was created in a different Context' in str(e))
with v.set('in') as tk: print(v.get(), type(tk))
print(v.get('out'))
def boom(): v.set(99); raise KeyError('x')
t(ctx.run,boom); print(ctx[v], v.get('out'))
try:
    class X(Context): pass
except TypeError as e: print(e)
try:
    class X(ContextVar): pass
except TypeError as e: print(e)
print([m for m in dir(c) if not m.startswith('__')])
t(copy_context,1); t(v.get,1,2); t(v.set); t(v.reset)
print(Context.__module__, ContextVar.__module__)
gen_var=ContextVar('g',default=0)
def gen():
    for i in range(3): gen_var.set(i); yield gen_var.get()
print([x for x in gen()], gen_var.get())
print(isinstance(ctx, __import__('collections').abc.Mapping) if 0 else '')
print(list(iter(ctx))==[v])
