"""Iterators for loops. Where an iterator needs no methods of its own, calling its class gives a generator."""

from operator import add as _add


class count:
    def __init__(self, start=0, step=1):
        self._next = start
        self._step = step

    def __iter__(self):
        return self

    def __next__(self):
        value = self._next
        self._next = value + self._step
        return value

    def __repr__(self):
        if self._step == 1:
            return f"count({self._next!r})"
        return f"count({self._next!r}, {self._step!r})"


class repeat:
    def __init__(self, object, times=None):
        self._object = object
        self._times = None if times is None else max(times, 0)

    def __iter__(self):
        return self

    def __next__(self):
        if self._times is not None:
            if self._times == 0:
                raise StopIteration
            self._times -= 1
        return self._object

    def __length_hint__(self):
        if self._times is None:
            raise TypeError("len() of unsized object")
        return self._times

    def __repr__(self):
        if self._times is None:
            return f"repeat({self._object!r})"
        return f"repeat({self._object!r}, {self._times!r})"


def _chain(iterables):
    for iterable in iterables:
        yield from iterable


class chain:
    def __new__(cls, *iterables):
        return _chain(iterables)

    @classmethod
    def from_iterable(cls, iterable, /):
        return _chain(iterable)


def _cycle(iterable):
    saved = []
    for item in iterable:
        yield item
        saved.append(item)
    while saved:
        yield from saved


class cycle:
    def __new__(cls, iterable, /):
        return _cycle(iter(iterable))


def _islice(iterator, start, stop, step):
    at = 0
    wanted = start
    if stop is not None and wanted >= stop:
        # As many items are taken as lie before the start.
        if stop is not None and start > 0:
            for _ in iterator:
                at += 1
                if at >= min(start, stop):
                    break
        return
    for item in iterator:
        if at == wanted:
            yield item
            wanted += step
            if stop is not None and wanted >= stop:
                at += 1
                break
        at += 1
    else:
        return
    while at < stop:
        for _ in iterator:
            break
        else:
            return
        at += 1


class islice:
    def __new__(cls, iterable, *args):
        bounds = slice(*args)
        start = 0 if bounds.start is None else bounds.start
        step = 1 if bounds.step is None else bounds.step
        if not isinstance(start, int) or start < 0 or (bounds.stop is not None and (not isinstance(bounds.stop, int) or bounds.stop < 0)):
            raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        if not isinstance(step, int) or step < 1:
            raise ValueError("Step for islice() must be a positive integer or None.")
        return _islice(iter(iterable), start, bounds.stop, step)


def _accumulate(iterable, function, initial):
    iterator = iter(iterable)
    total = initial
    if initial is None:
        try:
            total = next(iterator)
        except StopIteration:
            return
    yield total
    for item in iterator:
        total = function(total, item)
        yield total


class accumulate:
    def __new__(cls, iterable, func=None, *, initial=None):
        return _accumulate(iterable, _add if func is None else func, initial)


def _takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            break
        yield item


class takewhile:
    def __new__(cls, predicate, iterable, /):
        return _takewhile(predicate, iter(iterable))


def _dropwhile(predicate, iterator):
    for item in iterator:
        if not predicate(item):
            yield item
            break
    yield from iterator


class dropwhile:
    def __new__(cls, predicate, iterable, /):
        return _dropwhile(predicate, iter(iterable))


def _filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


class filterfalse:
    def __new__(cls, predicate, iterable, /):
        return _filterfalse(predicate, iter(iterable))


def _starmap(function, iterable):
    for arguments in iterable:
        yield function(*arguments)


class starmap:
    def __new__(cls, function, iterable, /):
        return _starmap(function, iter(iterable))


def _compress(data, selectors):
    for item, selector in zip(data, selectors):
        if selector:
            yield item


class compress:
    def __new__(cls, data, selectors):
        return _compress(data, selectors)


def _pairwise(iterable):
    iterator = iter(iterable)
    for previous in iterator:
        for item in iterator:
            yield previous, item
            previous = item


class pairwise:
    def __new__(cls, iterable, /):
        return _pairwise(iterable)


def _batched(iterable, n, strict):
    iterator = iter(iterable)
    while batch := tuple(islice(iterator, n)):
        if strict and len(batch) != n:
            raise ValueError("batched(): incomplete batch")
        yield batch


class batched:
    def __new__(cls, iterable, n, *, strict=False):
        if n < 1:
            raise ValueError("n must be at least one")
        return _batched(iterable, n, strict)


