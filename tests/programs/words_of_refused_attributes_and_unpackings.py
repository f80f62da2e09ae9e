# What unpacking, star arguments and attributes that cannot be set or deleted say.
def broken(): raise TypeError("myerror")
def g(*a, **k): return a
for s in ["g(*(broken() for i in range(1)))", "g(*3)", "g(1, *3)", "g(1, *(broken() for i in [1]), *[1])", "[*3]", "[*(broken() for i in [1])]", "g(**3)", "g(*3, **{})"]:
    try: eval(s)
    except TypeError as e: print(s, e)
class Seq:
    def __getitem__(self, i): raise TypeError("seq")
for s in ["a, *b = 7", "a, *b = Seq()", "[*b] = None", "a, b = 7"]:
    try: exec(s)
    except TypeError as e: print(s, e)
for s in ["g(*Seq())", "[*Seq()]", "g(1, *Seq())"]:
    try: eval(s)
    except TypeError as e: print(s, e)
class B:
    y = 0
    __slots__ = ('z',)
for s in ["del B().y", "B().y = 1", "del B().x", "B().x = 1", "del B().z", "del (5).real", "del (5).foo", "del ''.join"]:
    try: exec(s)
    except AttributeError as e: print(s, e)
def f(): pass
class D: pass
class E(int): pass
for s in ["''.join = 1", "(5).real = 1", "(5).foo = 1", "object().x = 1", "del object().x", "del f.zz", "del D().zz", "del D().__class__", "del E().zz", "[].append = 1", "del [].append", "len.x = 1", "del len.x", "del len.__name__", "import sys; del sys.zz", "del D.zz", "del int.zz", "D().__dict__ = 3", "del Exception().zz","Exception().args = 3", "f.__code__=3", "del f.__code__", "iter([]).x=1", "(1).__class__ = 3", "del (1).__doc__", "super().x = 1", "(i for i in []).x=2", "(i for i in []).gi_code=2", "D().m.__func__ = 3"]:
    try: exec(s)
    except Exception as e: print(s, type(e).__name__, e)
for source in ["x = t'{a}' 'str'", "y = b'b' t'a'"]:
    try: compile(source, "<s>", "exec")
    except SyntaxError as e: print(e.msg, e.lineno, e.offset)
for _ in range(300):
    try: a, *b = 7
    except TypeError as e: message = str(e)
    try: del B().y
    except AttributeError as e: message += str(e)
print(message)
