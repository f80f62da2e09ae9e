//! A pattern as the engine runs it: the compiler's code, checked and decoded.

use super::character::{Fold, Words};
use super::set::Set;
use memchr::memmem::Finder;

/// What one character has to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum One {
    Never,
    /// All but the line feed.
    NotLineFeed,
    Any,
    Literal(u32),
    NotLiteral(u32),
    /// In a set of the program.
    In(u32),
}

/// A place between characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Beginning,
    BeginningOfLine,
    /// At the end, or before a line feed that ends the text.
    End,
    EndOfLine,
    EndOfText,
    Boundary(Words),
    NoBoundary(Words),
}

/// How often; `high` of `MAXREPEAT` is no bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    pub low: u32,
    pub high: u32,
}

/// What does without giving back a match that is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Inner {
    Atomic,
    /// The match is at the place itself, so many characters back.
    Ahead,
    NotAhead,
    Possessive(Bounds),
}

/// An operation. What is not said to go elsewhere goes on with the next one.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    Fail,
    /// The whole pattern matches.
    Match,
    One(One),
    Literal(u32),
    At(At),
    Mark(u32),
    Jump(u32),
    /// An alternative, behind which others stand; tried only where the text may go on with it.
    Try {
        otherwise: u32,
        guard: Option<One>,
    },
    Group {
        group: u32,
        fold: Fold,
    },
    /// Goes on where the group has not matched.
    IfGroup {
        group: u32,
        otherwise: u32,
    },
    Greedy {
        one: One,
        bounds: Bounds,
        guard: Option<One>,
    },
    Lazy {
        one: One,
        bounds: Bounds,
        guard: Option<One>,
    },
    Possessive {
        one: One,
        bounds: Bounds,
    },
    /// Begins a loop whose end is there.
    Loop {
        end: u32,
    },
    /// The end of a loop whose body is there.
    GreedyEnd {
        body: u32,
        bounds: Bounds,
    },
    LazyEnd {
        body: u32,
        bounds: Bounds,
    },
    /// The operations up to an `InnerEnd` have to match by themselves.
    Inner {
        inner: Inner,
        back: u32,
        after: u32,
    },
    InnerEnd,
}

/// How a search finds the places where a match may begin.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one a pattern, looked at for each search")]
pub enum Start {
    Anywhere,
    /// At the beginning alone.
    Beginning,
    One(One),
    Prefix(Prefix),
}

#[derive(Debug)]
pub struct Prefix {
    pub text: Vec<u32>,
    /// Of its bytes, where it has such.
    pub finder: Option<Finder<'static>>,
    /// So many operations match where the prefix does.
    pub n_ops: usize,
    /// It is the whole pattern.
    pub is_all: bool,
}

#[derive(Debug)]
pub struct Program {
    pub codes: Vec<u32>,
    pub ops: Vec<Op>,
    pub sets: Vec<Set>,
    pub n_groups: usize,
    /// The shortest match.
    pub min_width: usize,
    pub start: Start,
}

impl Program {
    /// What a character has to be where the operation at `at` matches; `None`: not known.
    pub fn guard(ops: &[Op], mut at: usize) -> Option<One> {
        loop {
            match ops[at] {
                Op::Mark(_) => at += 1,
                Op::One(one) => return Some(one),
                Op::Literal(literal) => return Some(One::Literal(literal)),
                Op::Greedy { one, bounds, .. } | Op::Lazy { one, bounds, .. } | Op::Possessive { one, bounds }
                    if bounds.low > 0 =>
                {
                    return Some(one);
                }
                _ => return None,
            }
        }
    }
}
