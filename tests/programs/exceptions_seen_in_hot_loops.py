import sys
def lines(e):
    out=[]
    tb=e.__traceback__
    while tb: out.append((tb.tb_frame.f_code.co_name if hasattr(tb,'tb_frame') else '?', tb.tb_lineno)); tb=tb.tb_next
    return out


# Who looks at frames while an exception passes, and objects that exceptions hold.
def looker(i):
    frame = sys._getframe(1)
    if i % 3 == 0:
        raise ValueError(frame.f_code.co_name, sorted(frame.f_locals)[:2])
    return len(frame.f_locals)


def watched(n):
    s = 0
    for i in range(n):
        try:
            s += looker(i)
        except ValueError as error:
            s += len(error.args[1])
            last = error
    return s, last.args, lines(last)


print(watched(2000))


class NoException:
    pass


def oddities(n):
    counts = {}
    for i in range(n):
        kinds = [RuntimeError, ValueError, KeyError("k"), NoException, None, 3, OSError("gone")]
        try:
            raise kinds[i % 7]
        except (ValueError, TypeError, OSError, RuntimeError) as error:
            key = type(error).__name__ + str(error)
        except KeyError as error:
            key = repr(error)
        counts[key] = counts.get(key, 0) + 1
    return sorted(counts.items())


print(oddities(2100))


def from_none(n):
    for i in range(n):
        try:
            try:
                raise KeyError(i)
            except KeyError:
                raise ValueError(i) from None
        except ValueError as error:
            last = error
    return last.__cause__, last.__suppress_context__, repr(last.__context__)


print(from_none(2000))


def in_finally(n):
    log = 0
    for i in range(n):
        for j in range(2):
            try:
                try:
                    if i % 2:
                        continue
                    if i % 5 == 0:
                        raise IndexError(i)
                finally:
                    log += 1
                    if i % 7 == 0:
                        log += 1
            except IndexError:
                log += 1000
    return log


print(in_finally(2000))


def same_object(n):
    error = ValueError("one")
    depth = 0
    for i in range(n):
        try:
            raise error
        except ValueError as caught:
            assert caught is error
            tb, k = caught.__traceback__, 0
            while tb:
                k += 1
                tb = tb.tb_next
            depth = max(depth, k)
            if k > 50:
                error.__traceback__ = None
    return depth


print(same_object(2000))


class Guarded:
    closed = 0

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        Guarded.closed += 1
        return False


def returns_in_with(i):
    with Guarded():
        if i & 1:
            return i
        raise KeyError(i)


def leave(n):
    s = 0
    for i in range(n):
        try:
            s += returns_in_with(i)
        except LookupError as error:
            s -= error.args[0]
            last = error
    return s, Guarded.closed, lines(last)


print(leave(2000))


def bound_changes(n):
    """The classes that are caught change while the loop runs."""
    caught = (ValueError,)
    s = 0
    for i in range(n):
        try:
            try:
                raise TypeError if i % 4 == 3 else ValueError
            except caught:
                s += 1
        except TypeError:
            s += 100
        if i == n // 2:
            caught = (ValueError, TypeError)
    return s


print(bound_changes(2000))


class Base(Exception):
    pass


class Other(Exception):
    pass


class Derived(Base):
    pass


def bases_change(n):
    s = 0
    for i in range(n):
        try:
            raise Derived
        except Base:
            s += 1
        except Other:
            s += 1000
        if i == n // 2:
            Derived.__bases__ = (Other,)
    return s


print(bases_change(2000))


def handled_is_restored(n):
    seen = 0
    for i in range(n):
        try:
            raise ValueError(i)
        except ValueError:
            outer = sys.exception()
            try:
                looker(0) if i % 2 else {}[i]
            except (ValueError, KeyError) as error:
                seen += error.__context__ is outer
            seen += sys.exception() is outer
    return seen, sys.exception()


print(handled_is_restored(2000))
