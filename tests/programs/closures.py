def counter():
    n = 0
    def up(by=1):
        nonlocal n
        n += by
        return n
    def get():
        return n
    return up, get

up, get = counter()
for i in range(4000):
    up()
up(0.5)
print(get(), counter()[1]())
fs = []
for i in range(3):
    fs.append(lambda: i)
print([f() for f in fs], [f(1) for f in [(lambda k: lambda x: x + k)(j) for j in range(3)]])

def outer():
    x = 1
    def mid():
        def inner():
            nonlocal x
            x += 1
            return x
        return inner
    a, b = mid(), mid()
    return a(), b(), a(), x

print(outer())

def unset():
    def g():
        return v
    try:
        g()
    except NameError as e:
        print(type(e).__name__, e)
    v = 1
    print(g())
    del v
    try:
        g()
    except NameError as e:
        print(e)
    try:
        v
    except UnboundLocalError as e:
        print(type(e).__name__, e)

unset()

def accumulate(n):
    total = 0
    def add(x):
        nonlocal total
        total += x
    for i in range(n):
        add(i if i < 3000 else i / 2)
    return total

def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x
    return run

def apply(n):
    inc, dbl = (lambda x: x + 1), (lambda x: x * 2 % 1000003)
    both = compose(inc, dbl, inc)
    x = 0
    for i in range(n):
        x = both(x)
        if i == 3500:
            both = compose(dbl, lambda x: x - 1)
    return x

print(accumulate(4000), apply(5000), get.__closure__[0].cell_contents, up.__code__.co_freevars, outer.__code__.co_cellvars)

def adders(n):
    out = 0
    for i in range(n):
        f = lambda x, k=i: x + k + n
        out += f(1)
    return out

print(adders(3500))
