def kinds(n):
    out = []
    for i in range(n):
        try:
            if i % 1000 == 0:
                raise ValueError(i)
            elif i % 1000 == 1:
                {}[i]
            elif i % 1000 == 2:
                [][i]
            elif i % 1000 == 3:
                None.attr
            elif i % 1000 == 4:
                i / 0
            elif i % 1000 == 5:
                "a" + i
            elif i % 1000 == 6:
                undefined_name
        except (ValueError, ZeroDivisionError) as e:
            out.append(type(e).__name__ + str(e))
        except LookupError as e:
            out.append(type(e).__name__ + str(e))
        except Exception as e:
            out.append(type(e).__name__ + ":" + str(e))
        else:
            continue
        finally:
            if i % 2000 == 0:
                out.append("f")
    return out

for line in kinds(3010):
    print(line)

def hot(n):
    caught = 0
    for i in range(n):
        try:
            if i % 3 == 0:
                raise KeyError
        except KeyError:
            caught += 1
    return caught

def from_callee(n):
    def f(i):
        if i % 5 == 4:
            raise IndexError(i)
        return i
    t = 0
    for i in range(n):
        try:
            t += f(i)
        except IndexError as e:
            t -= e.args[0]
    return t

def deep(n):
    def a(i):
        return b(i) + 1
    def b(i):
        return c(i) + 1
    def c(i):
        if i > 3500:
            raise ValueError("deep %d" % i)
        return i
    t = 0
    try:
        for i in range(n):
            t += a(i)
    except ValueError as e:
        tb, names = e.__traceback__, []
        while tb:
            names.append(tb.tb_frame.f_code.co_name)
            tb = tb.tb_next
        return t, str(e), names

print(hot(4000), from_callee(4000), deep(4000))

class MyError(Exception):
    def __init__(self, code, msg="m"):
        super().__init__(code, msg)
        self.code = code
    def __str__(self):
        return f"<{self.code}>"

try:
    raise MyError(5)
except MyError as e:
    print(e, repr(e), e.args, e.code)
print(repr(ValueError()), repr(ValueError("a")), repr(ValueError("a", 1)), str(KeyError("k")), str(KeyError()), str(OSError(2, "msg")), ValueError("x").args)
for bad in (lambda: (_ for _ in ()).throw(5), lambda: exec("raise 5"), lambda: exec("raise int"), lambda: exec("raise")):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
def unbind():
    try:
        raise ValueError
    except ValueError as e:
        pass
    try:
        e
    except UnboundLocalError as err:
        print(err)
unbind()
try:
    try:
        raise ValueError("a")
    except TypeError:
        print("no")
except ValueError as e:
    print("outer", e)
def wrong_filter():
    try:
        raise ValueError
    except 5:
        pass
try:
    wrong_filter()
except TypeError as e:
    print(e)
print(isinstance(KeyError(), LookupError), issubclass(ZeroDivisionError, ArithmeticError), BaseException.__subclasses__()[:1] != [], KeyboardInterrupt.__mro__[1].__name__)
e = ValueError("n")
e.add_note("note one")
print(e.__notes__, e.with_traceback(None) is e)
