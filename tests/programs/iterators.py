class Count:
    def __init__(self, n):
        self.i, self.n = 0, n
    def __iter__(self):
        return self
    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i

class Seq:
    def __init__(self, n):
        self.n = n
    def __len__(self):
        return self.n
    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError(i)
        return i * 2

class Fresh:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return iter(range(self.n))

def total(it):
    t = 0
    for x in it:
        t += x
    return t

print(total(Count(4000)), total(Seq(4000)), total(Fresh(4000)), total([1, 2]), total({1: 0, 2: 0}), total((3,)), total({5}), total(b"ab"), total(x for x in [7]))
def kinds(n):
    t = 0
    makers = [lambda: range(3), lambda: [1, 2], lambda: (4, 5), lambda: {6}, lambda: {7: 8}, lambda: Count(2), lambda: Seq(2), lambda: (i for i in range(2)), lambda: map(abs, [-1]), lambda: zip([1], [2]), lambda: iter([9])]
    for i in range(n):
        for x in makers[i % len(makers) if i > 1500 else i % 2]():
            t += x if isinstance(x, int) else x[0]
    return t

print(kinds(4000), 3 in Count(5), 9 in Count(5), list(Seq(3)), sum(Count(3)), max(Count(4)), sorted(Fresh(3)), tuple(Count(2)), [*Count(2)], dict(zip(Count(2), Seq(2))))
calls = iter([3, 2, 1, 0, 5])
print(list(iter(lambda: next(calls), 0)), list(calls))
class Bad:
    def __iter__(self):
        return 5
class NoNext:
    def __iter__(self):
        return object()
class Raises:
    def __iter__(self):
        return self
    n = 0
    def __next__(self):
        self.n += 1
        if self.n > 3100:
            raise KeyError(self.n)
        return 1
for f in (lambda: list(Bad()), lambda: list(NoNext()), lambda: total(5), lambda: total(Raises()), lambda: total(None), lambda: next(5), lambda: list(Seq)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, str(e).split(" at 0x")[0].replace("__main__.", ""))
it = iter([1, 2, 3])
for a in it:
    for b in it:
        print(a, b)
def next_replaced(n):
    class It:
        i = 0
        def __iter__(self):
            return self
        def __next__(self):
            self.i += 1
            if self.i > n:
                raise StopIteration
            if self.i == 3000:
                It.__next__ = stop
            return self.i
    def stop(self):
        raise StopIteration
    return total(It())
print(next_replaced(5000))
