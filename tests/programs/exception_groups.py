def attempt(make):
    log = []
    try:
        try:
            raise make()
        except* ValueError as g:
            log.append(("V", [str(e) for e in g.exceptions]))
        except* (TypeError, KeyError) as g:
            log.append(("TK", [repr(e) for e in g.exceptions]))
    except BaseException as e:
        log.append(repr(e))
    return log

print(attempt(lambda: ExceptionGroup("g", [ValueError(1), TypeError(2), ValueError(3)])))
print(attempt(lambda: ExceptionGroup("g", [ValueError(1), OSError("o")])))
print(attempt(lambda: ValueError("naked")))
print(attempt(lambda: ExceptionGroup("a", [ExceptionGroup("b", [KeyError("k")]), IndexError(1)])))
g = ExceptionGroup("top", [ValueError(1), ExceptionGroup("sub", [KeyError(2), ValueError(3)])])
print(g, repr(g), g.message, len(g.exceptions), g.split(ValueError), g.subgroup(lambda e: isinstance(e, KeyError)), g.derive([ValueError()]))
for bad in (lambda: ExceptionGroup("x", []), lambda: ExceptionGroup("x", [1]), lambda: ExceptionGroup("x", [KeyboardInterrupt()])):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
print(type(BaseExceptionGroup("x", [ValueError()])).__name__, type(BaseExceptionGroup("x", [KeyboardInterrupt()])).__name__)

def hot(n):
    v = t = 0
    for i in range(n):
        try:
            if i % 10 == 0:
                raise ExceptionGroup("g", [ValueError(i), TypeError(i)])
            if i % 10 == 1:
                raise ValueError(i)
        except* ValueError:
            v += 1
        except* TypeError:
            t += 1
    return v, t

print(hot(3000))
