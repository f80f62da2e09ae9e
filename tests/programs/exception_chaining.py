def show(e, depth=0):
    while e is not None:
        print("  " * depth + repr(e), e.__suppress_context__, repr(e.__cause__), repr(e.__context__))
        e = e.__cause__ or e.__context__
        depth += 1

def implicit():
    try:
        1 / 0
    except ZeroDivisionError:
        {}["k"]

def explicit():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise ValueError("v") from e

def none():
    try:
        1 / 0
    except ZeroDivisionError:
        raise ValueError("v") from None

def in_finally():
    try:
        raise ValueError("first")
    finally:
        raise KeyError("second")

def reraise():
    try:
        raise ValueError("same")
    except ValueError as e:
        try:
            raise TypeError("inner")
        except TypeError:
            pass
        raise

for f in (implicit, explicit, none, in_finally, reraise):
    try:
        f()
    except Exception as e:
        show(e)

import sys
def current():
    try:
        raise ValueError(1)
    except ValueError:
        a = sys.exc_info()[1]
        try:
            raise KeyError(2)
        except KeyError:
            b = sys.exception()
        c = sys.exc_info()[1]
    return a, b, c, sys.exc_info()

print(current())

def hot(n):
    chains = 0
    for i in range(n):
        try:
            try:
                raise ValueError(i)
            except ValueError as e:
                if i % 2:
                    raise KeyError(i) from e
                raise TypeError(i)
        except (KeyError, TypeError) as e:
            if e.__cause__ is not None:
                chains += 1
            if e.__context__.args == (i,):
                chains += 10
    return chains, sys.exception()

print(hot(3000))
try:
    raise ValueError from 5
except TypeError as e:
    print(e)
