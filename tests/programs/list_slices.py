a = list(range(10))
for s in [slice(None), slice(2, 5), slice(-3, None), slice(None, None, -1), slice(8, 2, -2), slice(5, 5), slice(100, -100, -3), slice(-100, 100, 4)]:
    print(s, a[s], s.indices(10))
a[2:5] = []
print(a)
a[2:2] = "xyz"
print(a)
a[::3] = range(4)
print(a)
del a[1::2]
print(a)
a[:] = a[::-1]
print(a, a[-1:0:-1])
t = tuple(range(6))
print(t[1:4], t[::-2], "abcdef"[4:1:-1], range(10)[2:8:3], range(10)[::-1])
for f in (lambda: a[::0], lambda: a["x":], lambda: a.__setitem__(slice(0, 4, 2), [1])):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

def windows(n):
    data = list(range(50))
    t = 0
    for i in range(n):
        j = i % 40
        w = data[j:j + 5]
        t += w[0] * w[-1] + len(w)
        if i % 100 == 0:
            data[j:j + 2] = [i % 50]
            data.append(i % 7)
    return t, len(data)

print(windows(4000))

def msort(x):
    if len(x) <= 1:
        return x
    m = len(x) // 2
    l, r = msort(x[:m]), msort(x[m:])
    out = []
    i = j = 0
    while i < len(l) and j < len(r):
        if l[i] <= r[j]:
            out.append(l[i])
            i += 1
        else:
            out.append(r[j])
            j += 1
    return out + l[i:] + r[j:]

data = [(i * 7919) % 2003 for i in range(1500)]
print(msort(data) == sorted(data), msort(data)[:5])
