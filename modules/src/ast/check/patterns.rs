//! Patterns of `match`.

use super::{C, Checked, Checker, Content, NodeIdx, value_error};
use stitch_runtime::bytecode::RawConst;

impl Checker<'_> {
    pub fn pattern_in(&self, at: NodeIdx, field: usize) -> Checked {
        self.child(at, field).map_or(Ok(()), |pattern| self.pattern(pattern, false))
    }

    fn patterns(&self, at: NodeIdx, field: usize, may_be_star: bool) -> Checked {
        self.children(at, field).iter().flatten().try_for_each(|&pattern| self.pattern(pattern, may_be_star))
    }

    fn pattern(&self, at: NodeIdx, may_be_star: bool) -> Checked {
        self.place(at)?;
        match self.constructor(at) {
            C::MatchValue => self.child(at, 0).map_or(Ok(()), |value| self.matched_value(value)),
            C::MatchSingleton => match &self.node(at).fields[0] {
                Content::Constant(RawConst::None | RawConst::True | RawConst::False) => Ok(()),
                _ => value_error("MatchSingleton can only contain True, False and None"),
            },
            C::MatchSequence => self.patterns(at, 0, true),
            C::MatchMapping => self.mapping(at),
            C::MatchClass => self.class(at),
            C::MatchStar => {
                if !may_be_star {
                    return value_error("can't use MatchStar here");
                }
                self.capture(self.text(at, 0))
            }
            C::MatchAs => {
                self.capture(self.text(at, 1))?;
                match (self.child(at, 0), self.text(at, 1)) {
                    (None, _) => Ok(()),
                    (Some(_), None) => value_error("MatchAs must specify a target name if a pattern is given"),
                    (Some(pattern), Some(_)) => self.pattern(pattern, false),
                }
            }
            C::MatchOr => {
                if self.n_children(at, 0) < 2 {
                    return value_error("MatchOr requires at least 2 patterns");
                }
                self.patterns(at, 0, false)
            }
            _ => Ok(()),
        }
    }

    fn mapping(&self, at: NodeIdx) -> Checked {
        if self.n_children(at, 0) != self.n_children(at, 1) {
            return value_error("MatchMapping doesn't have the same number of keys as patterns");
        }
        self.capture(self.text(at, 2))?;
        for &key in self.children(at, 0).iter().flatten() {
            let is_singleton = matches!(self.constant(key), Some(RawConst::None | RawConst::True | RawConst::False));
            if !is_singleton {
                self.matched_value(key)?;
            }
        }
        self.patterns(at, 1, false)
    }

    fn class(&self, at: NodeIdx) -> Checked {
        if self.n_children(at, 2) != self.n_children(at, 3) {
            return value_error("MatchClass doesn't have the same number of keyword attributes as patterns");
        }
        self.optional(at, 0)?;
        let mut class = self.child(at, 0);
        while let Some(inner) = class {
            match self.constructor(inner) {
                C::Name => break,
                C::Attribute => class = self.child(inner, 0),
                _ => return value_error("MatchClass cls field can only contain Name or Attribute nodes."),
            }
        }
        if let Content::Names(names) = &self.node(at).fields[2] {
            names.iter().try_for_each(|name| self.name(Some(name)))?;
        }
        self.patterns(at, 1, false)?;
        self.patterns(at, 3, false)
    }

    /// A value that a pattern may compare with.
    fn matched_value(&self, at: NodeIdx) -> Checked {
        self.expression(at, C::Load)?;
        match self.constructor(at) {
            C::Constant => match self.constant(at) {
                Some(
                    RawConst::Int(_)
                    | RawConst::BigInt { .. }
                    | RawConst::Bytes(_)
                    | RawConst::Str(_)
                    | RawConst::Float(_)
                    | RawConst::Complex { .. },
                ) => Ok(()),
                _ => value_error("unexpected constant inside of a literal pattern"),
            },
            C::Attribute | C::JoinedStr => Ok(()),
            C::UnaryOp | C::BinOp if self.is_number(at) => Ok(()),
            _ => value_error("patterns may only match literals and attribute lookups"),
        }
    }

    /// A number, its sign before it, or the sum or difference of a real and an imaginary one.
    fn is_number(&self, at: NodeIdx) -> bool {
        let is_number = |at: NodeIdx, may_be_real: bool, may_be_imaginary: bool| match self.constant(at) {
            Some(RawConst::Int(_) | RawConst::BigInt { .. } | RawConst::Float(_)) => may_be_real,
            Some(RawConst::Complex { .. }) => may_be_imaginary,
            _ => false,
        };
        let is_signed = |at: NodeIdx, may_be_imaginary: bool| match self.constructor(at) {
            C::UnaryOp => {
                let is_minus = self.child(at, 0).is_some_and(|operator| self.constructor(operator) == C::USub);
                is_minus && self.child(at, 1).is_some_and(|operand| is_number(operand, true, may_be_imaginary))
            }
            _ => is_number(at, true, may_be_imaginary),
        };
        if self.constructor(at) != C::BinOp {
            return is_signed(at, true);
        }
        let operator = self.child(at, 1).map(|operator| self.constructor(operator));
        matches!(operator, Some(C::Add | C::Sub))
            && self.child(at, 0).is_some_and(|left| is_signed(left, false))
            && self.child(at, 2).is_some_and(|right| is_number(right, false, true))
    }

    fn capture(&self, name: Option<&str>) -> Checked {
        match name {
            Some("_") => value_error("can't capture name '_' in patterns"),
            name => self.name(name),
        }
    }
}
