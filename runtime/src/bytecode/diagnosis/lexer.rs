//! Tokens one by one, and what is wrong where there is none, as CPython's parser is told.
//!
//! A source is read line by line, for an error shows the line that was read last.

use super::super::syntax_error::SyntaxErrorKind;
use super::report::{Report, n_chars};
use super::token::{Kind, Token};

/// So many blocks may be within each other.
const MAX_INDENTS: usize = 100;
const MAX_BRACKETS: usize = 200;

/// Why there is no token.
#[derive(Debug)]
pub enum Fault {
    Reported(Report),
    /// The source ends within something.
    End,
    Tabs,
    TooDeep,
    Dedent,
    Continuation,
}

pub type Scanned<T = Kind> = Result<T, Fault>;

pub struct Bracket {
    pub opening: u8,
    pub line: u32,
    pub column: i32,
}

/// An f-string or a t-string that is being read.
pub struct Interpolated {
    pub letter: char,
    pub quote: u8,
    pub n_quotes: usize,
    pub start: usize,
    pub line_start: usize,
    pub line: u32,
    pub is_raw: bool,
    pub is_template: bool,
    /// Is its text read, and not an expression?
    pub in_text: bool,
    pub in_format: bool,
    pub in_debug: bool,
    pub n_open: i32,
    /// How many fields within each other are read, less one.
    pub field: i32,
}

pub struct Lexer<'s> {
    pub text: &'s [u8],
    pub at: usize,
    /// Behind the line that was read last.
    pub line_end: usize,
    pub line_start: usize,
    /// The start of the lines that a backslash joins to the one that was read last, or a string.
    pub joined_from: usize,
    pub line: u32,
    pub is_at_end: bool,
    /// Ended it within a string?
    pub is_in_string: bool,
    pub token_start: Option<usize>,
    /// Where the string began that is read.
    pub first_line: u32,
    pub first_line_start: usize,
    pub brackets: Vec<Bracket>,
    pub strings: Vec<Interpolated>,
    begins_line: bool,
    pub indents: Vec<(usize, usize)>,
    /// Blocks to begin, or to end where negative.
    pub pending: i32,
}

impl<'s> Lexer<'s> {
    pub fn new(text: &'s [u8]) -> Lexer<'s> {
        Lexer {
            text,
            at: 0,
            line_end: 0,
            line_start: 0,
            joined_from: 0,
            line: 0,
            is_at_end: false,
            is_in_string: false,
            token_start: None,
            first_line: 0,
            first_line_start: 0,
            brackets: Vec::new(),
            strings: Vec::new(),
            begins_line: true,
            indents: vec![(0, 0)],
            pending: 0,
        }
    }

    /// The next token. After a fault there is none.
    pub fn next_token(&mut self) -> (Token, Option<Fault>) {
        self.token_start = None;
        let mut span = None;
        let scanned = match self.strings.last() {
            Some(string) if string.in_text => self.string_part(&mut span),
            _ => self.normal_token(&mut span),
        };
        let (kind, fault) = match scanned {
            Ok(kind) => (kind, None),
            Err(fault) => (Kind::FAULT, Some(fault)),
        };
        (self.token(kind, span), fault)
    }

    fn token(&self, kind: Kind, span: Option<(usize, usize)>) -> Token {
        let (line, line_start) = match kind.has_lines() {
            true => (self.first_line, self.first_line_start),
            false => (self.line, self.line_start),
        };
        let column = |place: Option<usize>, from: usize| match place {
            Some(place) if place >= from => (place - from) as i32,
            _ => -1,
        };
        let (start, end) = span.unwrap_or((self.at, self.at));
        Token {
            kind,
            line,
            column: column(span.map(|span| span.0), line_start),
            end_line: self.line,
            end_column: column(span.map(|span| span.1), self.line_start),
            start,
            end,
            level: self.brackets.len(),
        }
    }

    pub fn next_byte(&mut self) -> Option<u8> {
        if self.at == self.line_end && !self.read_line() {
            return None;
        }
        self.at += 1;
        Some(self.text[self.at - 1])
    }

    pub fn back(&mut self, byte: Option<u8>) {
        if byte.is_some() {
            self.at -= 1;
        }
    }

    fn read_line(&mut self) -> bool {
        if self.line_end == self.text.len() {
            self.is_at_end = true;
            return false;
        }
        if self.token_start.is_none() {
            self.joined_from = self.at;
        }
        self.line_start = self.at;
        self.line += 1;
        let rest = &self.text[self.at..];
        self.line_end = self.at + rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
        true
    }

    /// An error at what was read last.
    pub fn fault<T>(&self, message: impl Into<String>) -> Scanned<T> {
        let offset = n_chars(&self.text[self.line_start..self.at]) as i32;
        self.fault_within(offset, offset, message)
    }

    pub fn fault_within<T>(&self, offset: i32, end_offset: i32, message: impl Into<String>) -> Scanned<T> {
        let rest = &self.text[self.line_start..];
        let line = &rest[..rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len())];
        Err(Fault::Reported(Report {
            kind: SyntaxErrorKind::SyntaxError,
            message: message.into(),
            line: self.line,
            offset,
            end_line: self.line,
            end_offset,
            text: String::from_utf8_lossy(line).into_owned(),
        }))
    }

