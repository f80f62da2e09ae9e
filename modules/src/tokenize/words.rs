//! Names, numbers, operators, and what is between them.

use super::scanner::{FaultKind, Scanned, Scanner, kind};
use rustpython_unicode::identifier;
use stitch_runtime::object::convert::is_printable;

/// Operators of several characters, the longest first.
const OPERATORS: &[&str] = &[
    "**=", "//=", "<<=", ">>=", "...", "!=", "%=", "&=", "**", "*=", "+=", "-=", "->", "//", "/=", ":=", "<<", "<=",
    "<>", "==", ">=", ">>", "@=", "^=", "|=",
];

/// So many brackets may be open.
const MAX_BRACKETS: usize = 200;

/// In the order of their kinds, from 7; `None` where a kind is no operator.
const EXACT: [&str; 48] = [
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==", "!=",
    "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//",
    "//=", "@", "@=", "->", "...", ":=", "!",
];
const FIRST_EXACT: u8 = 7;

fn starts_name(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic() || !c.is_ascii()
}

fn is_in_name(c: char) -> bool {
    starts_name(c) || c.is_ascii_digit()
}

impl Scanner {
    pub fn scan_token(&mut self) -> Scanned {
        while matches!(self.peek(0), Some(' ' | '\t' | '\x0c')) {
            self.at += 1;
        }
        let Some(first) = self.peek(0) else { return Ok(()) };
        let start = self.at;
        match first {
            '\n' => self.scan_end_of_tokens(),
            '\r' if self.peek(1) == Some('\n') => self.scan_end_of_tokens(),
            '#' => self.scan_comment(),
            '\\' => return self.scan_continuation(),
            '"' | '\'' => return self.start_string(0),
            c if starts_name(c) => {
                if let Some(n_letters) = self.string_prefix() {
                    return self.start_string(n_letters);
                }
                while self.peek(0).is_some_and(is_in_name) {
                    self.at += 1;
                }
                self.check_name(start)?;
                self.push(kind::NAME, start, self.at);
            }
            c if c.is_ascii_digit() => return self.scan_number(),
            '.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => return self.scan_number(),
            _ => return self.scan_operator(),
        }
        Ok(())
    }

    fn scan_end_of_tokens(&mut self) {
        let kind = if self.is_inside() { kind::NL } else { kind::NEWLINE };
        self.scan_line_end(kind);
    }

    fn scan_continuation(&mut self) -> Scanned {
        let mut ahead = 1;
        while self.peek(ahead) == Some('\r') {
            ahead += 1;
        }
        if self.peek(ahead) != Some('\n') {
            let message = "unexpected character after line continuation character";
            return Err(self.fault_of_line(FaultKind::Syntax, message));
        }
        self.at += ahead + 1;
        match self.needs_more() {
            Err(stop) => {
                // The backslash is looked at again when there is more.
                self.at -= ahead + 1;
                Err(stop)
            }
            Ok(()) if self.at >= self.text.len() => {
                self.at -= 1;
                Err(self.fault_of_line(FaultKind::Syntax, "unexpected EOF while parsing"))
            }
            Ok(()) => Ok(()),
        }
    }

    fn scan_operator(&mut self) -> Scanned {
        let start = self.at;
        if self.scan_brace_of_string() {
            return Ok(());
        }
        let matches = |operator: &&&str| operator.chars().enumerate().all(|(at, c)| self.peek(at) == Some(c));
        let n_chars = OPERATORS.iter().find(matches).map_or(1, |operator| operator.len());
        self.at += n_chars;
        match self.text[start] {
            '(' | '[' | '{' if self.brackets.len() >= MAX_BRACKETS => {
                return Err(self.fault_at("too many nested parentheses", self.at));
            }
            opening @ ('(' | '[' | '{') => self.brackets.push((opening, self.line_of(start))),
            closing @ (')' | ']' | '}') => {
                self.check_closing(closing)?;
                self.brackets.pop();
            }
            _ => {}
        }
        self.push_operator(start, self.at);
        Ok(())
    }

    /// Does a closing bracket close one that is open? Only the parser wants to know.
    fn check_closing(&self, closing: char) -> Scanned {
        if self.is_extra {
            return Ok(());
        }
        let string = self.interpolated.last();
        let is_braces = string.and_then(|string| string.braces.last()).map(|brace| brace.n_brackets);
        let message = match (self.brackets.last(), string) {
            (_, Some(string)) if is_braces == Some(self.brackets.len()) => {
                format!("{}-string: unmatched '{closing}'", string.name())
            }
            (None, _) => format!("unmatched '{closing}'"),
            (Some(('(', _)), _) if closing == ')' => return Ok(()),
            (Some(('[', _)), _) if closing == ']' => return Ok(()),
            (Some(('{', _)), _) if closing == '}' => return Ok(()),
            (Some(&(opening, line)), _) => {
                let place = if line == self.line_of(self.at - 1) { String::new() } else { format!(" on line {line}") };
                format!("closing parenthesis '{closing}' does not match opening parenthesis '{opening}'{place}")
            }
        };
        Err(self.fault_at(message, self.at))
    }

