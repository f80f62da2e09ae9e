//! What is wrong with a source that does not compile, as CPython tells it.
//!
//! The parser that makes trees has words and places of its own for errors. So a source that it refuses is gone through once more, by a
//! grammar that has rules for mistakes (`*.peg`, in the notation of `notation.rs`), with CPython's order of trying things: what is told
//! depends on it.

mod judge;
mod lexer;
mod literal;
mod notation;
mod numbers;
mod parser;
mod report;
mod strings;
mod token;

use super::compile::CompileMode;
use super::source::Origin;
use super::syntax_error::SyntaxErrorInfo;
use notation::Grammar;
use parser::{Outcome, Parser};

const GRAMMAR: [&str; 3] =
    [include_str!("statements.peg"), include_str!("expressions.peg"), include_str!("mistakes.peg")];
/// Memory is only touched as far as it is used.
const STACK_BYTES: usize = 256 << 20;

/// An error, and whether more lines could mend it.
pub struct Diagnosis {
    pub info: SyntaxErrorInfo,
    pub is_incomplete: bool,
}

/// What is wrong with the text, where the grammar knows of something.
pub fn diagnose(
    text: &str,
    filename: &str,
    mode: CompileMode,
    origin: Origin,
    implies_dedent: bool,
) -> Option<Diagnosis> {
    let mut text = std::borrow::Cow::Borrowed(text);
    if mode == CompileMode::Exec && !text.ends_with('\n') {
        text.to_mut().push('\n');
    }
    let is_file = origin == Origin::File;
    let (start, is_single) = match mode {
        CompileMode::Exec => ("file", false),
        CompileMode::Eval => ("eval", false),
        CompileMode::Single => ("interactive", true),
    };
    let job = || {
        let grammar = Grammar::read(&GRAMMAR);
        Parser::new(&grammar, text.as_bytes(), is_file, is_single, implies_dedent).run(start)
    };
    let outcome = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("diagnose".into()).stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, job).ok()?.join().ok()
    })?;
    let Outcome::Wrong { report, is_incomplete } = outcome else { return None };
    let info = SyntaxErrorInfo {
        kind: report.kind,
        msg: report.message,
        filename: filename.to_owned(),
        lineno: Some(report.line),
        offset: Some(report.offset),
        end_lineno: Some(report.end_line),
        end_offset: Some(report.end_offset),
        text: Some(report.text),
        parsed: None,
        after_parsing: false,
    };
    Some(Diagnosis { info, is_incomplete })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, mode: CompileMode) -> Option<(String, [i32; 4])> {
        let info = diagnose(text, "t.py", mode, Origin::Text, true)?.info;
        let lines = [info.lineno, info.end_lineno].map(|line| line.unwrap_or(0) as i32);
        let offsets = [info.offset, info.end_offset].map(|offset| offset.unwrap_or(0));
        Some((info.msg, [lines[0], offsets[0], lines[1], offsets[1]]))
    }

    #[test]
    fn what_is_right_is_right() {
        for text in [
            "",
            "x = 1",
            "\n# c\nif x:\n    y\nelif z: w\nelse:\n\tv\n",
            "def f[T: int = str, *Ts, **P](a, /, b: int = 1, *c: *d, e, **g) -> h: return lambda x, *y, z=1: (yield)\n",
            "async def f():\n async with a as b, c: await d\n async for x in y: pass\n",
            "try:\n a\nexcept* B, C: pass\nelse: d\nfinally: e\n",
            "match x:\n case {'a': [1, *_], **r} | A(b, c=-1+2j) if d: pass\n case a.b | None: pass\n",
            "f'{a!r:>{w}} {{}} {b=} {f\"{c}\"}' \"x\"\nt'{a:{b}}'\n",
            "x: int = yield\na, *b = c[d:e:f, *g] = [i async for i in j if k]\ndel (a), b[0], [c.d]\n",
            "type X[T] = {**a, 'b': c}\nfrom . import (a as b, c,)\nprint(*a, b=1, **c)\nassert x, y\n",
        ] {
            assert_eq!(told(text, CompileMode::Exec), None, "{text}");
        }
        assert_eq!(told("f(x for x in y)", CompileMode::Eval), None);
        assert_eq!(told("if x:\n  y", CompileMode::Single), None);
    }

    #[test]
    fn mistakes_have_their_words_and_places() {
        let escape = "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\xXX escape";
        let cases = [
            ("a b", "invalid syntax", [1, 3, 1, 4]),
            ("f(a b)", "invalid syntax. Perhaps you forgot a comma?", [1, 3, 1, 6]),
            ("x = (1,\ny", "'(' was never closed", [1, 5, 1, 0]),
            ("if x\n  y", "expected ':'", [1, 5, 1, 6]),
            ("\u{e9} = 1a", "invalid decimal literal", [1, 5, 1, 5]),
            ("f'{a!x}'", "f-string: invalid conversion character 'x': expected 's', 'r', or 'a'", [1, 6, 1, 7]),
            ("(a, f()) = 1", "cannot assign to function call", [1, 5, 1, 8]),
            ("x = '\\x'", escape, [1, 5, 1, 9]),
        ];
        for (text, message, place) in cases {
            assert_eq!(told(text, CompileMode::Exec), Some((message.to_owned(), place)), "{text}");
        }
    }

    #[test]
    fn what_ends_too_early_may_be_mended() {
        let is_incomplete = |text| {
            let found = diagnose(text, "t.py", CompileMode::Exec, Origin::Text, true);
            found.map(|found| found.is_incomplete)
        };
        assert_eq!(is_incomplete("f(1,\n"), Some(true));
        assert_eq!(is_incomplete("'''a\n"), Some(true));
        assert_eq!(is_incomplete("a b\n"), Some(false));
    }
}
