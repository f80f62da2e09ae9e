//! What is judged of parts of a source by more than how they follow each other.

use super::super::syntax_error::SyntaxErrorKind;
use super::literal;
use super::parser::{Found, Parser};
use super::report::Place;
use super::token::Kind;

const SYNTAX: SyntaxErrorKind = SyntaxErrorKind::SyntaxError;
/// Statements of Python 2 that are functions now.
const OLD_STATEMENTS: [&[u8]; 2] = [b"print", b"exec"];

/// Where a target stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Assigned,
    Deleted,
    Looped,
}

impl Parser<'_> {
    pub(super) fn judge(&mut self, name: &str, start: usize, parts: &[Found], named: &[Found]) -> Option<Found> {
        match (name, named) {
            ("missing_comma", &[a, b]) => self.missing_comma(a, b),
            ("old_statement", &[a, b]) => {
                if OLD_STATEMENTS.contains(&self.text_of(&self.first(a))) {
                    let name = String::from_utf8_lossy(self.text_of(&self.first(a))).into_owned();
                    let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
                    self.fail(SYNTAX, self.range(a, b), message);
                }
                None
            }
            ("assigned", &[a]) => self.wrong_target(a, Target::Assigned),
            ("deleted", &[a]) => self.wrong_target(a, Target::Deleted),
            ("looped", &[a]) => self.wrong_target(a, Target::Looped),
            ("generator_in_call", &[a, b]) => self.generator_in_call(a, b),
            ("argument_order", &[a]) => {
                let is_unpacked = !self.expressions(a, &["keyword_unpacking"]).is_empty();
                let of = if is_unpacked { "keyword argument unpacking" } else { "keyword argument" };
                self.fail_at_last(SYNTAX, format!("positional argument follows {of}"));
                None
            }
            ("dictionary_key", &[a]) => {
                let (first, last) = (self.first(a), self.last(a));
                let place = Place { line: first.line, column: last.end_column, end_line: last.end_line, end_column: 0 };
                self.fail(SYNTAX, place, "':' expected after dictionary key".to_owned());
                None
            }
            ("bound_of_TypeVarTuple" | "bound_of_ParamSpec", &[a, b]) => {
                let what = if self.kind(b) == "tuple" { "constraints" } else { "bound" };
                let place = Place::from(&self.first(a), &self.lexer);
                self.fail(SYNTAX, place, format!("cannot use {what} with {}", name.trim_start_matches("bound_of_")));
                None
            }
            ("in_string", &[a]) => {
                let message = "invalid syntax. Is this intended to be part of the string?".to_owned();
                self.fail(SYNTAX, self.range(self.first_part(a), self.last_part(a)), message);
                None
            }
            ("parentheses_for", &[a, b]) => {
                let last = self.last_of_list(b);
                let message = "did you forget parentheses around the comprehension target?".to_owned();
                self.fail(SYNTAX, self.range(a, last), message);
                None
            }
            ("pattern_order", &[a]) => {
                let message = "positional patterns follow keyword patterns".to_owned();
                self.fail(SYNTAX, self.range(self.first_part(a), self.last_part(a)), message);
                None
            }
            ("mixed_strings", &[a, b]) => {
                let message = "cannot mix t-string literals with string or bytes literals".to_owned();
                self.fail(SYNTAX, self.range(self.last_part(a), b), message);
                None
            }
            ("string", &[a]) => self.string(a),
            ("strings", &[a]) => self.strings(start, a),
            ("interpolated", _) => self.interpolated(start, parts),
            ("conversion", &[a, b]) => self.conversion(a, b),
            ("real", &[a]) => self.number(a, false),
            ("imaginary", &[a]) => self.number(a, true),
            _ => None,
        }
    }

    pub(super) fn kind(&self, found: Found) -> &'static str {
        self.node_of(found).map_or("", |node| node.kind)
    }

    pub(super) fn expression_name(&self, found: Found) -> String {
        match self.kind(found) {
            "fstring" => "f-string expression".to_owned(),
            "tstring" => "t-string expression".to_owned(),
            "" => "name".to_owned(),
            kind => kind.replace('_', " "),
        }
    }

    /// The expressions in a node that are in no other there; of these kinds only, where kinds are given.
    fn expressions(&self, found: Found, kinds: &[&str]) -> Vec<Found> {
        let mut all = Vec::new();
        if let Some(node) = self.node_of(found) {
            self.collect(&node.parts, &mut all);
        }
        all.retain(|&found| kinds.is_empty() || kinds.contains(&self.kind(found)));
        all
    }

    fn collect(&self, parts: &[Found], all: &mut Vec<Found>) {
        for &part in parts {
            match self.node_of(part) {
                Some(node) if node.kind.is_empty() => self.collect(&node.parts, all),
                Some(_) => all.push(part),
                None => {}
            }
        }
    }

    fn first_part(&self, found: Found) -> Found {
        self.node_of(found).and_then(|node| node.parts.first().copied()).unwrap_or(found)
    }

    fn last_part(&self, found: Found) -> Found {
        self.node_of(found).and_then(|node| node.parts.last().copied()).unwrap_or(found)
    }

    /// The last of a list that may have a comma behind it.
    fn last_of_list(&self, found: Found) -> Found {
        self.last_part(self.first_part(found))
    }

    fn missing_comma(&mut self, a: Found, b: Found) -> Option<Found> {
        let is_old = self.kind(a) == "name" && OLD_STATEMENTS.contains(&self.text_of(&self.first(a)));
        let is_within = self.at > 0 && self.tokens[self.at - 1].level > 0;
        if is_within && !is_old {
            self.fail(SYNTAX, self.range(a, b), "invalid syntax. Perhaps you forgot a comma?".to_owned());
        }
        None
    }

    fn wrong_target(&mut self, found: Found, target: Target) -> Option<Found> {
        let wrong = self.first_wrong_target(found, target)?;
        let verb = if target == Target::Deleted { "delete" } else { "assign to" };
        let message = format!("cannot {verb} {}", self.expression_name(wrong));
        self.fail(SYNTAX, self.range(wrong, wrong), message);
        None
    }

    fn first_wrong_target(&self, found: Found, target: Target) -> Option<Found> {
        match self.kind(found) {
            "list" | "tuple" => {
                self.expressions(found, &[]).into_iter().find_map(|part| self.first_wrong_target(part, target))
            }
            "starred" if target == Target::Deleted => Some(found),
            "starred" => self.expressions(found, &[]).first().and_then(|&part| self.first_wrong_target(part, target)),
            "comparison" if target == Target::Looped => {
                let sides = self.expressions(found, &[]);
                let &[left, right, ..] = &sides[..] else { return None };
                // Behind the parentheses in which the left side stands.
                let mut behind = self.tokens.iter().filter(|token| token.start >= self.last(left).end);
                let operator = behind.find(|token| token.kind.text() != ")")?;
                let is_in = operator.kind.text() == "in" && operator.start < self.first(right).start;
                if is_in { self.first_wrong_target(left, target) } else { None }
            }
            "name" | "subscript" | "attribute" => None,
            _ => Some(found),
        }
    }

    fn generator_in_call(&mut self, arguments: Found, comprehensions: Found) -> Option<Found> {
        let mut positional = self.expressions(arguments, &[]);
        positional.retain(|&found| !self.kind(found).starts_with("keyword"));
        if positional.len() > 1
            && let Some(&last) = positional.last()
        {
            let message = "Generator expression must be parenthesized".to_owned();
            self.fail(SYNTAX, self.range(last, comprehensions), message);
        }
        None
    }

    fn string(&mut self, found: Found) -> Option<Found> {
        let token = self.first(found);
        let literal = literal::Literal::of(self.text_of(&token));
        match literal.mistake() {
            None => Some(self.make_node("literal", self.at - 1, &[])),
            Some(literal::Mistake::NotAscii) => {
                let message = "bytes can only contain ASCII literal characters".to_owned();
                self.fail(SYNTAX, Place::of(&token, &token), message);
                None
            }
            Some(literal::Mistake::Escape(message)) => {
                self.fail_at_last(SYNTAX, message);
                None
            }
        }
    }

    /// Literals that stand side by side.
    fn strings(&mut self, start: usize, all: Found) -> Option<Found> {
        let parts = self.node_of(all).map(|node| node.parts.to_vec()).unwrap_or_default();
        let is_bytes = |found: &Found| {
            let token = self.first(*found);
            token.kind == Kind::STRING && literal::Literal::of(self.text_of(&token)).is_bytes
        };
        let n_bytes = parts.iter().filter(|part| is_bytes(part)).count();
        if n_bytes > 0 && n_bytes < parts.len() {
            self.fail_at_last(SYNTAX, "cannot mix bytes and nonbytes literals".to_owned());
            return None;
        }
        let kind = parts.iter().map(|&part| self.kind(part)).find(|&kind| kind != "literal").unwrap_or("literal");
        Some(self.make_node(kind, start, &[]))
    }

    /// A string with fields has been read; are its texts right?
    fn interpolated(&mut self, start: usize, parts: &[Found]) -> Option<Found> {
        let opening = self.tokens[start];
        let is_raw = self.text_of(&opening).iter().any(|byte| byte.eq_ignore_ascii_case(&b'r'));
        let middles = parts.get(1).and_then(|&found| self.node_of(found)).map(|node| node.parts.to_vec());
        for found in middles.unwrap_or_default() {
            let token = self.first(found);
            let is_text = matches!(token.kind, Kind::FSTRING_MIDDLE | Kind::TSTRING_MIDDLE);
            if is_text
                && !is_raw
                && let Some(message) = literal::wrong_escape(self.text_of(&token))
            {
                self.fail_at_last(SYNTAX, message);
                return None;
            }
        }
        let kind = if opening.kind == Kind::TSTRING_START { "tstring" } else { "fstring" };
        Some(self.make_node(kind, start, &[]))
    }

    fn conversion(&mut self, mark: Found, name: Found) -> Option<Found> {
        let (mark, name_token) = (self.first(mark), self.first(name));
        let letter = match self
            .tokens
            .iter()
            .rev()
            .find(|token| token.kind == Kind::TSTRING_START || token.kind == Kind::FSTRING_START)
        {
            Some(token) if token.kind == Kind::TSTRING_START => 't',
            _ => 'f',
        };
        if mark.line != name_token.line || mark.end_column != name_token.column {
            let message = format!("{letter}-string: conversion type must come right after the exclamation mark");
            self.fail(SYNTAX, Place::of(&mark, &name_token), message);
            return None;
        }
        let text = String::from_utf8_lossy(self.text_of(&name_token)).into_owned();
        if !matches!(&text[..], "s" | "r" | "a") {
            let message = format!("{letter}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
            self.fail(SYNTAX, Place::of(&name_token, &name_token), message);
            return None;
        }
        Some(name)
    }

    /// The number of a complex one's part.
    fn number(&mut self, found: Found, wants_imaginary: bool) -> Option<Found> {
        let token = self.first(found);
        let is_imaginary = self.text_of(&token).last().is_some_and(|byte| byte.eq_ignore_ascii_case(&b'j'))
            && !self.text_of(&token).starts_with(b"0x");
        if is_imaginary != wants_imaginary {
            let kind = if wants_imaginary { "imaginary" } else { "real" };
            let message = format!("{kind} number required in complex literal");
            self.fail(SYNTAX, Place::of(&token, &token), message);
            return None;
        }
        Some(found)
    }
}
