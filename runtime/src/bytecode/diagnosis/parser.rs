//! Goes through a source by the grammar, as CPython's parser does: once without the rules for mistakes, to find how far it is right,
//! and once with them, to find what may have been meant.

use std::collections::HashMap;

use super::super::syntax_error::SyntaxErrorKind;
use super::lexer::Lexer;
use super::notation::{Action, Alternative, Grammar, Item, RuleIdx, Spot};
use super::report::{Place, Report};
use super::token::{Kind, Token};

/// Words that are keywords in places.
const WORDS: [&[u8]; 4] = [b"_", b"case", b"match", b"type"];
/// Who needs more than so many steps gives up.
const MAX_STEPS: usize = 10_000_000;
const MAX_DEPTH: usize = 6000;

/// A token or a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found(u32);

impl Found {
    /// What an option gives that is not there, and a lookahead.
    pub const NOTHING: Found = Found(0);
    const TOKEN: u32 = 1 << 31;

    pub fn is_nothing(self) -> bool {
        self == Found::NOTHING
    }
}

pub struct Node {
    /// What CPython calls such an expression, with underscores; empty where it is none.
    pub kind: &'static str,
    first: u32,
    last: u32,
    pub parts: Box<[Found]>,
}

pub struct Parser<'s> {
    grammar: &'s Grammar,
    pub lexer: Lexer<'s>,
    is_file: bool,
    is_single: bool,
    /// Has it begun since the last token that was made up?
    has_begun: bool,
    implies_dedent: bool,
    pub tokens: Vec<Token>,
    nodes: Vec<Node>,
    pub at: usize,
    kept: HashMap<(RuleIdx, u32), (Option<Found>, u32)>,
    looks_for_mistakes: bool,
    pub error: Option<Report>,
    n_steps: usize,
    depth: usize,
    gave_up: bool,
}

/// What came of it.
pub enum Outcome {
    /// There is nothing wrong that the grammar knows of.
    Right,
    GaveUp,
    Wrong {
        report: Report,
        /// Ended the source before the parser was content?
        is_incomplete: bool,
    },
}

