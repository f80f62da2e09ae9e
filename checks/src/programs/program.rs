//! The whole of a program: what all have, then classes, helpers, hot functions and the calls that make them hot.

use super::choices::Choices;
use super::grammar::{Expander, Scope};

/// In a hot function: locals.
const HOT: Scope = Scope {
    variables: &[
        ("iv", &["x", "i", "k", "y", "x", "z", "i", "x"]),
        ("fv", &["f", "f", "h"]),
        ("av", &["a", "b", "t", "x", "y", "o", "s"]),
        ("lv", &["l", "l", "acc[-3:]"]),
        ("dv", &["d"]),
        ("sv", &["s"]),
        ("ov", &["o", "o", "b"]),
        ("iw", &["x", "y", "x", "z"]),
        ("fw", &["f", "h"]),
        ("aw", &["a", "b", "t"]),
        ("lw", &["l"]),
    ],
};

/// In a helper: its arguments, and globals of the same names as a hot function's locals.
const HELPER: Scope = Scope {
    variables: &[
        ("iv", &["x", "x", "y", "x", "k"]),
        ("fv", &["x", "f"]),
        ("av", &["x", "y", "t", "a", "o"]),
        ("lv", &["[x, y]", "l[:5]"]),
        ("dv", &["{'k': x}", "d"]),
        ("sv", &["'ab'", "s"]),
        ("ov", &["o", "x", "C0(x)"]),
        ("iw", &["x", "t"]),
        ("fw", &["x", "t"]),
        ("aw", &["x", "t"]),
        ("lw", &["t"]),
    ],
};

/// In a method.
const METHOD: Scope = Scope {
    variables: &[
        ("iv", &["x", "self.v", "x", "k"]),
        ("fv", &["x", "f"]),
        ("av", &["x", "self", "self.v", "t"]),
        ("lv", &["[x, self.v]", "l[:5]"]),
        ("dv", &["{'k': x}", "self.__dict__"]),
        ("sv", &["'ab'", "s"]),
        ("ov", &["self", "self", "C0(x)"]),
        ("iw", &["x", "self.v"]),
        ("fw", &["x", "t"]),
        ("aw", &["x", "self.w", "t"]),
        ("lw", &["t"]),
    ],
};

#[cfg(test)]
pub(super) const SCOPES: &[&Scope] = &[&HOT, &HELPER, &METHOD];

const HEADER: &str = "\
import sys, math, builtins
import _operator as operator
def walk(n=4):
    q, r = sys._getframe(1), []
    while q is not None and len(r) < n:
        r.append((q.f_code.co_name, q.f_lineno))
        q = q.f_back
    return r
def frames():
    q = sys._getframe(1)
    while q is not None:
        yield q
        q = q.f_back
def caller(*r): return sys._getframe(1).f_code.co_name
def tb(e):
    q, r = e.__traceback__, []
    while q is not None and len(r) < 9:
        r.append(q.tb_lineno)
        q = q.tb_next
    return r
def super_of(q): return q.sup(2)
def set_g0(v):
    global G0
    G0 = v
def adder(q): return lambda r: q + r
class Oops(Exception): pass
class D0:
    def __init__(self, v): self.v = v
    def __get__(self, o, c): return (self.v, o is None)
class D1(D0):
    def __set__(self, o, v): self.v = v
class M0(type): pass
class B0:
    v = 1
    def m(self, x=1, *r): return x
class B1:
    w = 3
    def m(self, x=1, *r): return (x, 'B1')
    def sup(self, x): return 4
";

/// The text of the program that the choices make.
pub fn generate(choices: &mut Choices) -> String {
    let mut expander = Expander::new(choices);
    let mut program = Program { expander: &mut expander, text: String::from(HEADER) };
    program.globals();
    program.classes();
    program.helpers();
    let n_hot = 1 + usize::from(program.expander.choices.chance(5));
    for index in 0..n_hot {
        program.hot_function(index);
    }
    program.main(n_hot);
    program.text
}

struct Program<'e, 'c, 'b> {
    expander: &'e mut Expander<'c, 'b>,
    text: String,
}

