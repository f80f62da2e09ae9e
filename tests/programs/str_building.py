def plus(n):
    s = ""
    for i in range(n):
        s += chr(97 + i % 26)
    return s

def plus_widening(n):
    s = ""
    for i in range(n):
        s += "a" if i < 3000 else "é" if i < 3100 else "中" if i < 3200 else "🐍"
    return len(s), s[2999:3001], s[3099:3101], s[-1], s.count("é")

def shared(n):
    s = "x"
    kept = []
    for i in range(n):
        s += "y"
        if i % 1000 == 0:
            kept.append(s)
    return [len(k) for k in kept], kept[0], len(s)

def front(n):
    s = ""
    for i in range(n):
        s = str(i % 10) + s
    return s[:20], len(s)

text = plus(4000)
print(len(text), text[:30], hash(text) == hash(plus(4000)), text == plus(4000), text is not plus(4000))
print(plus_widening(3300), shared(3500), front(3000))
print(len("".join([str(i) for i in range(3000)])), "".join(reversed("abc")), ",".join(map(str, range(10))))

def keys(n):
    d = {}
    for i in range(n):
        k = "k" + str(i % 50)
        d[k] = d.get(k, 0) + i
    return d["k0"], d["k49"], len(d)

print(keys(4000))
words = ("the quick brown fox jumps over the lazy dog " * 100).split()
freq = {}
for w in words:
    freq[w] = freq.get(w, 0) + 1
print(sorted(freq.items(), key=lambda kv: (-kv[1], kv[0])))