    fn normal_token(&mut self, span: &mut Option<(usize, usize)>) -> Scanned {
        loop {
            self.token_start = None;
            let is_blank = self.begins_line && self.indentation()?;
            self.token_start = Some(self.at);
            if self.pending != 0 {
                let is_end = self.pending < 0;
                self.pending += if is_end { 1 } else { -1 };
                return Ok(if is_end { Kind::DEDENT } else { Kind::INDENT });
            }
            let peeked = self.next_byte();
            self.back(peeked);
            match self.token_of_line(is_blank, span)? {
                Some(kind) => return Ok(kind),
                None => continue,
            }
        }
    }

    /// Reads the blanks at the start of a line, and finds what blocks begin or end. Has the line nothing else?
    fn indentation(&mut self) -> Scanned<bool> {
        self.begins_line = false;
        let (mut wide, mut narrow, mut continued) = (0, 0, 0);
        let first = loop {
            match self.next_byte() {
                Some(b' ') => (wide, narrow) = (wide + 1, narrow + 1),
                Some(b'\t') => (wide, narrow) = ((wide / 8 + 1) * 8, narrow + 1),
                Some(0x0C) => (wide, narrow) = (0, 0),
                Some(b'\\') => {
                    continued = if continued > 0 { continued } else { wide };
                    self.continuation()?;
                }
                other => break other,
            }
        };
        self.back(first);
        if matches!(first, Some(b'#' | b'\n')) {
            return Ok(true);
        }
        if !self.brackets.is_empty() {
            return Ok(false);
        }
        if continued > 0 {
            (wide, narrow) = (continued, continued);
        }
        let (level, narrow_level) = self.indents.last().copied().unwrap_or_default();
        if wide == level {
            return if narrow == narrow_level { Ok(false) } else { self.tabs() };
        }
        if wide > level {
            if self.indents.len() >= MAX_INDENTS {
                self.at = self.line_end;
                return Err(Fault::TooDeep);
            }
            if narrow <= narrow_level {
                return self.tabs();
            }
            self.pending += 1;
            self.indents.push((wide, narrow));
            return Ok(false);
        }
        while self.indents.len() > 1 && self.indents.last().is_some_and(|&(level, _)| wide < level) {
            self.pending -= 1;
            self.indents.pop();
        }
        let (level, narrow_level) = self.indents.last().copied().unwrap_or_default();
        if wide != level {
            self.at = self.line_end;
            return Err(Fault::Dedent);
        }
        if narrow == narrow_level { Ok(false) } else { self.tabs() }
    }

    fn tabs<T>(&mut self) -> Scanned<T> {
        self.at = self.line_end;
        Err(Fault::Tabs)
    }

