a = [3, 1, 2]
a.append(4)
a.extend([5, 6])
a.insert(0, 0)
a.insert(100, 7)
a.insert(-1, 9)
print(a, a.pop(), a.pop(0), a.index(9), a.count(1), len(a), a[::-1], a + [1], a * 2, [1] * -1)
a.remove(9)
a.reverse()
b = a.copy()
b.sort()
print(a, b, a == b, a < b, [1, 2] < [1, 2, 3], [] == [], [1, [2, [3]]] == [1, [2, [3]]], a is not b)
a[1:3] = [10, 20, 30]
a[::2] = [0] * len(a[::2])
del a[0], a[-1]
a += (7, 8)
print(a, a[-2:], a[5:100], list("abc"), list(range(3)), [*a, *b], 8 in a, 99 in a)
a.clear()
print(a, bool(a))
nested = [[0] * 3 for _ in range(2)]
nested[0][1] = 5
alias = [[0]] * 2
alias[0].append(1)
print(nested, alias)
rec = [1]
rec.append(rec)
print(rec, rec[1] is rec)
for f in (lambda: [][0], lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [1].__getitem__("a"), lambda: [1] + (2,), lambda: [1].__setitem__(5, 0), lambda: [3, "a"].sort(), lambda: [1, 2].__setitem__(slice(None, None, 2), [1, 2, 3])):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

def stack_machine(n):
    stack = []
    for i in range(n):
        stack.append(i)
        if i % 3 == 2:
            y = stack.pop()
            x = stack.pop()
            stack.append((x * 31 + y) % 65537)
        if len(stack) > 50:
            del stack[10:40]
    return sum(stack), len(stack)

def rotate(n):
    q = list(range(20))
    for i in range(n):
        q.append(q.pop(0) + 1)
        q[i % 20], q[-1] = q[-1], q[i % 20]
    return q

def index_walk(n):
    data = [i * i % 101 for i in range(100)]
    i = total = 0
    for _ in range(n):
        i = data[i] - 1
        total += data[-1 - i % 100]
    return i, total

print(stack_machine(4000), rotate(3000), index_walk(5000))