impl<'s> Parser<'s> {
    pub fn new(
        grammar: &'s Grammar,
        text: &'s [u8],
        is_file: bool,
        is_single: bool,
        implies_dedent: bool,
    ) -> Parser<'s> {
        Parser {
            grammar,
            lexer: Lexer::new(text),
            is_file,
            is_single,
            has_begun: false,
            implies_dedent,
            tokens: Vec::new(),
            nodes: vec![Node { kind: "", first: 0, last: 0, parts: Box::default() }],
            at: 0,
            kept: HashMap::new(),
            looks_for_mistakes: false,
            error: None,
            n_steps: 0,
            depth: 0,
            gave_up: false,
        }
    }

    pub fn run(mut self, start: &str) -> Outcome {
        let start = self.grammar.rule(start);
        if self.rule(start).is_some() && self.error.is_none() {
            if self.is_single && self.has_another_statement() {
                let message = "multiple statements found while compiling a single statement".to_owned();
                self.fail_at_last(SyntaxErrorKind::SyntaxError, message);
            }
            return match self.error.take() {
                Some(report) => Outcome::Wrong { report, is_incomplete: false },
                None => Outcome::Right,
            };
        }
        let is_incomplete = self.lexer.is_at_end || self.lexer.is_in_string;
        let last = self.tokens.last().copied();
        if self.error.is_none() && !self.gave_up {
            self.at = 0;
            self.kept.clear();
            self.looks_for_mistakes = true;
            self.rule(start);
        }
        if self.gave_up {
            return Outcome::GaveUp;
        }
        let is_reported = self.error.is_some();
        let Some(report) = self.error.take().or_else(|| Some(self.generic(&last?))) else { return Outcome::GaveUp };
        let looks_on = !is_reported && !matches!(last, Some(Token { kind: Kind::INDENT | Kind::DEDENT, .. }));
        let is_lexer_content = !self.lexer.is_at_end && !self.has_fault();
        let report = match looks_on || is_reported && is_lexer_content {
            true => self.rest_of_source(report),
            false => report,
        };
        Outcome::Wrong { report, is_incomplete }
    }

    /// Is there more behind what was read than blanks and comments?
    fn has_another_statement(&self) -> bool {
        let rest = self.lexer.text[self.lexer.at..].split(|&byte| byte == b'\n');
        let mut bodies = rest.map(<[u8]>::trim_ascii_start);
        bodies.any(|body| !body.is_empty() && !body.starts_with(b"#"))
    }

    fn has_fault(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.kind == Kind::FAULT)
    }

    fn generic(&self, last: &Token) -> Report {
        let (kind, message) = match last.kind {
            Kind::INDENT => (SyntaxErrorKind::IndentationError, "unexpected indent"),
            Kind::DEDENT => (SyntaxErrorKind::IndentationError, "unexpected unindent"),
            _ => (SyntaxErrorKind::SyntaxError, "invalid syntax"),
        };
        let place = match kind {
            SyntaxErrorKind::SyntaxError => Place::of(last, last),
            _ => Place::of_token(self.tokens.last().unwrap_or(last), &self.lexer),
        };
        Report::new(&self.lexer, self.is_file, kind, place, message.to_owned())
    }

    /// An error of the lexer's further on counts for more, as does a bracket that is open from an earlier line.
    fn rest_of_source(&mut self, report: Report) -> Report {
        let line = self.tokens.last().map_or(0, |token| token.line);
        let found = loop {
            let (token, fault) = self.lexer.next_token();
            match fault {
                Some(super::lexer::Fault::Reported(other)) => break Some(other),
                Some(_) => {
                    let is_earlier = self.lexer.brackets.last().is_some_and(|bracket| line > bracket.line);
                    break Report::of_unclosed(&self.lexer, self.is_file).filter(|_| is_earlier);
                }
                None if token.kind == Kind::END => break None,
                None => {}
            }
        };
        // Within a field of a string what is wrong there counts.
        found.filter(|_| self.lexer.strings.is_empty()).unwrap_or(report)
    }

    /// The token at `at`.
    pub fn peek(&mut self) -> Option<Token> {
        while self.at >= self.tokens.len() {
            self.read_token()?;
        }
        Some(self.tokens[self.at])
    }

    fn read_token(&mut self) -> Option<()> {
        if self.error.is_some() {
            return None;
        }
        let (mut token, fault) = self.lexer.next_token();
        if self.is_single && token.kind == Kind::END && self.has_begun {
            token.kind = Kind::NEWLINE;
            self.has_begun = false;
            let n_blocks = self.lexer.indents.len() - 1;
            if n_blocks > 0 && self.implies_dedent {
                self.lexer.pending = -(n_blocks as i32);
                self.lexer.indents.truncate(1);
            }
        } else {
            self.has_begun = true;
        }
        self.tokens.push(token);
        match fault {
            None => Some(()),
            Some(fault) => {
                self.error = Some(Report::of_fault(fault, &token, &self.lexer, self.is_file));
                None
            }
        }
    }

    pub fn text_of(&self, token: &Token) -> &'s [u8] {
        &self.lexer.text[token.start..token.end]
    }

    fn rule(&mut self, rule: RuleIdx) -> Option<Found> {
        self.n_steps += 1;
        if self.error.is_some() || self.gave_up {
            return None;
        }
        if self.n_steps > MAX_STEPS || self.depth > MAX_DEPTH {
            self.gave_up = true;
            return None;
        }
        let grammar = self.grammar;
        let known = &grammar.rules[usize::from(rule)];
        if known.is_plain {
            let looked = std::mem::replace(&mut self.looks_for_mistakes, false);
            let found = self.alternatives(&known.alternatives);
            self.looks_for_mistakes = looked;
            return found;
        }
        if !known.is_kept && !known.is_left_recursive {
            return self.alternatives(&known.alternatives);
        }
        let start = self.at;
        let key = (rule, start as u32);
        if let Some(&(found, end)) = self.kept.get(&key) {
            self.at = end as usize;
            return found;
        }
        if !known.is_left_recursive {
            let found = self.alternatives(&known.alternatives);
            self.kept.insert(key, (found, self.at as u32));
            return found;
        }
        let (mut best, mut best_end) = (None, start);
        loop {
            self.kept.insert(key, (best, best_end as u32));
            self.at = start;
            let found = self.alternatives(&known.alternatives);
            if self.error.is_some() || found.is_none() || self.at <= best_end {
                break;
            }
            (best, best_end) = (found, self.at);
        }
        self.at = best_end;
        best
    }

    fn alternatives(&mut self, alternatives: &'s [Alternative]) -> Option<Found> {
        self.depth += 1;
        let found = self.first_that_fits(alternatives);
        self.depth -= 1;
        found
    }

    fn first_that_fits(&mut self, alternatives: &'s [Alternative]) -> Option<Found> {
        let start = self.at;
        for alternative in alternatives {
            if alternative.is_for_mistakes && !self.looks_for_mistakes {
                continue;
            }
            let mut is_cut = false;
            let mut parts: Vec<Found> = Vec::with_capacity(alternative.parts.len());
            let mut fits = true;
            for part in &alternative.parts {
                if matches!(part.item, Item::Cut) {
                    is_cut = true;
                    parts.push(Found::NOTHING);
                    continue;
                }
                match self.item(&part.item) {
                    Some(found) => parts.push(found),
                    None => {
                        fits = false;
                        break;
                    }
                }
                if self.error.is_some() || self.gave_up {
                    return None;
                }
            }
            if fits {
                return self.act(alternative, start, &parts);
            }
            if self.error.is_some() || self.gave_up {
                return None;
            }
            self.at = start;
            if is_cut {
                return None;
            }
        }
        None
    }

    fn item(&mut self, item: &'s Item) -> Option<Found> {
        match item {
            Item::Token(kind) => self.token_where(|_, token| token.kind == *kind),
            Item::Word(word) => {
                self.token_where(|parser, token| token.kind == Kind::NAME && parser.text_of(token) == word.as_bytes())
            }
            Item::AnyWord => {
                self.token_where(|parser, token| token.kind == Kind::NAME && WORDS.contains(&parser.text_of(token)))
            }
            Item::Rule(rule) => self.rule(*rule),
            Item::Maybe(item) => {
                let start = self.at;
                self.item(item).or_else(|| {
                    self.at = start;
                    Some(Found::NOTHING)
                })
            }
            Item::Many(item) => self.repeated(item, None, false),
            Item::Some(item) => self.repeated(item, None, true),
            Item::Separated(separator, item) => self.repeated(item, Some(separator), true),
            Item::Ahead(item) => self.look_ahead(item).then_some(Found::NOTHING),
            Item::NotAhead(item) => (!self.look_ahead(item)).then_some(Found::NOTHING),
            Item::Forced(kind) => {
                let token = self.peek()?;
                if token.kind != *kind {
                    let message = format!("expected '{}'", kind.text());
                    self.fail(SyntaxErrorKind::SyntaxError, Place::of(&token, &token), message);
                    return None;
                }
                self.token_where(|_, _| true)
            }
            Item::Choice(alternatives) => self.alternatives(alternatives),
            Item::Cut => Some(Found::NOTHING),
        }
    }

    fn token_where(&mut self, fits: impl Fn(&Self, &Token) -> bool) -> Option<Found> {
        let token = self.peek()?;
        if !fits(self, &token) {
            return None;
        }
        self.at += 1;
        Some(Found(Found::TOKEN | (self.at as u32 - 1)))
    }

    fn look_ahead(&mut self, item: &'s Item) -> bool {
        let start = self.at;
        let found = self.item(item).is_some();
        self.at = start;
        found
    }

    fn repeated(&mut self, item: &'s Item, separator: Option<&'s Item>, needs_one: bool) -> Option<Found> {
        let first = self.at;
        let mut parts = Vec::new();
        loop {
            let start = self.at;
            let goes_on = parts.is_empty() || separator.is_none_or(|separator| self.item(separator).is_some());
            match goes_on.then(|| self.item(item)).flatten() {
                Some(part) => parts.push(part),
                None => {
                    self.at = start;
                    break;
                }
            }
        }
        if self.error.is_some() || needs_one && parts.is_empty() {
            return None;
        }
        Some(self.node("", first, parts.into()))
    }

    fn node(&mut self, kind: &'static str, start: usize, parts: Box<[Found]>) -> Found {
        let last = (start + 1..self.at).rev().find(|&at| !self.tokens[at].kind.is_layout()).unwrap_or(start);
        self.nodes.push(Node { kind, first: start as u32, last: last as u32, parts });
        Found(self.nodes.len() as u32 - 1)
    }

    fn act(&mut self, alternative: &'s Alternative, start: usize, parts: &[Found]) -> Option<Found> {
        let labelled = |label: u8| {
            let at = alternative.parts.iter().position(|part| part.label == Some(label));
            at.map_or(Found::NOTHING, |at| parts[at])
        };
        match &alternative.action {
            Action::Group => {
                if let Some(at) = alternative.parts.iter().position(|part| part.is_result) {
                    return Some(parts[at]);
                }
                if let [only] = parts {
                    return Some(*only);
                }
                Some(self.node("", start, parts.into()))
            }
            Action::Node(kind) => Some(self.node(kind, start, parts.into())),
            Action::Judge(name, labels) => {
                let named: Vec<Found> = labels.iter().map(|&label| labelled(label)).collect();
                self.judge(name, start, parts, &named)
            }
            Action::Error(spot, message) => {
                let message = self.filled(message, &labelled);
                self.fail_at(spot, message, &labelled);
                None
            }
        }
    }

    /// The message with what stands in braces: `{x}` is what kind of expression it is, `{text x}` its text, `{line x}` its line.
    fn filled(&self, message: &str, labelled: &dyn Fn(u8) -> Found) -> String {
        let mut filled = message.to_owned();
        for label in [b'a', b'b'] {
            let (found, name) = (labelled(label), char::from(label));
            if found.is_nothing() {
                continue;
            }
            let token = self.first(found);
            filled = filled.replace(&format!("{{{name}}}"), &self.expression_name(found));
            filled = filled.replace(&format!("{{line {name}}}"), &token.line.to_string());
            filled = filled.replace(&format!("{{text {name}}}"), &String::from_utf8_lossy(self.text_of(&token)));
        }
        filled
    }

    fn fail_at(&mut self, spot: &Spot, message: String, labelled: &dyn Fn(u8) -> Found) {
        let place = match spot {
            Spot::At(label) => self.range(labelled(*label), labelled(*label)),
            Spot::Range(first, last) => self.range(labelled(*first), labelled(*last)),
            Spot::From(label) => Place::from(&self.first(labelled(*label)), &self.lexer),
            Spot::Last => return self.fail_at_last(SyntaxErrorKind::SyntaxError, message),
            Spot::Indent => return self.fail_at_last(SyntaxErrorKind::IndentationError, message),
            Spot::Next => {
                let Some(token) = self.peek() else { return };
                Place::of_token(&token, &self.lexer)
            }
        };
        self.fail(SyntaxErrorKind::SyntaxError, place, message);
    }

    pub fn fail(&mut self, kind: SyntaxErrorKind, place: Place, message: String) {
        if self.error.is_none() {
            self.error = Some(Report::new(&self.lexer, self.is_file, kind, place, message));
        }
    }

    /// At the last token that was read.
    pub fn fail_at_last(&mut self, kind: SyntaxErrorKind, message: String) {
        if let Some(token) = self.tokens.last() {
            let place = Place::of_token(token, &self.lexer);
            self.fail(kind, place, message);
        }
    }

    pub fn range(&self, first: Found, last: Found) -> Place {
        Place::of(&self.first(first), &self.last(last))
    }

    pub fn first(&self, found: Found) -> Token {
        self.tokens[if found.0 & Found::TOKEN != 0 {
            (found.0 & !Found::TOKEN) as usize
        } else {
            self.nodes[found.0 as usize].first as usize
        }]
    }

    pub fn last(&self, found: Found) -> Token {
        self.tokens[if found.0 & Found::TOKEN != 0 {
            (found.0 & !Found::TOKEN) as usize
        } else {
            self.nodes[found.0 as usize].last as usize
        }]
    }

    pub fn node_of(&self, found: Found) -> Option<&Node> {
        (found.0 & Found::TOKEN == 0).then(|| &self.nodes[found.0 as usize])
    }

    pub fn make_node(&mut self, kind: &'static str, start: usize, parts: &[Found]) -> Found {
        self.node(kind, start, parts.into())
    }
}
