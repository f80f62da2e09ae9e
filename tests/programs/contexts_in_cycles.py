"""The contexts of exceptions: what `raise` sets, chains that are cycles, classes that give something else."""


def chain(error):
    names, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        names.append(str(error))
        error = error.__context__
    return names


def cycle(n):
    errors = [ValueError(f"e{i}") for i in range(n)]
    for i in range(n):
        errors[i].__context__ = errors[(i + 1) % n]
    return errors


for n in (1, 2, 3, 5, 8):
    for at in range(n):
        errors = cycle(n)
        try:
            try:
                raise errors[at]
            except ValueError:
                raise KeyError("new")
        except KeyError as error:
            print(n, at, chain(error))

# An exception of the chain that is raised again leaves it.
errors = [ValueError(f"e{i}") for i in range(4)]
for one, next_one in zip(errors, errors[1:]):
    one.__context__ = next_one
try:
    try:
        raise errors[0]
    except ValueError:
        raise errors[2]
except ValueError as error:
    print(chain(error))

# A context that an exception has already is replaced by `raise`, and stays where nothing is handled.
old, new = KeyError("old"), IndexError("new")
error = ValueError("error")
error.__context__ = old
try:
    raise error
except ValueError as caught:
    print(chain(caught))
for _ in range(3000):
    error.__context__ = old
    try:
        try:
            raise new
        except IndexError:
            raise error
    except ValueError as caught:
        last = chain(caught)
print(last)
for _ in range(3):
    error.__context__ = old
    try:
        try:
            raise new
        except IndexError:
            raise error from None
    except ValueError as caught:
        last = chain(caught), caught.__cause__, caught.__suppress_context__
print(last)


class Other(type):
    def __call__(cls, *arguments):
        return cls.gives


class Raised(Exception, metaclass=Other):
    gives = KeyError("other")


class Wrong(Exception, metaclass=Other):
    gives = 5


for raised, cause in ((Raised, None), (Wrong, None), (ValueError, Wrong), (ValueError, Raised)):
    try:
        if cause is None:
            raise raised
        raise raised from cause
    except BaseException as error:
        print(type(error).__name__, error, repr(error.__cause__))
