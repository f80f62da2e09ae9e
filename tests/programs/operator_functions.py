"""Every function of operator, and what gets items, attributes and results of methods."""
import operator as o
class S:
    def __init__(s,l): s.l=l
    def __getitem__(s,i): return s.l[i]
    def __add__(s,x): return ('add',x.l)
class H:
    def __init__(s,v): s.v=v
    def __length_hint__(s): 
        if isinstance(s.v,type): raise s.v
        return s.v
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except Exception as e: print(type(e).__name__, e)
t(o.countOf,5,1); t(o.indexOf,5,1); t(o.indexOf,[1,2],5); t(o.indexOf,[1,2],2); t(o.contains,5,1)
t(o.concat,5,6); t(o.concat,[1],(2,)); t(o.concat,S([1]),S([2])); t(o.concat,{},{}); t(o.concat,[1],5); t(o.iconcat,5,6); t(o.iconcat, 'a','b'); t(o.iconcat,S([1]),S([2]))
t(o.length_hint,H(5)); t(o.length_hint,H(-1)); t(o.length_hint,H('a')); t(o.length_hint,H(NotImplemented),7); t(o.length_hint,H(TypeError),8); t(o.length_hint,H(ValueError),8); t(o.length_hint,5,'a'); t(o.length_hint,5); t(o.length_hint,[1,2]); t(o.length_hint,H(True)); t(o.length_hint, H(2**70)); t(o.length_hint, 5, 2**70); t(o.length_hint,5,True)
t(o.index,True); t(o.index,'a'); t(o.index,2**70)
t(o._compare_digest if hasattr(o,'_compare_digest') else None)
import _operator
d=_operator._compare_digest
t(d,'a','a'); t(d,'a','b'); t(d,'é','é'); t(d,b'a','a'); t(d,b'a',bytearray(b'a')); t(d,b'a',5); t(d, 'a', 'ab')
t(o.itemgetter); t(o.itemgetter,x=1); t(o.itemgetter(1)); t(o.itemgetter(1),[1],2); t(o.itemgetter(1),[1,5]); t(o.itemgetter(1,2),'abc'); t(o.itemgetter(slice(2)),'abc'); t(lambda:o.itemgetter(1,'a')); t(lambda:o.itemgetter('a')); t(o.itemgetter(1), x=[1])
t(lambda:o.itemgetter(1,2).__reduce__()); t(lambda:o.itemgetter(1).__reduce__()); t(o.itemgetter(5),[1]); t(o.itemgetter('a'),[1])
t(o.attrgetter); t(o.attrgetter,5); t(o.attrgetter,'a',5); t(lambda:o.attrgetter('real.imag','a')); t(o.attrgetter('real.imag','real'),5); t(o.attrgetter('x'),5); t(o.attrgetter('real')); t(lambda:o.attrgetter('a.b','c').__reduce__()); t(o.attrgetter('real.'),5); t(o.attrgetter('.real'),5); t(o.attrgetter(''),5);t(o.attrgetter('real'),5,6); t(o.attrgetter('real'),x=5); t(o.attrgetter, 'a', x=3)
t(o.methodcaller); t(o.methodcaller,5); t(o.methodcaller('upper'),'a'); t(o.methodcaller('split',sep=','),'a,b'); t(lambda:o.methodcaller('split',1,sep=',')); t(lambda:o.methodcaller('split')); t(lambda:o.methodcaller('split',1,sep=',').__reduce__()); t(lambda:o.methodcaller('split',1).__reduce__()); t(o.methodcaller('x'),5); t(o.methodcaller('upper')); t(o.methodcaller('upper'),'a','b'); t(o.methodcaller('upper'),x=1); t(o.methodcaller, name='a')
t(o.call,max,1,5,key=lambda x:-x); t(o.call); t(o.add,1); t(o.add,1,2,3); t(o.add,a=1,b=2); t(o.not_); t(o.setitem,[1],5,1); t(o.delitem,5,1); t(o.getitem,5,1); t(o.ixor,5,'a'); t(o.ipow,5,'a'); t(o.pow,'a',2); t(o.neg,'a'); t(o.abs,'a'); t(o.inv,1.5); t(o.lt,1,'a'); t(o.truth,[]); t(o.matmul,1,2); t(o.is_,1000,1000); t(o.is_none,None); t(o.is_not_none,None)
class X(o.itemgetter if 0 else object): pass
try:
    class X(o.itemgetter): pass
except TypeError as e: print(e)
try: o.itemgetter(1).x=5
except AttributeError as e: print(e)
print(o.attrgetter.__module__, o.itemgetter(1)==o.itemgetter(1))
x=[];g=o.itemgetter(x);x.append(g);print(g)
x=[];g=o.methodcaller('a',x);x.append(g);print(g)
print(o.add.__module__, o.__doc__[:20], o.add.__name__, repr(o.add))
