class A:
    k = 1
    def f(self):
        return 1
    def g(self):
        return self.f() + self.k

class Base1:
    def h(self):
        return 1
class Base2:
    def h(self):
        return 100
class Child(Base1):
    pass

def replace_method(n):
    a = A()
    t = 0
    for i in range(n):
        t += a.g()
        if i == 1500:
            A.f = lambda self: 10
        elif i == 2500:
            A.k = 100
        elif i == 3000:
            a.f = lambda: 1000
        elif i == 3500:
            a.k = 10000
    return t

def replace_from_callee(n):
    class B:
        def f(self, i):
            if i == 3000:
                B.f = lambda self, i: 7
            return 1
    b = B()
    t = 0
    for i in range(n):
        t += b.f(i)
    return t

def swap_class(n):
    class X:
        def v(self):
            return 1
    class Y:
        def v(self):
            return 1000
    o = X()
    t = 0
    for i in range(n):
        t += o.v()
        if i == 3000:
            o.__class__ = Y
        if i == 3500:
            o.__class__ = X
    return t

def swap_bases(n):
    c = Child()
    t = 0
    for i in range(n):
        t += c.h()
        if i == 3000:
            Child.__bases__ = (Base2,)
    return t

def delete_method(n):
    class P:
        def f(self):
            return 1
    class Q(P):
        def f(self):
            return 10
    q = Q()
    t = 0
    for i in range(n):
        t += q.f()
        if i == 2500:
            del Q.f
        elif i == 3500:
            del P.f
            P.f = lambda self: 100
    return t

def add_operator(n):
    class N:
        def __init__(self, v):
            self.v = v
        def __add__(self, o):
            return N(self.v + o)
    x = N(0)
    for i in range(n):
        x = x + 1
        if i == 3000:
            N.__add__ = lambda self, o: N(self.v + o * 100)
    return x.v

def class_attr_counter(n):
    class C:
        total = 0
    for i in range(n):
        C.total += i
    return C.total

def init_changes(n):
    class P:
        def __init__(self, v):
            self.v = v
    t = 0
    for i in range(n):
        t += P(1).v
        if i == 3000:
            def init(self, v):
                self.w = 0
                self.v = v * 50
            P.__init__ = init
    return t

print(replace_method(4000), replace_from_callee(4000), swap_class(4000), swap_bases(4000))
print(delete_method(4000), add_operator(4000), class_attr_counter(4000), init_changes(4000))
