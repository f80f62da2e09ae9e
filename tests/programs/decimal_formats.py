# Decimals as text: every kind of format specification, and both notations.
from decimal import Decimal as D, localcontext, ROUND_DOWN

values = [D(text) for text in "1234567.891 -0.04 0 1E+5 -1.5E-10 NaN -Infinity 0E-10 0E+3 9.99 123E10".split()]
specs = """.3 .3e .3f .3g g e f % .0f .0e .0g .1g 012 0>10 <12 ^12 =+12 , ,.2f 015, 015,.2f z.1f .0% E G F + - X<9 *^21,.3f
020,.1% _ .2_f ,.6_f #.0f .4,e""".split()
for spec in specs + [" ", " .2f", "\u2605^14.2f"]:
    print(spec, [format(value, spec) for value in values])
for spec in ["a", ".", "1.2.3", "<<<", "d", ",n", "5x", "<05", ".f", ",,"]:
    try:
        print(spec, format(values[0], spec))
    except ValueError:
        print(spec, "is refused")
for text in "0 1E-7 1E-6 123E-6 1.5E+3 12E+3 -1E+10 1E-10 0E-7 0E+2 123456E-3".split():
    print(text, str(D(text)), D(text).to_eng_string(), f"{D(text)}", f"{D(text)!r}", "%s %d %.2f" % (D(text), D(text), D(text)))
with localcontext(rounding=ROUND_DOWN, capitals=0):
    print(f"{D('2.999'):.1f} {D('2.999'):.1%} {D('1e20')} {D('1e20'):E} {D('1e20'):g} {D('123456'):.2}")
print(f"{D('1.10'):n} {D('1234567.5'):n} {D('1234.5'):>12n}")
