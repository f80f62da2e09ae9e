# Not under gc: it imports much of the library.
"""`tb_lasti` and `f_lasti` are places in `co_code`, by which the positions are found."""
import traceback, sys
def g(x):
    raise ValueError(x)
def f(o):
    a = 1
    g(o.x +
      o.y(1))
    return 4
class O:
    x = 1
    def y(self, n):
        return n
for i in range(3):
    try: f(O())
    except ValueError as e:
        tb = e.__traceback__
        while tb:
            print(tb.tb_frame.f_code.co_name, tb.tb_lineno, tb.tb_lasti)
            ps = list(tb.tb_frame.f_code.co_positions())
            print(ps[tb.tb_lasti//2], len(ps), len(tb.tb_frame.f_code.co_code))
            tb = tb.tb_next
        print(traceback.format_exc().replace(__file__, "FILE"))

def running():
    frame = sys._getframe()
    code = frame.f_code
    return (list(code.co_positions())[frame.f_lasti // 2], frame.f_lasti)
print(running())
def generate():
    yield 1
    yield (2,
           3)
generator = generate()
for _ in generator:
    print(generator.gi_frame.f_lasti, generator.gi_frame.f_lineno, list(generator.gi_code.co_positions())[generator.gi_frame.f_lasti // 2])
try:
    f(O())
except ValueError as e:
    tb = e.__traceback__
    again = type(tb)(None, tb.tb_next.tb_frame, tb.tb_next.tb_lasti, tb.tb_next.tb_lineno)
    print(again.tb_lasti == tb.tb_next.tb_lasti, again.tb_lineno)
