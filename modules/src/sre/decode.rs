//! From the compiler's code to a program. Code that the compiler cannot have made is refused, so that the engine need not look.

use super::character::{Category, Fold, Words};
use super::opcode::{self, MAXREPEAT, info};
use super::program::{At, Bounds, Inner, One, Op, Prefix, Program, Start};
use super::set::{Rule, Set};
use memchr::memmem::Finder;
use stitch_runtime::{PyResult, Raised, Vm};

/// Why code is refused.
enum Fault {
    Invalid,
    Raised,
}

impl From<Raised> for Fault {
    fn from(_: Raised) -> Fault {
        Fault::Raised
    }
}

type Decoded<T> = Result<T, Fault>;

struct Decoder<'a> {
    vm: &'a mut Vm,
    codes: &'a [u32],
    ops: Vec<Op>,
    sets: Vec<Set>,
    n_groups: usize,
}

/// RuntimeError where the code is none.
pub fn decode(vm: &mut Vm, codes: Vec<u32>, n_groups: usize) -> PyResult<Program> {
    let mut decoder = Decoder { vm, codes: &codes, ops: Vec::new(), sets: Vec::new(), n_groups };
    match decoder.program() {
        Ok((start, min_width)) => {
            let Decoder { ops, sets, .. } = decoder;
            Ok(Program { codes, ops, sets, n_groups, min_width, start })
        }
        Err(Fault::Invalid) => Err(vm.raise_runtime("invalid SRE code")),
        Err(Fault::Raised) => Err(Raised),
    }
}

fn valid<T>(option: Option<T>) -> Decoded<T> {
    option.ok_or(Fault::Invalid)
}

fn check(is_so: bool) -> Decoded<()> {
    valid(is_so.then_some(()))
}

