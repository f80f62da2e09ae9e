class Ctx:
    def __init__(self, log, name, swallow=False, fail=None):
        self.log, self.name, self.swallow, self.fail = log, name, swallow, fail
    def __enter__(self):
        self.log.append("enter " + self.name)
        if self.fail == "enter":
            raise OSError("enter")
        return self.name
    def __exit__(self, t, v, tb):
        self.log.append(f"exit {self.name} {t.__name__ if t else None} {v}")
        if self.fail == "exit":
            raise OSError("exit")
        return self.swallow

def run(f):
    log = []
    try:
        log.append(("result", f(log)))
    except Exception as e:
        log.append((repr(e), repr(e.__context__)))
    print(log)

def plain(log):
    with Ctx(log, "a") as a, Ctx(log, "b") as b:
        return a + b
def swallowed(log):
    with Ctx(log, "a", swallow=True):
        raise ValueError("v")
    return "after"
def inner_swallows(log):
    with (Ctx(log, "a"), Ctx(log, "b", swallow=True)):
        1 / 0
    return 1
def fail_enter(log):
    with Ctx(log, "a"), Ctx(log, "b", fail="enter"):
        log.append("never")
def fail_exit(log):
    with Ctx(log, "a", fail="exit"):
        raise ValueError("first")
def loop(log):
    for i in range(3):
        with Ctx(log, str(i)):
            if i == 1:
                continue
            if i == 2:
                break
    return i
def not_ctx(log):
    with 5:
        pass
def half(log):
    class H:
        def __enter__(self):
            pass
    with H():
        pass

for f in (plain, swallowed, inner_swallows, fail_enter, fail_exit, loop, not_ctx, half):
    run(f)

class Count:
    n = 0
    depth = 0
    def __enter__(self):
        self.depth += 1
        return self
    def __exit__(self, *exc):
        self.depth -= 1
        self.n += 1
        return exc[0] is ValueError

def hot(n):
    c = Count()
    t = 0
    for i in range(n):
        with c as d:
            t += d.depth
            if i % 100 == 7:
                raise ValueError
            if i % 100 == 8:
                continue
            with c:
                t += c.depth
    return t, c.n, c.depth

print(hot(4000))
