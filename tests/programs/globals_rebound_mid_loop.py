import builtins
K = 1
def helper(x):
    return x + K

def reader(n):
    t = 0
    for i in range(n):
        t += K + helper(i)
        if i == 3000:
            change()
    return t

def change():
    global K, helper
    K = 1000
    helper = lambda x: -x

print(reader(4000))
K = 1

def counter(n):
    global total
    total = 0
    for i in range(n):
        total += i
    return total

print(counter(4000), total)

def shadow(n):
    t = 0
    for i in range(n):
        t += len("abc") + abs(-2) + max(1, 2)
        if i == 2000:
            globals()["len"] = lambda s: 100
        elif i == 3000:
            del globals()["len"]
        elif i == 3500:
            builtins.abs = lambda x: 50
    return t

real_abs = abs
print(shadow(4000), abs(-1))
builtins.abs = real_abs
print(abs(-1))

def deleted(n):
    global GONE
    GONE = 1
    t = 0
    for i in range(n):
        try:
            t += GONE
        except NameError as e:
            return t, i, str(e)
        if i == 3333:
            del GONE

print(deleted(5000))

def refilled(n):
    global P
    P = 0
    t = 0
    for i in range(n):
        t += P
        if i % 1000 == 999:
            globals().pop("P")
            for k in range(20):
                globals()["tmp%d" % k] = k
            globals()["P"] = i
    return t

print(refilled(4500))
x = 0
for i in range(5000):
    x += i % 7
    if i == 4000:
        i_type = type(i).__name__
print(x, i, i_type)

def kinds(n):
    global G
    G = 0
    for i in range(n):
        G += 1
        if i == 2000:
            G = 0.5
        elif i == 3000:
            G = 2 ** 63
        elif i == 3500:
            G = True
    return G

print(kinds(2500), kinds(3200), kinds(4000))
print(eval("K + 1", {"K": 5}), eval("x + y", {"x": 1}, {"y": 2}))
ns = {}
exec("def f(n):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\nv = f(4000)", ns)
print(ns["v"], ns["f"](10))
