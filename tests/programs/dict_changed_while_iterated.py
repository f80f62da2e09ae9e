def attempt(f):
    try:
        print(f())
    except RuntimeError as e:
        print("RuntimeError:", e)

def add():
    d = {i: i for i in range(3000)}
    n = 0
    for k in d:
        n += 1
        if n == 2500:
            d["new"] = 1
    return n

def remove():
    d = {i: i for i in range(3000)}
    for k in d:
        if k == 10:
            del d[2000]

def swap():
    d = {i: i for i in range(3000)}
    n = 0
    for k in d:
        n += 1
        if k == 5:
            del d[6]
            d["x"] = 1
        if n > 4000:
            break
    return n

def update_values():
    d = {i: i for i in range(3000)}
    for k in d:
        d[k] += 1
    return sum(d.values())

def items_values():
    d = {i: -i for i in range(3000)}
    t = 0
    for k, v in d.items():
        t += k * 2 + v
    for v in d.values():
        t += v
    return t

def values_added():
    d = dict.fromkeys(range(3))
    for v in d.values():
        d[len(d)] = v

for f in (add, remove, update_values, items_values, values_added):
    attempt(f)
s = set(range(10))
def set_add():
    for x in s:
        s.add(x + 100)
attempt(set_add)
view = {}.keys()
d = {"a": 1}
ks, vs, its = d.keys(), d.values(), d.items()
d["b"] = 2
print(ks, vs, its, len(ks), "b" in ks, ("b", 2) in its, ks & {"a"}, ks | {"z"} >= {"a", "z"}, ks - {"a"}, ks == {"a", "b"})