def _zip_longest(iterables, fillvalue):
    iterators = [iter(iterable) for iterable in iterables]
    active = len(iterators)
    if not active:
        return
    while True:
        items = []
        for i, iterator in enumerate(iterators):
            if iterator is None:
                items.append(fillvalue)
                continue
            for item in iterator:
                items.append(item)
                break
            else:
                active -= 1
                if not active:
                    return
                iterators[i] = None
                items.append(fillvalue)
        yield tuple(items)


class zip_longest:
    def __new__(cls, *iterables, fillvalue=None):
        return _zip_longest(iterables, fillvalue)


def _product(pools):
    n = len(pools)
    for pool in pools:
        if not pool:
            return
    indices = [0] * n
    items = [pool[0] for pool in pools]
    while True:
        yield tuple(items)
        i = n - 1
        while i >= 0:
            index = indices[i] + 1
            if index < len(pools[i]):
                indices[i] = index
                items[i] = pools[i][index]
                break
            indices[i] = 0
            items[i] = pools[i][0]
            i -= 1
        if i < 0:
            return


class product:
    def __new__(cls, *iterables, repeat=1):
        if repeat < 0:
            raise ValueError("repeat argument cannot be negative")
        return _product([tuple(iterable) for iterable in iterables] * repeat)


def _permutations(pool, r):
    n = len(pool)
    if r > n:
        return
    indices = list(range(n))
    cycles = list(range(n, n - r, -1))
    yield tuple([pool[i] for i in indices[:r]])
    while n:
        i = r - 1
        while i >= 0:
            left = cycles[i] - 1
            if left == 0:
                indices[i:] = indices[i + 1:] + indices[i:i + 1]
                cycles[i] = n - i
            else:
                cycles[i] = left
                indices[i], indices[-left] = indices[-left], indices[i]
                yield tuple([pool[k] for k in indices[:r]])
                break
            i -= 1
        if i < 0:
            return


class permutations:
    def __new__(cls, iterable, r=None):
        pool = tuple(iterable)
        if r is not None and not isinstance(r, int):
            raise TypeError("Expected int as r")
        r = len(pool) if r is None else r
        if r < 0:
            raise ValueError("r must be non-negative")
        return _permutations(pool, r)


def _combinations(pool, r):
    n = len(pool)
    if r > n:
        return
    indices = list(range(r))
    yield tuple([pool[i] for i in indices])
    while True:
        i = r - 1
        while i >= 0 and indices[i] == i + n - r:
            i -= 1
        if i < 0:
            return
        indices[i] += 1
        for j in range(i + 1, r):
            indices[j] = indices[j - 1] + 1
        yield tuple([pool[i] for i in indices])


class combinations:
    def __new__(cls, iterable, r):
        if r < 0:
            raise ValueError("r must be non-negative")
        return _combinations(tuple(iterable), r)


def _combinations_with_replacement(pool, r):
    n = len(pool)
    if not n and r:
        return
    indices = [0] * r
    yield tuple([pool[i] for i in indices])
    while True:
        i = r - 1
        while i >= 0 and indices[i] == n - 1:
            i -= 1
        if i < 0:
            return
        indices[i:] = [indices[i] + 1] * (r - i)
        yield tuple([pool[i] for i in indices])


class combinations_with_replacement:
    def __new__(cls, iterable, r):
        if r < 0:
            raise ValueError("r must be non-negative")
        return _combinations_with_replacement(tuple(iterable), r)


class groupby:
    def __init__(self, iterable, key=None):
        self._iterator = iter(iterable)
        self._key = key
        self._wanted = self._current = object()
        self._value = None

    def __iter__(self):
        return self

    def _advance(self):
        self._value = next(self._iterator)
        self._current = self._value if self._key is None else self._key(self._value)

    def __next__(self):
        self._group = marker = object()
        while self._current == self._wanted:
            self._advance()
        self._wanted = self._current
        return self._current, self._members(self._wanted, marker)

    def _members(self, wanted, marker):
        while self._group is marker and self._current == wanted:
            yield self._value
            try:
                self._advance()
            except StopIteration:
                self._current = self._wanted = object()
                # Nothing is left: the next advance ends the iteration.
                return


def _tee(iterator, links):
    while True:
        if links[1] is None:
            try:
                value = next(iterator)
            except StopIteration:
                return
            links[0] = value
            links[1] = [None, None]
        value, links = links
        yield value


def tee(iterable, n=2, /):
    if n < 0:
        raise ValueError("n must be >= 0")
    iterator = iter(iterable)
    links = [None, None]
    return tuple([_tee(iterator, links) for _ in range(n)])
