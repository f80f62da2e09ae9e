# Lists ask what they are made of how long it is; other containers do not.
log = []


class Sized:
    def __iter__(self):
        log.append('iter')
        return iter((1, 2))

    def __len__(self):
        log.append('len')
        return 2


class Counting:
    def __init__(self):
        self.given = 0

    def __iter__(self):
        log.append('iter')
        return self

    def __next__(self):
        self.given += 1
        if self.given > 2:
            raise StopIteration
        return self.given

    def __length_hint__(self):
        log.append('hint')
        return 1


def show(name, function):
    for kind in (Sized, Counting):
        log.clear()
        try:
            function(kind())
        except TypeError as error:
            log.append(str(error))
        print(name, kind.__name__, log)


items = []
show('list', list)
show('star', lambda x: [*x])
show('tuple', tuple)
show('set', set)
show('set star', lambda x: {*x})
show('extend', lambda x: items.extend(x))
show('sorted', sorted)
show('slice', lambda x: items.__setitem__(slice(0, 0), x))
show('bytes', bytes)
show('bytearray', bytearray)
show('+=', lambda x: items.__iadd__(x))
show('call', lambda x: print(*x))
show('unpack', lambda x: [(a, b) for a, *b in [x]])
show('join', lambda x: ' '.join(x))
show('comprehension', lambda x: [y for y in x])

for wrong in (-1, 'x', None, NotImplemented):
    class Hint:
        def __iter__(self):
            return iter((1,))

        def __length_hint__(self):
            return wrong

    class Len:
        def __iter__(self):
            return iter((1,))

        def __len__(self):
            return wrong

    for kind in (Hint, Len):
        try:
            print(kind.__name__, wrong, list(kind()))
        except Exception as error:
            print(kind.__name__, wrong, type(error).__name__, error)
        print(tuple(kind()))


# Keys that come and go while a dict is iterated over.
def run(name, made, step):
    given = 0
    try:
        for key in made:
            given += 1
            step(made, key)
            if given > 5000:
                break
    except RuntimeError as error:
        print(name, given, error)
    else:
        print(name, given)


def swap(d, key):
    del d[key]
    d[key + 1000] = 1


def again(d, key):
    value = d.pop(key)
    d[key] = value


for size in (1, 2, 5, 7, 8, 9, 30, 100):
    run(f'swap {size}', dict.fromkeys(range(size)), swap)
run('again', dict.fromkeys(range(10)), again)
run('grow', {1: 1}, lambda d, key: d.__setitem__(key + 1, 1))
for size in (1, 2, 5, 9, 100):
    elements = set(range(size))
    for n, x in enumerate(elements):
        elements.remove(x)
        elements.add(x + 1000)
        if n > 5000:
            print('without end')
            break
    print(len(elements))

d = {}
for i in range(20000):
    d[i] = i
    if i % 100 == 0:
        for k in d:
            break
    if len(d) > 50:
        del d[next(iter(d))]
print(len(d), sum(d))
d = {}
for i in range(3000):
    for k in d:
        pass
    d['x'] = i
    del d['x']
print(d)
for take in (lambda: d.popitem(), lambda: d.pop(len(d) - 1)):
    d = dict.fromkeys(range(3000))
    for k in d:
        pass
    while d:
        take()
    d[5] = 6
    print(d, 5 in d, 4 in d)

# A coroutine that nobody awaits is told of where it is dropped.
import warnings


async def unawaited():
    pass


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    for i in range(200):
        unawaited()
print(len(caught), caught[0].category.__name__, caught[0].message)