    /// Reads the end of a line after its backslash.
    fn continuation(&mut self) -> Scanned<()> {
        if self.next_byte() != Some(b'\n') {
            return Err(Fault::Continuation);
        }
        match self.next_byte() {
            None => {
                self.at = self.line_end;
                Err(Fault::End)
            }
            byte => {
                self.back(byte);
                Ok(())
            }
        }
    }

    /// None where a line ends that says nothing, or goes on.
    fn token_of_line(&mut self, is_blank: bool, span: &mut Option<(usize, usize)>) -> Scanned<Option<Kind>> {
        let first = loop {
            self.token_start = None;
            let mut byte = self.next_byte();
            while matches!(byte, Some(b' ' | b'\t' | 0x0C)) {
                byte = self.next_byte();
            }
            self.token_start = Some(self.at - usize::from(byte.is_some()));
            if byte == Some(b'#') {
                while !matches!(byte, None | Some(b'\n')) {
                    byte = self.next_byte();
                }
            }
            if byte != Some(b'\\') {
                break byte;
            }
            self.continuation()?;
        };
        let Some(first) = first else {
            return if self.brackets.is_empty() { Ok(Some(Kind::END)) } else { Err(Fault::End) };
        };
        if first == b'\n' {
            // It begins with the comment before it.
            let start = self.token_start.unwrap_or(self.at - 1);
            self.begins_line = true;
            if is_blank || !self.brackets.is_empty() {
                return Ok(None);
            }
            *span = Some((start, self.at));
            return Ok(Some(Kind::NEWLINE));
        }
        let start = self.at - 1;
        let kind = match first {
            _ if starts_name(first) => self.name_or_string(first),
            b'0'..=b'9' => self.number(first),
            b'.' => {
                let next = self.next_byte();
                if next.is_some_and(|byte| byte.is_ascii_digit()) {
                    self.fraction(next)
                } else {
                    self.back(next);
                    self.operator(first)
                }
            }
            b'\'' | b'"' => self.string(first),
            _ => self.operator(first),
        }?;
        *span = Some((start, self.at));
        Ok(Some(kind))
    }

    fn name_or_string(&mut self, first: u8) -> Scanned {
        let mut seen = [false; 5];
        let mut byte = Some(first);
        while let Some(at) =
            byte.and_then(|byte| b"burft".iter().position(|&letter| letter == byte.to_ascii_lowercase()))
            && !seen[at]
        {
            seen[at] = true;
            byte = self.next_byte();
            if let Some(quote @ (b'\'' | b'"')) = byte {
                self.check_prefixes(seen)?;
                let [.., is_raw, is_format, is_template] = seen;
                return match is_format || is_template {
                    true => self.start_interpolated(quote, is_raw, is_template),
                    false => self.string(quote),
                };
            }
        }
        let mut is_ascii = true;
        while byte.is_some_and(is_in_name) {
            is_ascii &= byte.is_some_and(|byte| byte.is_ascii());
            byte = self.next_byte();
        }
        self.back(byte);
        if !is_ascii {
            self.check_name()?;
        }
        let name = &self.text[self.token_start.unwrap_or(self.at)..self.at];
        Ok(Kind::of_keyword(name).unwrap_or(Kind::NAME))
    }

    fn check_prefixes(&self, [b, u, r, f, t]: [bool; 5]) -> Scanned<()> {
        let pairs = [
            (u && b, "ub"),
            (u && r, "ur"),
            (u && f, "uf"),
            (u && t, "ut"),
            (b && f, "bf"),
            (b && t, "bt"),
            (f && t, "ft"),
        ];
        let Some((_, pair)) = pairs.iter().find(|(is_there, _)| *is_there) else { return Ok(()) };
        let (first, second) = pair.split_at(1);
        let start = self.token_start.unwrap_or(self.at) + 1 - self.line_start;
        let end = self.at - self.line_start;
        self.fault_within(start as i32, end as i32, format!("'{first}' and '{second}' prefixes are incompatible"))
    }

