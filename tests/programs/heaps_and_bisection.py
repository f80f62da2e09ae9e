"""_heapq and _bisect: results, and sequences that change under them."""
import _heapq as h, _bisect as b
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except Exception as e: print(type(e).__name__, e)
x=[5,3,8,1,9,2]; h.heapify(x); print(x); h.heappush(x,0); print(x); print(h.heappop(x),x, h.heapreplace(x,7),x, h.heappushpop(x,-1), h.heappushpop(x,4),x)
x=[5,3,8,1,9,2]; h.heapify_max(x); print(x); h.heappush_max(x,10); print(x); print(h.heappop_max(x),x,h.heapreplace_max(x,4),x,h.heappushpop_max(x,100),h.heappushpop_max(x,1),x)
t(h.heappop,[]); t(h.heapreplace,[],1); t(h.heappushpop,[],1); t(h.heappop_max,[]); t(h.heapreplace_max,[],1); t(h.heappushpop_max,[],3)
for f in (h.heapify,h.heappop): t(f,(1,)); t(f); t(f,5)
for f in (h.heappush,h.heappushpop,h.heapreplace): t(f,(1,),2); t(f,[1]); t(f,[1],2,3)
t(h.heapify,[1,'a']); t(h.heappush,[1],'a'); t(h.heappush,['a',1],0)
class E:
    def __init__(s,v): s.v=v
    def __lt__(s,o):
        L.clear(); return s.v<o.v
L=[]
def chk(f,*a):
    global L
    L=[E(i) for i in range(10)]; L.reverse()
    t(f,L,*a)
chk(h.heapify); chk(h.heappush,E(-1)); chk(h.heappop); chk(h.heapreplace,E(3)); chk(h.heappushpop,E(30)); chk(h.heapify_max); chk(h.heappop_max)
a=[1,2,2,3,5]
for f in (b.bisect_left,b.bisect_right):
    print([f(a,i) for i in range(7)], f(a,2,2), f(a,2,0,1), f(a,-2,key=lambda v:v), f(a,2,hi=None), f(a=a,x=3,lo=1,hi=4))
    t(f,a,1,-1); t(f,a,1,0,10); t(f,5,1); t(f,a,'x'); t(f); t(f,a); t(f,a,1,key=5); t(f,a,1,0,5,None); t(f,a,1,'a'); t(f,a,1,0,'a');  t(f,a,1,10); t(f,a,1,3,1); t(f,{}, 1); t(f,'abc','b')
l=[1,3]; b.insort_left(l,2); b.insort_right(l,2); b.insort_right(l,5,key=lambda v:v); print(l); b.insort(l,0) if hasattr(b,'insort') else None
class Q:
    def __init__(s): s.l=[1,2]
    def __len__(s): return len(s.l)
    def __getitem__(s,i): return s.l[i]
    def insert(s,i,v): print('ins',i,v); s.l.insert(i,v)
b.insort_right(Q(),1); print(b.bisect_left(Q(),2)); t(b.insort_left,5,1); t(b.insort_left,(1,),1); t(b.insort_left,[1],'a'); t(b.bisect_left,[1],'a')
