//! Text to tokens, as far as the lines go that have come.

use super::strings::{Interpolated, OpenString};
use std::collections::VecDeque;

/// The numbers of the kinds of token, as in the module `token`.
pub mod kind {
    pub const ENDMARKER: u8 = 0;
    pub const NAME: u8 = 1;
    pub const NUMBER: u8 = 2;
    pub const STRING: u8 = 3;
    pub const NEWLINE: u8 = 4;
    pub const INDENT: u8 = 5;
    pub const DEDENT: u8 = 6;
    pub const OP: u8 = 55;
    /// Start, middle and end; those of templates follow.
    pub const FSTRING_START: u8 = 59;
    pub const FSTRING_MIDDLE: u8 = 60;
    pub const FSTRING_END: u8 = 61;
    pub const COMMENT: u8 = 65;
    pub const NL: u8 = 66;
}

/// Places are line, from 1, and column, from 0, in characters.
pub struct Token {
    pub kind: u8,
    pub text: String,
    pub start: (usize, i64),
    pub end: (usize, i64),
    /// The lines that it stands on.
    pub line: String,
}

#[derive(Clone, Copy)]
pub enum FaultKind {
    Syntax,
    Indentation,
    Tabs,
}

pub struct FaultPlace {
    pub line: usize,
    pub offset: usize,
    pub has_end: bool,
    pub text: String,
}

pub struct Fault {
    pub kind: FaultKind,
    pub message: String,
    pub place: Option<FaultPlace>,
}

pub enum Step {
    Token(Token),
    /// Go on when `feed` was called.
    NeedsLine,
    Fault(Fault),
    End,
}

/// What scanning a token comes to.
pub type Scanned = Result<(), Stop>;

pub enum Stop {
    NeedsLine,
    Fault(Fault),
}

const TAB_SIZE: usize = 8;
/// Levels of indentation, the outermost included.
const MAX_INDENTS: usize = 100;

pub struct Scanner {
    pub text: Vec<char>,
    /// One for each line that has come.
    pub line_starts: Vec<usize>,
    pub at: usize,
    pub is_eof: bool,
    /// Where lines end that have no end of their own.
    implicit_ends: Vec<usize>,
    /// Where a comment began that ends the line, if that is of interest.
    comment: Option<usize>,
    /// Comments and empty lines are tokens, and operators one kind of token.
    pub is_extra: bool,
    is_at_line_start: bool,
    /// Columns with tabs of eight and of one.
    indents: Vec<(usize, usize)>,
    pub ready: VecDeque<Token>,
    /// Those that are open, with their lines.
    pub brackets: Vec<(char, usize)>,
    pub interpolated: Vec<Interpolated>,
    pub open_string: Option<OpenString>,
    is_done: bool,
    /// The last line has a character that no source may have.
    has_null: bool,
}

impl Scanner {
    pub fn new(is_extra: bool) -> Scanner {
        Scanner {
            text: Vec::new(),
            line_starts: Vec::new(),
            at: 0,
            is_eof: false,
            implicit_ends: Vec::new(),
            comment: None,
            is_extra,
            is_at_line_start: true,
            indents: Vec::new(),
            ready: VecDeque::new(),
            brackets: Vec::new(),
            interpolated: Vec::new(),
            open_string: None,
            is_done: false,
            has_null: false,
        }
    }

    /// The next line; an empty one is the end.
    pub fn feed(&mut self, line: &[char]) {
        if line.is_empty() {
            self.is_eof = true;
            return;
        }
        self.line_starts.push(self.text.len());
        self.has_null |= line.contains(&'\0');
        self.text.extend_from_slice(line);
        if line.last() != Some(&'\n') {
            self.implicit_ends.push(self.text.len());
            self.text.push('\n');
        }
    }

    pub fn step(&mut self) -> Step {
        loop {
            if let Some(token) = self.ready.pop_front() {
                return Step::Token(token);
            }
            if self.is_done {
                return Step::End;
            }
            match self.scan() {
                Ok(()) => {}
                Err(Stop::NeedsLine) => return Step::NeedsLine,
                Err(Stop::Fault(fault)) => return Step::Fault(fault),
            }
        }
    }

    pub fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    /// Where there are no characters left: a line is needed, unless there are none.
    pub fn needs_more(&self) -> Scanned {
        if self.at >= self.text.len() && !self.is_eof { Err(Stop::NeedsLine) } else { Ok(()) }
    }