    fn check_name(&mut self) -> Scanned<()> {
        let start = self.token_start.unwrap_or(self.at);
        let name = std::str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
        let is_right = |(at, c): (usize, char)| {
            c == '_' || if at == 0 { unicode_ident::is_xid_start(c) } else { unicode_ident::is_xid_continue(c) }
        };
        let Some((at, wrong)) = name.char_indices().find(|&part| !is_right(part)) else { return Ok(()) };
        self.at = start + at + wrong.len_utf8();
        let code = u32::from(wrong);
        let is_printable = wrong > '\u{A0}' && wrong != '\u{AD}' && rustpython_unicode::classify::is_printable(wrong);
        self.fault(match is_printable {
            true => format!("invalid character '{wrong}' (U+{code:04X})"),
            false => format!("invalid non-printable character U+{code:04X}"),
        })
    }

    fn operator(&mut self, first: u8) -> Scanned {
        if matches!(first, b':' | b'}' | b'!' | b'{')
            && let Some(string) = self.strings.last_mut()
            && string.field >= 0
            && first == b':'
            && string.n_open - 1 == string.field
        {
            string.in_text = true;
            string.in_format = true;
            return Ok(Kind::of_operator(b":").unwrap_or(Kind::STRAY));
        }
        let start = self.at - 1;
        for n_more in [2, 1] {
            let end = start + 1 + n_more;
            // An operator does not go over lines.
            if end <= self.line_end
                && let Some(kind) = Kind::of_operator(&self.text[start..end])
            {
                self.at = end;
                return Ok(kind);
            }
        }
        match first {
            b'(' | b'[' | b'{' => {
                if self.brackets.len() >= MAX_BRACKETS {
                    return self.fault("too many nested parentheses");
                }
                let column = (start - self.line_start) as i32;
                self.brackets.push(Bracket { opening: first, line: self.line, column });
                if let Some(string) = self.strings.last_mut() {
                    string.n_open += 1;
                }
            }
            b')' | b']' | b'}' => self.close(first)?,
            _ => {}
        }
        if !(b' '..=b'~').contains(&first) {
            return self.fault(format!("invalid non-printable character U+{first:04X}"));
        }
        if first == b'='
            && let Some(string) = self.strings.last_mut().filter(|string| string.field >= 0)
        {
            string.in_debug = true;
        }
        Ok(Kind::of_operator(&[first]).unwrap_or(Kind::STRAY))
    }

    fn close(&mut self, closing: u8) -> Scanned<()> {
        let shown = char::from(closing);
        let string = self.strings.last().map(|string| (string.letter, string.n_open, string.field));
        if let Some((letter, 0, _)) = string
            && closing == b'}'
        {
            return self.fault(format!("{letter}-string: single '}}' is not allowed"));
        }
        let Some(Bracket { opening, line, .. }) = self.brackets.pop() else {
            return self.fault(format!("unmatched '{shown}'"));
        };
        if !matches!((opening, closing), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            if let Some((letter, n_open, field)) = string
                && opening == b'{'
                && n_open - 1 == field
            {
                return self.fault(format!("{letter}-string: unmatched '{shown}'"));
            }
            let opening = char::from(opening);
            let place = if line == self.line { String::new() } else { format!(" on line {line}") };
            return self
                .fault(format!("closing parenthesis '{shown}' does not match opening parenthesis '{opening}'{place}"));
        }
        let Some(string) = self.strings.last_mut() else { return Ok(()) };
        string.n_open -= 1;
        let letter = string.letter;
        if string.n_open < 0 {
            return self.fault(format!("{letter}-string: unmatched '{shown}'"));
        }
        if closing == b'}' && string.n_open == string.field {
            string.field -= 1;
            string.in_text = true;
            string.in_format = false;
            string.in_debug = false;
        }
        Ok(())
    }
}

fn starts_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic() || !byte.is_ascii()
}

pub(super) fn is_in_name(byte: u8) -> bool {
    starts_name(byte) || byte.is_ascii_digit()
}
