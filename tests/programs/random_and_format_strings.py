"""The Mersenne twister, format strings taken apart, the normal distribution, numbers of errors."""
import _random, _string, _statistics, errno
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except Exception as e: print(type(e).__name__, e)
R=_random.Random
r=R(42); print([r.random() for _ in range(3)], r.getrandbits(10), r.getrandbits(100), r.getrandbits(32), r.getrandbits(0)); 
for s in (0,1,-1,2**100,-5,'a',b'x',None.__class__,True,(1,2)):
    r=R(5); t(r.seed,s)
    if not isinstance(s,(str,bytes,type,tuple)): print(r.random(), hash(s)==hash(s))
t(r.getrandbits,-1); t(r.getrandbits,'a'); t(r.getrandbits); t(r.getrandbits,2**40); st=R(3).getstate(); print(len(st),st[:3],st[-1],type(st)); q=R(9); q.setstate(st); print(q.random()==R(3).random(), q.getstate()[-1]); t(q.setstate,5); t(q.setstate,(1,2)); t(q.setstate,tuple([1.5]*625)); t(q.setstate,tuple([0]*624+[700]));  t(R,1,2); t(R,x=1); t(R.random,5); t(q.seed,1,2); t(q.setstate,tuple([-1]*625))
class RS(R):
    def __init__(self,*a,**k): pass
print(RS(4,5).getrandbits(0), isinstance(RS(),R)); print(type(RS([1])).__name__) 
print(R(0).random(), R(2**64+7).random(), R(-7).random()==R(7).random())
F=_string.formatter_parser
for s in ('a{b}c','{}','{0.x[1]!r:>{w}}','{{}}','a{{b','{','}','{a','{!x}','{a!}','{a!r','{a!rr}','{a[}]}','a}b','','{a:{b}','{:{}}{}', '{a!r:}','x{a:b!c}', '{[a]:b}','{!r}','{a!r:x}y', '{a{b}'):
    t(lambda: list(F(s)))
t(F,5); G=_string.formatter_field_name_split
for s in ('a','0','a.b','a[0].x','a[x]','[0]','.a','','a[','a[]','a.','a[0]x','0[1','99999999999999999999','a[99999999999999999999]','a.b[c]d','-1','1a','a..b', ' 0'):
    t(lambda: (G(s)[0], list(G(s)[1])))
t(G,5); print(type(F('a')), type(G('a')[1])); t(F); t(lambda: type(F('')) ())
N=_statistics._normal_dist_inv_cdf
for p in (0.5,0.1,0.9,0.001,0.999,1e-20,1-1e-16,0.075,0.925): print(N(p,0.0,1.0), N(p,100,15))
t(N,0,0,1); t(N,1.0,0,1); t(N,.5,0,0); t(N,'a',1,1); t(N,.5,0,-1); t(N,1); t(N, 2,0,1); t(N,float('nan'),0,1)
print(errno.errorcode[errno.ENOENT], len(errno.errorcode)>100, type(errno.errorcode), errno.EWOULDBLOCK==errno.EAGAIN)
import random, string
x = random.Random(42)
print(x.random(), x.randint(1, 100), x.choice("abc"), x.sample(range(100), 3), x.gauss(0, 1), x.randbytes(5), x.getrandbits(70))
l = list(range(10))
x.shuffle(l)
print(l, x.uniform(1, 2), x.choices("abc", k=4), x.expovariate(2), x.triangular(), x.betavariate(1, 2))
s = x.getstate()
a = x.random()
x.setstate(s)
print(x.random() == a)
random.seed("text")
print(random.random(), random.randrange(10, 20, 3))
print(string.Formatter().format("{0} {a[x]!r:>5} {{}}", 1, a={"x": 2}), string.capwords("ab cd"), string.ascii_lowercase)