    /// The line, from 1, of a character; one behind the last where there is none.
    pub fn line_of(&self, at: usize) -> usize {
        if at >= self.text.len() {
            return self.line_starts.len() + 1;
        }
        self.line_starts.partition_point(|&start| start <= at)
    }

    pub fn place(&self, at: usize) -> (usize, i64) {
        let line = self.line_of(at);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(self.text.len());
        (line, (at - start) as i64)
    }

    /// The text of some lines, from 1, without an end that is not there.
    pub fn lines(&self, first: usize, last: usize) -> String {
        let Some(&start) = self.line_starts.get(first - 1) else { return String::new() };
        let mut end = self.line_starts.get(last).copied().unwrap_or(self.text.len());
        if end > start && self.is_implicit_end(end - 1) {
            end -= 1;
        }
        self.text[start..end].iter().collect()
    }

    fn is_implicit_end(&self, at: usize) -> bool {
        self.implicit_ends.binary_search(&at).is_ok()
    }

    pub fn text_of(&self, start: usize, end: usize) -> String {
        self.text[start..end].iter().collect()
    }

    /// A token of a range of characters.
    pub fn push(&mut self, kind: u8, start: usize, end: usize) {
        let (from, last) = (self.place(start), self.line_of(end.saturating_sub(1).max(start)));
        // What ends with a line's end ends in the next line's first column.
        let to = if end > start && self.text[end - 1] == '\n' && kind != kind::NEWLINE && kind != kind::NL {
            (self.line_of(end - 1) + 1, 0)
        } else {
            let line = self.line_of(end.saturating_sub(1).max(start));
            (line, (end - self.line_starts[line - 1]) as i64)
        };
        let last = if to.0 > last && to.0 <= self.line_starts.len() { to.0 } else { last };
        let token =
            Token { kind, text: self.text_of(start, end), start: from, end: to, line: self.lines(from.0, last) };
        self.ready.push_back(token);
    }

    pub fn fault(&self, kind: FaultKind, message: impl Into<String>, place: Option<FaultPlace>) -> Stop {
        Stop::Fault(Fault { kind, message: message.into(), place })
    }

    /// A fault of the characters before `end`.
    pub fn fault_at(&self, message: impl Into<String>, end: usize) -> Stop {
        let line = self.line_of(end.saturating_sub(1));
        let offset = end - self.line_starts[line - 1];
        let place = FaultPlace { line, offset, has_end: true, text: self.line_text(line) };
        self.fault(FaultKind::Syntax, message, Some(place))
    }

    /// A fault of a whole line.
    pub fn fault_of_line(&self, kind: FaultKind, message: &str) -> Stop {
        let line = self.line_of(self.at);
        let text = self.lines(line, line);
        let place = FaultPlace { line, offset: text.chars().count(), has_end: false, text: self.line_text(line) };
        self.fault(kind, message, Some(place))
    }

    pub fn line_text(&self, line: usize) -> String {
        self.lines(line, line).trim_end_matches(['\n', '\r']).to_owned()
    }

    pub fn is_inside(&self) -> bool {
        !self.brackets.is_empty() || self.interpolated.iter().any(|string| !string.braces.is_empty())
    }

    fn scan(&mut self) -> Scanned {
        if self.open_string.is_some() {
            return self.scan_string();
        }
        if self.interpolated.last().is_some_and(|string| string.is_in_text()) {
            return self.scan_middle();
        }
        self.needs_more()?;
        if self.has_null {
            let message = "source code cannot contain null bytes";
            let place = FaultPlace { line: self.line_starts.len(), offset: 0, has_end: true, text: String::new() };
            return Err(self.fault(FaultKind::Syntax, message, Some(place)));
        }
        if self.at >= self.text.len() {
            return self.finish();
        }
        if std::mem::take(&mut self.is_at_line_start) && !self.is_inside() {
            return self.scan_indentation();
        }
        self.scan_token()
    }

    fn finish(&mut self) -> Scanned {
        if self.is_inside() {
            return Err(self.fault(FaultKind::Syntax, "unexpected EOF in multi-line statement", None));
        }
        let (line, col) = if self.is_extra { (self.line_starts.len() + 1, 0) } else { (self.line_starts.len(), -1) };
        let at_end =
            |kind, text: String| Token { kind, text: String::new(), start: (line, col), end: (line, col), line: text };
        while self.indents.pop().is_some() {
            self.ready.push_back(at_end(kind::DEDENT, String::new()));
        }
        let last = if self.is_extra { String::new() } else { self.lines(line.max(1), line.max(1)) };
        self.ready.push_back(at_end(kind::ENDMARKER, last));
        self.is_done = true;
        Ok(())
    }

