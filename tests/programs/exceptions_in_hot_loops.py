import sys
def lines(e):
    out=[]
    tb=e.__traceback__
    while tb: out.append((tb.tb_frame.f_code.co_name if hasattr(tb,'tb_frame') else '?', tb.tb_lineno)); tb=tb.tb_next
    return out
def a(n):
    s=0
    for i in range(n):
        try: raise ValueError(i)
        except ValueError as e:
            s+=e.args[0]; last=e
    return s,lines(last),last.__context__
print(a(2000))
def r(i):
    if i&1: raise KeyError
    return i
def b(n):
    s=0
    for i in range(n):
        try: s+=r(i)
        except KeyError as e: s+=1; last=e
    return s,lines(last),last.args
print(b(2000))
def deep(i):
    return r(i)+1
def c(n):
    s=0
    for i in range(n):
        try:
            try: s+=deep(i)
            finally: s+=10
        except (TypeError,LookupError) as e: s+=1; last=e
    return s,lines(last)
print(c(2000))
def d(n):
    s=0
    for i in range(n):
        try:
            try: raise ValueError(i)
            except ValueError as e:
                raise TypeError(str(i)) from e
        except TypeError as e: last=e; s+=1
    return s,lines(last),repr(last.__cause__),repr(last.__context__),lines(last.__cause__), last.__suppress_context__
print(d(2000))
def e(n):
    s=0
    for i in range(n):
        try:
            try: raise ValueError(i)
            except ValueError:
                raise
        except ValueError as x: last=x; s+=sys.exception() is x
    return s,lines(last),last.__context__, sys.exception()
print(e(2000))
def f(n):
    s=0; d={}
    for i in range(n):
        try: s+=d[i]
        except KeyError as x: s+=x.args[0]; last=x
        if i%7==0: d[i+1]=5
    return s,lines(last)
print(f(2000))
def g(n):
    s=0
    for i in range(n):
        try: s+=int('x' if i%3 else '12')
        except ValueError as x: s+=1; last=x
        except TypeError: s+=1000
    return s,str(last)
print(g(2000))
class W:
    def __init__(self): self.log=[0,0]
    def __enter__(self): self.log[0]+=1; return self
    def __exit__(self,t,v,tb):
        self.log[1]+= t is not None
        return t is ValueError
def h(n):
    s=0; w=W()
    for i in range(n):
        try:
            with w as q:
                if i%3==0: raise ValueError(i)
                if i%5==0: raise KeyError(i)
                s+=1
        except KeyError: s+=100
    return s,w.log
print(h(2000))
class E1(Exception): pass
class E2(E1):
    def __init__(self,x,y=3): super().__init__(x); self.y=y
def k(n):
    s=0
    for i in range(n):
        try:
            if i%2: raise E1(i,2)
            else: raise E2(i)
        except E2 as x: s+=x.y; l2=x
        except E1 as x: s+=x.args[1]; l1=x
    return s,l1.args,l2.args,l2.y,lines(l1)
print(k(2000))
class Q(ValueError):
    pass
def m(n):
    global Q
    s=0
    for i in range(n):
        try: raise Q(1)
        except KeyError: s+=1
        except ValueError: s+=2
        if i==1000: Q=KeyError
        if i==2000:
            class Q2(KeyError): pass
            Q=Q2
    return s
print(m(2000))
def ctx(n):
    for i in range(n):
        try: raise KeyError(i)
        except KeyError:
            try: raise ValueError(i)
            except ValueError as x: last=x
    return repr(last.__context__), sys.exception()
print(ctx(2000))
def outer(n):
    s=0
    for i in range(n):
        try: inner(i)
        except IndexError as x: s+=1; last=x
    return s,lines(last)
def inner(i):
    try: raise KeyError
    except KeyError: pass
    l=[1]
    return l[i]
print(outer(2000))
def gen(n):
    for i in range(n):
        try: 
            if i%2: raise ValueError
            yield i
        except ValueError: yield -1
print(sum(gen(2000)))
def sub(n):
    s=0
    for i in range(n):
        try: next(iter(()))
        except StopIteration: s+=1
        try: [].x
        except AttributeError as x: s+=1; last=x
    return s,last.name
print(sub(2000))
def loopexc(n):
    s=0
    try:
        for i in range(n):
            s+=i
            if i==n-5: raise KeyError(i)
    except KeyError as x: return s, x.args, lines(x)
for _ in range(30): z=loopexc(500)
print(z)
def names(n):
    for i in range(n):
        try: undefined_name
        except NameError as x: last=x
    return str(last)
print(names(2000))
