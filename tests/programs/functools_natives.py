"""partial with placeholders, reduce, cmp_to_key and caches: what they give and refuse."""
import functools, _functools, copy
from functools import *
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except Exception as e: print(type(e).__name__, e)
P=Placeholder
def f(*a,**k): return a,k
print(P, type(P), type(P)() is P, P.__reduce__()); t(type(P),1)
t(partial); t(partial,5); t(partial,f,P); t(partial,f,1,x=P); t(partial(f,P,1)); t(partial(f,P,1),2); t(partial(f,P,1,P,4),2,3,5,z=1); t(partial(f,P,P,1)); 
p=partial(f,1,2,a=3); print(p.args,p.keywords,p.func is f); t(p,4,a=5,b=6); t(p,4)
q=partial(p,7,b=8); print(q.func is f, q.args, q.keywords)
q=partial(partial(f,P,P,1),2); print(q.args); t(q,9); t(q)
q=partial(partial(f,P,1),2,3); print(q.args); 
q=partial(partial(f,P,1),P,3); print(q.args); t(lambda: partial(partial(f,P,1),P))
class S(partial): pass
s=S(f,1); print(type(s), s.args); s.foo=3; print(s.__dict__, repr(s)[:23]); 
q=partial(s,2); print(q.func is s, q.func is f)
q=partial(p,2); p.foo=1; q2=partial(p,2); print(q.func is f,q2.func is p); print(p.__dict__)
r=partial(int,base=2); print(repr(r)); t(r,'101')
r=p.__reduce__(); print(r[0],len(r[1]),r[2][1:])
t(p.__setstate__,5); t(p.__setstate__,(1,2,3)); t(p.__setstate__,(f,(P,),{},None)); p.__setstate__((f,(1,),{},None)); print(p.args,p.keywords,p.__dict__); p.__setstate__((f,[1][:0] or (),None,{'y':1})); print(p.args,p.keywords,p.__dict__)
t(p.__setstate__,(f,[1],{},None)); t(p.__setstate__,(f,(),[],None))
try: p.func=3
except Exception as e: print(type(e).__name__,e)
try: del p.args
except Exception as e: print(type(e).__name__,e)
try: p.zz
except Exception as e: print(type(e).__name__,e)
class A:
    m=partial(lambda self,x: (type(self).__name__,x))
    n=functools.partialmethod(lambda self,x,y:(x,y),1)
print(A().m(3), A.m, A().n(2)) if 0 else print(A().m(3), A().n(2))
print(partial[int], partial.__module__, hash(p)==hash(p))
x=partial(f); x.__setstate__((x,(),{},{})); print(repr(x))
def g(a,b=2): return a+b
t(partial(g,b=5),1); t(partial(g,b=5),1,b=6); t(partial(g),1,b=6)
t(reduce,lambda a,b:a+b,[1,2,3]); t(reduce,max,[],5); t(reduce,max,[]); t(reduce,max,5); t(reduce,max); t(reduce,lambda a,b:a*b,[1,2],initial=10); t(reduce,max,[1],2,3); t(reduce,5,[1]); t(reduce,5,[1,2]); t(reduce, function=max)
K=cmp_to_key(lambda a,b:(a>b)-(a<b)); print(sorted([3,1,2],key=K), K(1)<K(2), K(1)==K(1), K(1)>=K(2), type(K), type(K(1)), K(5).obj)
t(lambda:K(1)<5); t(lambda: K<K); t(hash,K(1)); t(K); t(K,1,2); t(K,x=1); print(K(obj=4).obj); t(cmp_to_key);  t(cmp_to_key,1,2); print(K.obj); t(lambda: K(1)!=K(2))
K2=cmp_to_key(lambda a,b:'x'); t(lambda:K2(1)<K2(2)); k=K(1); k.obj=8; print(k.obj)
@lru_cache
def h(x,y=1): return (x,y)
h(1);h(1);h(1,1);h(x=1);h(1.0); print(h.cache_info(), h.cache_parameters()); h.cache_clear(); print(h.cache_info()); print(type(h), h.__name__, h.__wrapped__.__name__, h.__reduce__(), copy.copy(h) is h, copy.deepcopy(h) is h)
t(h); t(h,[]); 
@lru_cache(maxsize=2)
def k(x): print('call',x); return x*2
k(1);k(2);k(1);k(3);k(1);k(2); print(k.cache_info())
@lru_cache(maxsize=None,typed=True)
def k(x): return type(x)
k(1);k(1.0);k(True);k(1);print(k.cache_info(), k(1.0))
@lru_cache(maxsize=0)
def k(x): return x
k(1);k(1);print(k.cache_info())
@lru_cache(maxsize=-5)
def k(x): return x
k(1); print(k.cache_info())
t(lru_cache,'a'); t(_functools._lru_cache_wrapper,max,'a',False,tuple); t(_functools._lru_cache_wrapper,5,1,False,tuple); 
w=_functools._lru_cache_wrapper(max,3,False,lambda *a:a); w(1,2); print(w.cache_info())
class B:
    @lru_cache
    def m(self,x): return x+1
    @cached_property
    def c(self): return 5
b=B(); print(b.m(1), b.m(1), B.m.cache_info(), b.c, type(b.m).__name__)
@lru_cache(maxsize=3)
def fib(n): return n if n<2 else fib(n-1)+fib(n-2)
print([fib(i) for i in range(15)], fib.cache_info())
@cache
def e(x): raise ValueError(x)
t(e,1); t(e,1); print(e.cache_info())
@lru_cache(4)
def re(n):
    if n: re(n-1)
    return n
re(10); print(re.cache_info()); re(10); print(re.cache_info())
h.attr=4; print(h.attr, 'attr' in h.__dict__)
print(repr(h).startswith('<functools._lru_cache_wrapper object at'))