    fn scan_indentation(&mut self) -> Scanned {
        let start = self.at;
        let (mut col, mut alternative) = (0, 0);
        loop {
            match self.peek(0) {
                Some(' ') => (col, alternative) = (col + 1, alternative + 1),
                Some('\t') => (col, alternative) = ((col / TAB_SIZE + 1) * TAB_SIZE, alternative + 1),
                Some('\x0c') => (col, alternative) = (0, 0),
                _ => break,
            }
            self.at += 1;
        }
        // Empty lines say nothing of the indentation.
        if matches!(self.peek(0), Some('#' | '\n')) || self.peek(0) == Some('\r') && self.peek(1) == Some('\n') {
            return self.scan_empty_line();
        }
        let (before, before_alternative) = self.indents.last().copied().unwrap_or_default();
        let tabs = "inconsistent use of tabs and spaces in indentation";
        if col == before {
            if alternative != before_alternative {
                return Err(self.fault_of_line(FaultKind::Tabs, tabs));
            }
            return Ok(());
        }
        if col > before {
            if alternative <= before_alternative {
                return Err(self.fault_of_line(FaultKind::Tabs, tabs));
            }
            if self.indents.len() + 1 == MAX_INDENTS {
                return Err(self.fault_of_line(FaultKind::Indentation, "too many levels of indentation"));
            }
            self.indents.push((col, alternative));
            let mut token = self.token_here(kind::INDENT, start, self.at);
            if self.is_extra {
                token.text = self.text_of(start, self.at);
            } else {
                (token.start, token.end) = ((token.start.0, -1), (token.end.0, -1));
            }
            self.ready.push_back(token);
            return Ok(());
        }
        while self.indents.last().is_some_and(|&(outer, _)| outer > col) {
            self.indents.pop();
            let mut token = self.token_here(kind::DEDENT, self.at, self.at);
            if !self.is_extra {
                (token.start, token.end) = ((token.start.0, -1), (token.end.0, -1));
            }
            self.ready.push_back(token);
        }
        let (outer, outer_alternative) = self.indents.last().copied().unwrap_or_default();
        if outer != col {
            self.ready.clear();
            let message = "unindent does not match any outer indentation level";
            return Err(self.fault_of_line(FaultKind::Indentation, message));
        }
        if outer_alternative != alternative {
            self.ready.clear();
            return Err(self.fault_of_line(FaultKind::Tabs, tabs));
        }
        Ok(())
    }

    /// A token without text at a place of the line.
    fn token_here(&self, kind: u8, start: usize, end: usize) -> Token {
        let (start, end) = (self.place(start), self.place(end));
        Token { kind, text: String::new(), start, end, line: self.lines(start.0, start.0) }
    }

    fn scan_empty_line(&mut self) -> Scanned {
        if self.peek(0) == Some('#') {
            self.scan_comment();
        }
        self.scan_line_end(kind::NL);
        Ok(())
    }

    pub fn scan_comment(&mut self) {
        let start = self.at;
        while !matches!(self.peek(0), None | Some('\n')) {
            self.at += 1;
        }
        if self.at > start && self.text[self.at - 1] == '\r' {
            self.at -= 1;
        }
        if self.is_extra {
            self.push(kind::COMMENT, start, self.at);
        } else {
            self.comment = Some(start);
        }
    }

    /// The end of a line, which is a token of that kind.
    pub fn scan_line_end(&mut self, kind: u8) {
        self.is_at_line_start = true;
        let start = self.at;
        while self.peek(0) == Some('\r') {
            self.at += 1;
        }
        self.at += 1;
        let is_implicit = self.is_implicit_end(self.at - 1);
        let comment = self.comment.take();
        if !self.is_extra {
            if kind == kind::NEWLINE {
                // A comment before it belongs to it.
                let from = comment.unwrap_or(start);
                let mut token = self.token_here(kind, from, start);
                token.text = self.text_of(from, start);
                self.ready.push_back(token);
            }
            return;
        }
        if is_implicit {
            let mut token = self.token_here(kind, start, start);
            token.end.1 += 1;
            self.ready.push_back(token);
        } else {
            self.push(kind, start, self.at);
        }
    }
}