impl Decoder<'_> {
    fn code(&self, at: usize) -> Decoded<u32> {
        valid(self.codes.get(at).copied())
    }

    /// Where a skip word at `at` leads; inside of what ends at `end`.
    fn skip(&self, at: usize, end: usize) -> Decoded<usize> {
        let to = valid(at.checked_add(self.code(at)? as usize))?;
        check(to > at && to <= end)?;
        Ok(to)
    }

    fn pc(&self) -> u32 {
        self.ops.len() as u32
    }

    fn program(&mut self) -> Decoded<(Start, usize)> {
        let last = valid(self.codes.len().checked_sub(1))?;
        check(self.codes[last] == opcode::SUCCESS && self.codes.len() < u32::MAX as usize / 2)?;
        let (start, begin, min_width) = self.info(last)?;
        check(self.block(begin, last)? == last)?;
        self.ops.push(Op::Match);
        self.set_guards();
        let start = match start {
            Start::Prefix(mut prefix) => {
                let agree = |(op, unit): (&Op, &u32)| matches!(op, Op::Literal(literal) if literal == unit);
                let n_equal = self.ops.iter().zip(&prefix.text).take_while(|&pair| agree(pair)).count();
                prefix.n_ops = n_equal;
                prefix.is_all &= matches!(self.ops[n_equal], Op::Match) && n_equal == prefix.text.len();
                Start::Prefix(prefix)
            }
            Start::Anywhere => match Program::guard(&self.ops, 0) {
                Some(one) => Start::One(one),
                None if matches!(self.ops[0], Op::At(At::Beginning)) => Start::Beginning,
                None => Start::Anywhere,
            },
            other => other,
        };
        Ok((start, min_width))
    }

    /// What the block in front tells searches, where the operations begin, and the shortest match.
    fn info(&mut self, last: usize) -> Decoded<(Start, usize, usize)> {
        if self.codes[0] != opcode::INFO {
            return Ok((Start::Anywhere, 0, 0));
        }
        let end = self.skip(1, last)?;
        check(end >= 5)?;
        let (mask, min_width) = (self.code(2)?, self.code(3)? as usize);
        let start = if mask & info::PREFIX != 0 {
            let len = self.code(5)? as usize;
            let text = valid(self.codes.get(7..).and_then(|rest| rest.get(..len)))?.to_vec();
            check(len > 0 && valid(len.checked_mul(2))? + 7 == end)?;
            let bytes: Option<Vec<u8>> = text.iter().map(|&unit| u8::try_from(unit).ok()).collect();
            let finder = bytes.map(|bytes| Finder::new(&bytes).into_owned());
            Start::Prefix(Prefix { text, finder, n_ops: 0, is_all: mask & info::LITERAL != 0 })
        } else if mask & info::CHARSET != 0 {
            let rules = valid(Set::rules(&self.codes[5..end]))?;
            Start::One(self.set(rules, Fold::Exact, false))
        } else {
            Start::Anywhere
        };
        Ok((start, end, min_width))
    }

    fn set(&mut self, rules: Vec<Rule>, fold: Fold, is_contrary: bool) -> One {
        self.sets.push(Set::new(rules, fold, is_contrary));
        One::In(self.sets.len() as u32 - 1)
    }

    /// Decodes from `at` to `end`, or to the jump before it.
    fn block(&mut self, mut at: usize, end: usize) -> Decoded<usize> {
        self.vm.check_native_stack()?;
        while at < end {
            if self.codes[at] == opcode::JUMP {
                check(at + 2 == end)?;
                return Ok(at);
            }
            at = match self.one(at, end)? {
                Some((one, next)) => {
                    self.ops.push(if let One::Literal(literal) = one { Op::Literal(literal) } else { Op::One(one) });
                    next
                }
                None => self.operation(at, end)?,
            };
            check(at <= end)?;
        }
        Ok(at)
    }

    /// An operation on one character, and what follows it; `None`: it is none.
    fn one(&mut self, at: usize, end: usize) -> Decoded<Option<(One, usize)>> {
        use opcode::*;
        let op = self.code(at)?;
        let fold = match op {
            IN_IGNORE | LITERAL_IGNORE | NOT_LITERAL_IGNORE => Fold::Ascii,
            IN_LOC_IGNORE | LITERAL_LOC_IGNORE | NOT_LITERAL_LOC_IGNORE => Fold::Locale,
            IN_UNI_IGNORE | LITERAL_UNI_IGNORE | NOT_LITERAL_UNI_IGNORE => Fold::Unicode,
            _ => Fold::Exact,
        };
        Ok(Some(match op {
            FAILURE => (One::Never, at + 1),
            ANY => (One::NotLineFeed, at + 1),
            ANY_ALL => (One::Any, at + 1),
            LITERAL => (One::Literal(self.code(at + 1)?), at + 2),
            NOT_LITERAL => (One::NotLiteral(self.code(at + 1)?), at + 2),
            LITERAL_IGNORE | LITERAL_LOC_IGNORE | LITERAL_UNI_IGNORE => {
                let rules = vec![Rule::Literal(self.code(at + 1)?)];
                (self.set(rules, fold, false), at + 2)
            }
            NOT_LITERAL_IGNORE | NOT_LITERAL_LOC_IGNORE | NOT_LITERAL_UNI_IGNORE => {
                let rules = vec![Rule::Literal(self.code(at + 1)?)];
                (self.set(rules, fold, true), at + 2)
            }
            CATEGORY => {
                let rules = vec![Rule::Category(valid(Category::of(self.code(at + 1)?))?)];
                (self.set(rules, fold, false), at + 2)
            }
            IN | IN_IGNORE | IN_LOC_IGNORE | IN_UNI_IGNORE => {
                let next = self.skip(at + 1, end)?;
                let rules = valid(Set::rules(&self.codes[at + 2..next]))?;
                (self.set(rules, fold, false), next)
            }
            _ => return Ok(None),
        }))
    }

    fn group(&self, at: usize) -> Decoded<u32> {
        let group = self.code(at)?;
        check((group as usize) < self.n_groups)?;
        Ok(group)
    }

    fn bounds(&self, at: usize) -> Decoded<Bounds> {
        let bounds = Bounds { low: self.code(at)?, high: self.code(at + 1)? };
        check(bounds.low <= bounds.high && bounds.low != MAXREPEAT)?;
        Ok(bounds)
    }

    /// An operation on more than a character; gives what follows it.
    fn operation(&mut self, at: usize, end: usize) -> Decoded<usize> {
        use opcode::*;
        match self.codes[at] {
            AT => {
                let place = valid(place(self.code(at + 1)?))?;
                self.ops.push(Op::At(place));
                Ok(at + 2)
            }
            MARK => {
                let mark = self.code(at + 1)?;
                check((mark as usize) < 2 * self.n_groups)?;
                self.ops.push(Op::Mark(mark));
                Ok(at + 2)
            }
            op @ (GROUPREF | GROUPREF_IGNORE | GROUPREF_LOC_IGNORE | GROUPREF_UNI_IGNORE) => {
                let fold = match op {
                    GROUPREF_IGNORE => Fold::Ascii,
                    GROUPREF_LOC_IGNORE => Fold::Locale,
                    GROUPREF_UNI_IGNORE => Fold::Unicode,
                    _ => Fold::Exact,
                };
                let group = self.group(at + 1)?;
                self.ops.push(Op::Group { group, fold });
                Ok(at + 2)
            }
            GROUPREF_EXISTS => self.conditional(at, end),
            BRANCH => self.branch(at, end),
            REPEAT_ONE | MIN_REPEAT_ONE | POSSESSIVE_REPEAT_ONE => self.repeat_one(at, end),
            REPEAT => self.repeat(at, end),
            POSSESSIVE_REPEAT => {
                let (until, bounds) = (self.skip(at + 1, end - 1)?, self.bounds(at + 2)?);
                self.inner(Inner::Possessive(bounds), 0, at + 4, until)
            }
            ATOMIC_GROUP => {
                let next = self.skip(at + 1, end)?;
                self.inner(Inner::Atomic, 0, at + 2, next - 1)
            }
            op @ (ASSERT | ASSERT_NOT) => {
                let (next, back) = (self.skip(at + 1, end)?, self.code(at + 2)?);
                let inner = if op == ASSERT { Inner::Ahead } else { Inner::NotAhead };
                self.inner(inner, back, at + 3, next - 1)
            }
            _ => Err(Fault::Invalid),
        }
    }

    /// Operations by themselves up to `SUCCESS` at `last`.
    fn inner(&mut self, inner: Inner, back: u32, first: usize, last: usize) -> Decoded<usize> {
        check(first <= last && self.code(last)? == opcode::SUCCESS)?;
        let begin = self.ops.len();
        self.ops.push(Op::Fail);
        check(self.block(first, last)? == last)?;
        self.ops.push(Op::InnerEnd);
        self.ops[begin] = Op::Inner { inner, back, after: self.pc() };
        Ok(last + 1)
    }

    fn repeat_one(&mut self, at: usize, end: usize) -> Decoded<usize> {
        let (next, bounds) = (self.skip(at + 1, end)?, self.bounds(at + 2)?);
        let (one, last) = valid(self.one(at + 4, next)?)?;
        check(last + 1 == next && self.codes[last] == opcode::SUCCESS)?;
        self.ops.push(match self.codes[at] {
            opcode::REPEAT_ONE => Op::Greedy { one, bounds, guard: None },
            opcode::MIN_REPEAT_ONE => Op::Lazy { one, bounds, guard: None },
            _ => Op::Possessive { one, bounds },
        });
        Ok(next)
    }

    fn repeat(&mut self, at: usize, end: usize) -> Decoded<usize> {
        let (until, bounds) = (self.skip(at + 1, end - 1)?, self.bounds(at + 2)?);
        check(at + 4 <= until)?;
        let begin = self.ops.len();
        self.ops.push(Op::Fail);
        check(self.block(at + 4, until)? == until)?;
        let body = begin as u32 + 1;
        self.ops[begin] = Op::Loop { end: self.pc() };
        self.ops.push(match self.code(until)? {
            opcode::MAX_UNTIL => Op::GreedyEnd { body, bounds },
            opcode::MIN_UNTIL => Op::LazyEnd { body, bounds },
            _ => return Err(Fault::Invalid),
        });
        Ok(until + 1)
    }

    fn branch(&mut self, at: usize, end: usize) -> Decoded<usize> {
        let (mut skip_at, mut jumps, mut target) = (at + 1, Vec::new(), None);
        while self.code(skip_at)? != 0 {
            let next = self.skip(skip_at, end)?;
            let begin = self.ops.len();
            self.ops.push(Op::Fail);
            let jump = self.block(skip_at + 1, next)?;
            check(jump + 2 == next)?;
            let to = self.skip(jump + 1, end)?;
            check(*target.get_or_insert(to) == to)?;
            jumps.push(self.ops.len());
            self.ops.push(Op::Fail);
            self.ops[begin] = Op::Try { otherwise: self.pc(), guard: None };
            skip_at = next;
        }
        check(target == Some(skip_at + 1))?;
        self.ops.push(Op::Fail);
        let after = self.pc();
        jumps.into_iter().for_each(|jump| self.ops[jump] = Op::Jump(after));
        Ok(skip_at + 1)
    }

    fn conditional(&mut self, at: usize, end: usize) -> Decoded<usize> {
        let group = self.group(at + 1)?;
        // The skip counts from the word before it.
        let otherwise = valid((at + 1).checked_add(self.code(at + 2)? as usize))?;
        check(otherwise >= at + 3 && otherwise <= end)?;
        let begin = self.ops.len();
        self.ops.push(Op::Fail);
        let stop = self.block(at + 3, otherwise)?;
        if stop == otherwise {
            self.ops[begin] = Op::IfGroup { group, otherwise: self.pc() };
            return Ok(otherwise);
        }
        let jump = self.ops.len();
        self.ops.push(Op::Fail);
        self.ops[begin] = Op::IfGroup { group, otherwise: self.pc() };
        let next = self.skip(stop + 1, end)?;
        check(next >= otherwise && self.block(otherwise, next)? == next)?;
        self.ops[jump] = Op::Jump(self.pc());
        Ok(next)
    }

    /// Tells operations that choose what the text has to go on with. A run that what follows cannot begin within gives nothing
    /// back.
    fn set_guards(&mut self) {
        for at in 0..self.ops.len() - 1 {
            let next = Program::guard(&self.ops, at + 1);
            match &mut self.ops[at] {
                Op::Greedy { one, bounds, .. } if next.is_some_and(|next| are_disjoint(&self.sets, *one, next)) => {
                    self.ops[at] = Op::Possessive { one: *one, bounds: *bounds };
                }
                Op::Try { guard, .. } | Op::Greedy { guard, .. } | Op::Lazy { guard, .. } => *guard = next,
                _ => {}
            }
        }
    }
}

