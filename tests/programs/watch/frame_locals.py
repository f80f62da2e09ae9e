# f_locals of functions: the variables themselves.
import sys


def plain():
    x = 1
    y = [2]
    proxy = sys._getframe().f_locals
    print(type(proxy).__name__, sorted(proxy), len(proxy), proxy["x"], "y" in proxy, proxy.get("z", 5))
    proxy["x"] = 10
    print(x, proxy == {**proxy}, proxy is sys._getframe().f_locals)
    proxy["fresh"] = 3
    print(proxy["fresh"], sorted(proxy.keys()), sorted(map(str, proxy.values())) != [], dict(proxy.items())["fresh"])
    x = 11
    print(proxy["x"], proxy.setdefault("x", 1), proxy.setdefault("w", 7), proxy.pop("w"), proxy.pop("w", None))
    proxy.update({"x": 12})
    proxy |= {"x": x + 1}
    print(x, y, (proxy | {"q": 1})["q"], ({"q": 1} | proxy)["x"])
    for action in (
        lambda: proxy["missing"],
        lambda: proxy.__delitem__("x"),
        lambda: proxy.pop("x"),
        lambda: proxy.pop("none"),
        lambda: hash(proxy),
        lambda: proxy.__delitem__("fresh"),
        lambda: proxy["fresh"],
    ):
        try:
            print(action())
        except Exception as error:
            print(type(error).__name__, error)
    del x
    print("x" in proxy)
    proxy["x"] = 5
    print(x)
    return proxy


kept = plain()
print(kept["x"], sorted(kept))
kept["x"] = 6
print(kept["x"])


def cells():
    a = 1

    def inner():
        return a

    sys._getframe().f_locals["a"] = 2
    print(a, inner())
    frame = (lambda: sys._getframe(1))()
    frame.f_locals["a"] = 3
    return a, inner()


print(cells())


def from_callee():
    value = 1
    change()
    return value


def change():
    sys._getframe(1).f_locals["value"] = "changed"


print(from_callee())


def gen():
    item = 1
    while True:
        yield item


g = gen()
print(next(g), g.gi_frame.f_locals["item"])
g.gi_frame.f_locals["item"] = 2
print(next(g), sorted(g.gi_frame.f_locals))


class Body:
    name = 1
    print(type(sys._getframe().f_locals).__name__, sys._getframe().f_locals["name"])
    sys._getframe().f_locals["other"] = 2


print(Body.other, sys._getframe().f_locals is globals())


def evaluated():
    p = 4
    exec("q = p + 1", globals(), sys._getframe().f_locals)
    print(eval("p + q", globals(), sys._getframe().f_locals))
    exec("p = 9", globals(), sys._getframe().f_locals)
    return p


print(evaluated())


def at_lines(frame, event, arg):
    if event == "line" and "n" in frame.f_locals:
        frame.f_locals["n"] += 100
    return at_lines


def traced():
    n = 1
    n += 1
    return n


sys.settrace(at_lines)
result = traced()
sys.settrace(None)
print(result)
