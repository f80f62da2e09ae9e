def grow():
    out = []
    data = [1]
    for x in data:
        out.append(x)
        if len(data) < 3500:
            data.append(x + 1)
    return len(out), out[-1]

def shrink():
    data = list(range(6000))
    seen = 0
    for x in data:
        seen += 1
        data.pop()
    return seen, len(data)

def clear_late():
    data = list(range(5000))
    seen = 0
    for x in data:
        seen += x
        if x == 4000:
            data.clear()
    return seen, data

def replace():
    data = [0] * 4000
    t = 0
    for i, x in enumerate(data):
        t += x
        if i + 1 < len(data):
            data[i + 1] = i % 10
    return t

print(grow(), shrink(), clear_late(), replace())
it = iter([1, 2])
print(list(it), list(it), next(it, "end"))
data = [1, 2, 3]
it = iter(data)
for x in it:
    if x == 3:
        data.append(4)
print(data, next(it, "end"))
data.append(5)
print(next(it, "still ended"))
print([x for x in reversed([1, 2, 3])], list(reversed(range(5, 0, -2))))
