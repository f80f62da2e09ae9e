# What a bare `raise` adds to a traceback, and whose exception a generator handles.
import sys

N = 3000


def lines(e):
    tb, out = e.__traceback__, []
    while tb:
        out.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
        tb = tb.tb_next
    return tuple(out)


def divides(i):
    return 1 // (i % 2)


def again(i):
    try:
        return divides(i)
    except ZeroDivisionError:
        i += 1
        raise


def by_name(i):
    try:
        return divides(i)
    except ZeroDivisionError as e:
        i += 1
        raise e


def through_finally(i):
    try:
        return divides(i)
    finally:
        i += 1


def from_inside(i):
    def reraises():
        raise

    try:
        return divides(i)
    except ZeroDivisionError:
        reraises()


def twice(i):
    try:
        return again(i)
    except ArithmeticError:
        try:
            raise
        except ZeroDivisionError:
            raise


def nothing(i):
    if i % 2:
        return 0
    raise


def hot(function, n):
    seen = set()
    for i in range(n):
        try:
            function(i)
        except (ZeroDivisionError, RuntimeError) as e:
            seen.add(lines(e))
    return sorted(seen)


for function in [again, by_name, through_finally, from_inside, twice, nothing]:
    print(function.__name__, hot(function, N))


def handled():
    return sys.exc_info()[0] and sys.exc_info()[0].__name__


def suspends():
    seen = handled(), (yield)
    try:
        raise KeyError
    except KeyError:
        seen += handled(), (yield), handled()
        try:
            raise IndexError
        except IndexError as e:
            context = e.__context__
            seen += (handled(), (yield), handled(), type(context).__name__)
        seen += (handled(),)
    seen += (handled(), (yield), handled())
    try:
        raise OSError
    except OSError as e:
        seen += (type(e.__context__).__name__,)
    yield seen


def resumed_under(exception, generator):
    try:
        raise exception
    except exception:
        return next(generator), handled()


def resumes(i):
    g = suspends()
    assert next(g) is None and handled() is None
    resumed_under(ValueError, g)
    next(g)
    resumed_under(TypeError, g)
    return resumed_under(EOFError, g)


def hot_resumed(n):
    seen = set()
    for i in range(n):
        seen.add(resumes(i))
    return seen


print(hot_resumed(N // 2))


def same_exception():
    try:
        raise shared
    except KeyError:
        yield handled()
        yield handled()
    yield handled()


shared = KeyError()


def under_the_same(i):
    g = same_exception()
    try:
        raise shared
    except KeyError:
        first = next(g)
    try:
        raise ValueError
    except ValueError:
        return first, next(g), next(g), handled()


def hot_same(n):
    seen = set()
    for i in range(n):
        shared.__traceback__ = None
        seen.add(under_the_same(i))
    return seen


print(hot_same(N // 2))


def group(i):
    try:
        try:
            raise ExceptionGroup("both", [ValueError(i), KeyError(i)])
        except* ValueError:
            yield handled()
            yield handled()
    except* KeyError:
        yield handled()
    yield handled()


def hot_group(n):
    seen = set()
    for i in range(n):
        g = group(i)
        seen.add((next(g), resumed_under(OSError, g)[0], *g, handled()))
    return seen


print(hot_group(N // 2))


def thrown(i):
    try:
        yield
    except ValueError as e:
        yield handled(), type(e.__context__).__name__
        raise


def throws(i):
    g = thrown(i)
    next(g)
    try:
        raise KeyError
    except KeyError:
        a = g.throw(ValueError)
    try:
        next(g)
    except ValueError as e:
        return a, lines(e), handled()


def hot_thrown(n):
    seen = set()
    for i in range(n):
        seen.add(throws(i))
    return seen


print(hot_thrown(N // 2))
