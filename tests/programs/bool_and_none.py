def count(n):
    t = f = nn = 0
    flag = True
    for i in range(n):
        flag = not flag
        v = None if i % 5 == 0 else flag
        if v is None:
            nn += 1
        elif v:
            t += 1
        else:
            f += 1
    return t, f, nn, t + flag

print(count(4000), True + True, True * 3, -True, True / 2, sum([True, False, True]))
print(True == 1, bool([]), bool([0]), bool(0.0), bool("0"), bool(None), not None, None == False)
print([x and y for x in (0, 1, "") for y in (2, [])], [x or y for x in (0, 1, "") for y in (2, [])])
print(1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 == True, "a" < "b" <= "b", 3 > 2 != 2, (lambda: 0)() or "z")

class Truth:
    def __init__(self, v):
        self.v = v
    def __bool__(self):
        return self.v

class Sized:
    def __init__(self, n):
        self.n = n
    def __len__(self):
        return self.n

def truths(items):
    n = 0
    for item in items:
        if item:
            n += 1
        if not item:
            n += 1000
    return n

print(truths([Truth(i % 3 == 0) for i in range(3000)]), truths([Sized(i % 2) for i in range(3000)]))
print(truths([1] * 3000 + ["", "a", None, [], [0], 0.0, 1.5, {}, {1}, Truth(True), Sized(0), object()]))

class Bad:
    def __bool__(self):
        return 2

try:
    bool(Bad())
except TypeError as e:
    print(e)
try:
    if Sized(-1):
        pass
except ValueError as e:
    print(e)