    /// Only the parser minds characters that are in no name.
    fn check_name(&self, start: usize) -> Scanned {
        if self.is_extra {
            return Ok(());
        }
        let name = &self.text[start..self.at];
        let is_right = |(at, &c): (usize, &char)| {
            c == '_' || if at == 0 { identifier::is_xid_start(c) } else { identifier::is_xid_continue(c) }
        };
        let Some(at) = name.iter().enumerate().position(|part| !is_right(part)) else { return Ok(()) };
        let (wrong, code) = (name[at], name[at] as u32);
        let message = match is_printable(code) {
            true => format!("invalid character '{wrong}' (U+{code:04X})"),
            false => format!("invalid non-printable character U+{code:04X}"),
        };
        Err(self.fault_at(message, start + at + 1))
    }

    pub fn push_operator(&mut self, start: usize, end: usize) {
        let text = self.text_of(start, end);
        let exact = EXACT.iter().position(|&operator| operator == text).filter(|_| !self.is_extra);
        self.push(exact.map_or(kind::OP, |at| FIRST_EXACT + at as u8), start, end);
    }

    fn scan_number(&mut self) -> Scanned {
        let start = self.at;
        if self.peek(0) == Some('0') {
            let base = match self.peek(1) {
                Some('x' | 'X') => Some((16, "hexadecimal")),
                Some('o' | 'O') => Some((8, "octal")),
                Some('b' | 'B') => Some((2, "binary")),
                _ => None,
            };
            if let Some((base, name)) = base {
                self.at += 2;
                self.scan_digits_of_base(base, name)?;
                self.check_number_end(name)?;
                self.push(kind::NUMBER, start, self.at);
                return Ok(());
            }
        }
        self.scan_decimal_digits()?;
        let after_digits = self.at;
        if self.peek(0) == Some('.') {
            self.at += 1;
            if self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
                self.scan_decimal_digits()?;
            }
        }
        if matches!(self.peek(0), Some('e' | 'E')) {
            let has_sign = matches!(self.peek(1), Some('+' | '-'));
            if self.peek(1 + usize::from(has_sign)).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1 + usize::from(has_sign);
                self.scan_decimal_digits()?;
            } else if has_sign {
                return Err(self.fault_at("invalid decimal literal", self.at + 1));
            }
        }
        let is_imaginary = matches!(self.peek(0), Some('j' | 'J'));
        if is_imaginary {
            self.at += 1;
        }
        let is_whole = self.at == after_digits;
        let n_zeros = self.text[start..self.at].iter().take_while(|c| matches!(c, '0' | '_')).count();
        if is_whole && !self.is_extra && n_zeros > 0 && start + n_zeros < self.at && self.text[start] == '0' {
            let message =
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
            return Err(self.fault_at(message, start + 1));
        }
        self.check_number_end(if is_imaginary { "imaginary" } else { "decimal" })?;
        self.push(kind::NUMBER, start, self.at);
        Ok(())
    }

    /// Only the parser minds letters right behind a number, unless they are a word's that may stand there.
    fn check_number_end(&self, name: &str) -> Scanned {
        const WORDS: [&str; 8] = ["and", "else", "for", "if", "in", "is", "or", "not"];
        let behind: String = self.text[self.at..].iter().take_while(|&&c| is_in_name(c)).take(5).collect();
        if self.is_extra || behind.is_empty() || WORDS.iter().any(|word| behind.starts_with(word)) {
            return Ok(());
        }
        Err(self.fault_at(format!("invalid {name} literal"), self.at))
    }

    /// Digits, between which single underscores may be.
    fn scan_decimal_digits(&mut self) -> Scanned {
        loop {
            while self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1;
            }
            if self.peek(0) != Some('_') {
                return Ok(());
            }
            self.at += 1;
            if !self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
                return Err(self.fault_at("invalid decimal literal", self.at));
            }
        }
    }

    fn scan_digits_of_base(&mut self, base: u32, name: &str) -> Scanned {
        loop {
            if self.peek(0) == Some('_') {
                self.at += 1;
            }
            match self.peek(0) {
                Some(c) if c.is_digit(base) => {}
                Some(c) if c.is_ascii_digit() => return Err(self.wrong_digit(c, name)),
                _ => return Err(self.fault_at(format!("invalid {name} literal"), self.at)),
            }
            while self.peek(0).is_some_and(|c| c.is_digit(base)) {
                self.at += 1;
            }
            if self.peek(0) != Some('_') {
                break;
            }
        }
        match self.peek(0) {
            Some(c) if c.is_ascii_digit() => Err(self.wrong_digit(c, name)),
            _ => Ok(()),
        }
    }

    fn wrong_digit(&self, digit: char, name: &str) -> super::scanner::Stop {
        self.fault_at(format!("invalid digit '{digit}' in {name} literal"), self.at + 1)
    }
}