/// Is it sure that no character is both?
fn are_disjoint(sets: &[Set], a: One, b: One) -> bool {
    let set = |set: u32| &sets[set as usize];
    match (a, b) {
        (One::Literal(a), One::Literal(b)) => a != b,
        (One::NotLiteral(a), One::Literal(b)) | (One::Literal(a), One::NotLiteral(b)) => a == b,
        (One::NotLineFeed, One::Literal(b)) => b == 0x0A,
        (One::In(a), One::Literal(b)) => !set(a).has(b),
        (One::Literal(a), One::In(b)) => !set(b).has(a),
        (One::In(a), One::In(b)) => match (set(a).category(), set(b).category()) {
            (Some(a), Some(b)) => a.is_disjoint_from(b),
            _ => false,
        },
        _ => false,
    }
}

fn place(code: u32) -> Option<At> {
    Some(match code {
        0 | 2 => At::Beginning,
        1 => At::BeginningOfLine,
        3 | 8 => At::Boundary(Words::Ascii),
        4 | 9 => At::NoBoundary(Words::Ascii),
        5 => At::End,
        6 => At::EndOfLine,
        7 => At::EndOfText,
        10 => At::Boundary(Words::Unicode),
        11 => At::NoBoundary(Words::Unicode),
        _ => return None,
    })
}
