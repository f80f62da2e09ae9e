x, y, name = 3.14159, 42, "bob"
print(f"{x:.2f} {y:05d} {name!r:>10} {name:^9}| {y:x} {y:#b} {y:,} {10**9:_} {x:e} {x:g} {1e10:g} {0.5:%}")
print(f"{y=} {x=:.1f} {name=!s} {y + 1 = }", f"{{literal}}", f"{'nested ' + f'{y}'}", f"{y:{'>'}{6}}", f"{x:{8}.{3}}")
print(f"{'a':<4}|{'a':>4}|{'a':^4}|{'a':*^5}|{True:d}|{None}|{[1, 'a']}|{-5:+d}|{5:+d}|{5: d}|{-5:=6d}|{-5:06d}")
print(format(255, "x"), format(255, "#X"), format(1234567.891, ",.2f"), format("s", "5"), format(3), format(2 ** 70, ","), format(0.1, ".20f"))
print(f"{1e300:.3e} {float('nan'):f} {float('inf'):5} {-0.0:.1f} {1.5:.0f} {2.5:.0f} {1e16} {123456789.0:g} {0.00001:g} {100000:g} {1000000:g}")
print("%5d|%-5d|%05d|%+d|%x|%o|%e|%g|%c|%c|%s|%10.3s|" % (1, 2, 3, 4, 255, 8, 12345.678, 0.0001, 65, "z", None, "abcdef"))
for spec, value in [("q", 1), ("d", "a"), ("s", 1), (".2d", 3), ("x", 1.5), ("=5", "a"), (",s", "a")]:
    try:
        print(format(value, spec))
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
for f in (lambda: "%d" % "a", lambda: "%s %s" % (1,), lambda: "%s" % (1, 2), lambda: "{}{}".format(1), lambda: "{a}".format(b=1), lambda: "{".format(), lambda: "%z" % 1):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)

class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __format__(self, spec):
        return f"<{self.x}:{self.y}:{spec}>"
    def __str__(self):
        return "P"
    def __repr__(self):
        return "Point()"

p = Point(1, 2)
print(f"{p} {p:abc} {p!s} {p!r} {p.x} {[p]}", "{0.x} {0.y:03d} {1[k]} {2[0]}".format(p, {"k": 5}, [7]))

def table(n):
    total = 0
    for i in range(n):
        line = f"{i:>6}|{i / 7:8.3f}|{i * i:<10x}|{'even' if i % 2 == 0 else 'odd'}"
        total += len(line) + ord(line[5])
    return total, line

print(table(3500))