impl Program<'_, '_, '_> {
    fn line(&mut self, template: &str, scope: &Scope) {
        let expanded = self.expander.expand(template, scope);
        self.text.push_str(&expanded);
        self.text.push('\n');
    }

    /// One of `templates`, indented.
    fn indented(&mut self, indent: usize, templates: &[&str], scope: &Scope) {
        let template = self.expander.choices.pick(templates);
        let expanded = self.expander.expand(template, scope);
        for line in expanded.lines() {
            self.text.push_str(&" ".repeat(indent));
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn globals(&mut self) {
        self.line("i, k, n, x, y, z, f, h, s, t, u, a, b = 3, 2, 0, $lit, 5, 7, 1.5, 0.25, 'ab', None, 4, 2, 3", &HOT);
        self.line("l, d, acc, g = [1, 2], {'k': 1}, [], iter(())\nG1 = $lit", &HOT);
        self.indented(0, &["G0 = $lit", "G0 = 3", "globals()[$samekey] = $lit", "globals()[$samekey] = 3"], &HOT);
    }

    fn templates(&mut self, templates: &[&'static str]) -> &'static str {
        self.expander.choices.pick(templates)
    }

    fn classes(&mut self) {
        for (index, base) in ["B0", "C0", "B1"].into_iter().enumerate() {
            let base = self.templates(&[base, base, base, base, base, "B0, B1", "$classbase"]);
            let meta = if self.expander.choices.chance(2) { ", metaclass=M0" } else { "" };
            self.line(&format!("class C{index}({base}{meta}):"), &METHOD);
            self.indented(4, &["v = $small", "v = $lit", "pass"], &METHOD);
            self.indented(
                4,
                &[
                    "def __init__(self, v=1): self.v = v",
                    "def __init__(self, v=1):\n    self.v = v\n    self.w = $lit",
                    "def __init__(self, v=1, *r):\n    if k: self.v = $num\n    self.w = v",
                    "def __init__(self, v=1): super().__init__()",
                ],
                &METHOD,
            );
            self.indented(
                4,
                &[
                    "def m(self, x=1, *r): return $num",
                    "def m(self, x=1):\n    $body\n    return $any",
                    "def m(self, x=1): return $any",
                    "def m(self, x=1):\n    t = $super\n    return t if type(t) is int else 6",
                    "def m(self, x=1):\n    self.v = $any\n    return self.v",
                ],
                &METHOD,
            );
            self.indented(
                4,
                &[
                    "def sup(self, x): return $super",
                    "def sup(self, x):\n    t = $super\n    return type(t) is int",
                    "pass",
                ],
                &METHOD,
            );
            for _ in 0..self.expander.choices.below(4) {
                self.indented(4, &["$member"], &METHOD);
            }
        }
        self.text.push_str("try: o = C0(3)\nexcept Exception as e: print(e); o = B0()\n");
    }

    fn helpers(&mut self) {
        let ends = ["return $num", "return $any", "return x", "return $frame"];
        for head in ["h0(x, y=2)", "h1(x, *y)", "h2(x, *, y=3, **z)", "h4(x)"] {
            self.line(&format!("def {head}:"), &HELPER);
            if self.expander.choices.chance(8) {
                self.indented(4, &["$body"], &HELPER);
            }
            self.indented(4, if head == "h4(x)" { &["return $risky", "h0($risky)"] } else { &ends }, &HELPER);
        }
        self.text.push_str("def h3(x, y):\n");
        self.indented(
            4,
            &[
                "return sum(y) if x % $positive == 0 else 0",
                "if x % 5 == 4: return list(y)\nreturn $num",
                "for j in y:\n    if j $order x: return j\nelse: return $any",
                "return $any",
                "$body\nreturn (x, y is None)",
                "return next(iter(y)) if x % $positive == 0 else $num",
            ],
            &HELPER,
        );
        self.text.push_str("def hz(x):\n");
        self.indented(
            4,
            &["return 7 // x", "return $num / x", "return $num % x", "1 // x", "return $risky", "t = $num // x"],
            &HELPER,
        );
        self.text.push_str("NS = {'__name__': 'other', 'sys': sys, 'k': 9, 'C0': C0, 'math': math, 'G0': 8}\n");
        self.text.push_str("exec(\"\"\"def hx(x, y=2):\n");
        self.indented(4, &["return $frame", "return $any", "$body\nreturn $frame"], &HELPER);
        self.text.push_str("\"\"\", NS)\nhx = NS['hx']\n");
        for head in ["g0(x, y=1)", "g1(x)"] {
            self.line(&format!("def {head}:"), &HELPER);
            self.indented(
                4,
                &["for j in range(3): yield j + k", "$yields", "$yields\n$yields", "for j in x: yield j"],
                &HELPER,
            );
            self.text.push_str("    yield x\n");
        }
        self.text.push_str("class CM:\n    def __enter__(self): return 5\n");
        self.indented(
            4,
            &["def __exit__(self, c, e, q): return c is not None", "def __exit__(self, *r): return $lie"],
            &METHOD,
        );
        self.line("def make_counter():\n    q = $lit\n    def counter():\n        nonlocal q\n        q += $step\n        return q\n    return counter\ncounter = make_counter()", &HELPER);
    }

    fn hot_function(&mut self, index: usize) {
        self.line(&format!("def f{index}(n_turns, a, b, o, x=0):"), &HOT);
        self.text.push_str("    global G1\n    n, k, t, acc = 0, 2, None, []\n");
        self.line("    e, y, z, f, h, s = $edge, $edge, $small, $float_start, 0.5, 'ab'", &HOT);
        self.indented(4, &["x = $edge - $back", "pass", "x = $lit", "x = $edge - $back", "x = 1"], &HOT);
        self.indented(4, &["l, d = [x, 2], {'k': y}", "l, d = [0], {1: 2, 'k': 'v'}", "l, d = [], {}"], &HOT);
        self.line("    g = g0(3, $num)", &HELPER);
        self.text.push_str("    try:\n");
        let is_while = self.expander.choices.chance(3);
        if is_while {
            self.text.push_str("        i = 0\n        while i < n_turns:\n            i += 1\n");
        } else {
            self.indented(
                8,
                &[
                    "for i in range(n_turns):",
                    "for i in range(n_turns):",
                    "for i in range(e, e + n_turns):",
                    "for i in range(e - 20, e - 20 + n_turns):",
                    "for i in range(e + 20, e + 20 - n_turns, -1):",
                    "for i in range(0, n_turns * $positive, $positive):",
                    "for i in reversed(range(n_turns)):",
                    "for i, q in enumerate(range(n_turns)):",
                    "for i in range(n_turns, 0, -1):",
                    "for i in list(range(n_turns)):",
                    "for i in (j for j in range(n_turns)):",
                    "for i in g0(k, range(n_turns)):",
                ],
                &HOT,
            );
        }
        self.indented(12, &["k = i % 5", "k = i % 3", "k = i % 7", "k = i & 3", "k = (i + 1) % 4"], &HOT);
        self.hot_body();
        self.text.push_str("        else: acc.append('else')\n");
        self.indented(
            4,
            &[
                "except Oops as e: acc.append(str(e))",
                "except Exception as e: acc.append((type(e).__name__, str(e), tb(e)))",
                "finally: acc.append('end')",
                "except ZeroDivisionError: n = -1",
            ],
            &HOT,
        );
        self.text.push_str("    return (n, x, y, z, f, h, s, a, t, l, d, k, acc)\n");
    }

    /// The statements of a hot loop, each alone or all together under a `try`, then what keeps numbers and lists small.
    fn hot_body(&mut self) {
        let is_caught = self.expander.choices.chance(10);
        let indent = if is_caught { 16 } else { 12 };
        if is_caught {
            self.text.push_str("            try:\n");
        }
        // What grows, past one edge after the other.
        const GROWTH: &[&str] = &[
            "x += $step",
            "x = x + x",
            "x += $step",
            "x -= $step",
            "y = x * $small",
            "y = (i + $edge) * 8",
            "x = x + x if i % 21 else 2**40",
            "x = x * 3 + 1 if i % 30 else 1",
            "pass",
        ];
        self.indented(indent, GROWTH, &HOT);
        for _ in 0..2 + self.expander.choices.below(5) {
            self.indented(indent, &["$stmt", "$stmt", "$stmt", "$assign"], &HOT);
        }
        if is_caught {
            self.indented(
                12,
                &[
                    "except Exception: n += 1",
                    "except Exception as e: acc.append((type(e).__name__, str(e)))",
                    "except Exception as e: acc.append(tb(e))",
                ],
                &HOT,
            );
        }
        self.text.push_str("            if len(l) > 12: l = l[:3]\n");
        // How far numbers grow: through the widths of machine words again and again, or beyond.
        self.indented(
            12,
            &[
                "if type(x) is int and not -2**200 < x < 2**200: x = 1",
                "if type(x) is int and not -2**62 < x < 2**62: x = 1",
                "if type(x) is int and not -2**56 < x < 2**56: x = 0",
            ],
            &HOT,
        );
        self.text.push_str("            if type(y) is int and not -2**200 < y < 2**200: y = 1\n");
    }

    fn main(&mut self, n_hot: usize) {
        let n_calls = 2 + self.expander.choices.below(4);
        for call in 0..n_calls {
            let index = if call < n_hot { call } else { self.expander.choices.below(n_hot) };
            self.text.push_str("try:\n");
            let n_turns = self.expander.choices.pick(&[60, 40, 90, 9, 30, 120]);
            let arguments = self.templates(&[
                "$num, $any, o",
                "2, 3, o",
                "$any, $any, $obj",
                "o, o, o, $int",
                "1, C0($num), C1($num)",
                "1, 2, o, $wide",
                "$num, $num, C2()",
                "C1(4), C0(3), C0($num), $float",
            ]);
            self.line(&format!("    print(f{index}({n_turns}, {arguments}))"), &HELPER);
            self.text.push_str("except Exception as e: print(type(e).__name__, e, tb(e))\n");
            if self.expander.choices.chance(9) {
                self.text.push_str("try:\n");
                self.indented(
                    4,
                    &["$change", "$change\n$change", "$builtinchange", "$globalchange", "$classchange"],
                    &HELPER,
                );
                self.text.push_str("except Exception as e: print(type(e).__name__, e)\n");
            }
        }
    }
}
