//! Strings, and those with expressions in them.

use super::scanner::{FaultKind, FaultPlace, Scanned, Scanner, Stop, kind};

/// A string whose end was not seen yet.
pub struct OpenString {
    start: usize,
    quote: char,
    n_quotes: usize,
    /// Where the search for its end goes on.
    from: usize,
}

/// A string with expressions in it, of which the end was not seen yet.
pub struct Interpolated {
    start: usize,
    quote: char,
    n_quotes: usize,
    is_raw: bool,
    is_template: bool,
    /// The braces of expressions that are open.
    pub braces: Vec<Brace>,
}

pub struct Brace {
    /// Brackets that were open before it.
    pub n_brackets: usize,
    /// Its colon was seen: text follows.
    is_in_format: bool,
}

impl Interpolated {
    pub fn is_in_text(&self) -> bool {
        self.braces.last().is_none_or(|brace| brace.is_in_format)
    }

    fn kind(&self, kind: u8) -> u8 {
        if self.is_template { kind + 3 } else { kind }
    }

    pub fn name(&self) -> &'static str {
        if self.is_template { "t" } else { "f" }
    }
}

impl Scanner {
    /// How many letters before a quote make it a string's, if these do.
    pub fn string_prefix(&self) -> Option<usize> {
        let letter = |ahead: usize| self.peek(ahead).map(|c| c.to_ascii_lowercase());
        let is_quote = |ahead: usize| matches!(self.peek(ahead), Some('"' | '\''));
        let one = matches!(letter(0), Some('b' | 'u' | 'r' | 'f' | 't'));
        if one && is_quote(1) {
            return Some(1);
        }
        let two =
            matches!((letter(0), letter(1)), (Some('b' | 'f' | 't'), Some('r')) | (Some('r'), Some('b' | 'f' | 't')));
        (two && is_quote(2)).then_some(2)
    }

    pub fn start_string(&mut self, n_letters: usize) -> Scanned {
        let start = self.at;
        let has =
            |wanted: char| (0..n_letters).any(|at| self.peek(at).is_some_and(|c| c.to_ascii_lowercase() == wanted));
        let (is_raw, is_joined, is_template) = (has('r'), has('f'), has('t'));
        let quote = self.peek(n_letters).unwrap_or('"');
        let is_triple = self.peek(n_letters + 1) == Some(quote) && self.peek(n_letters + 2) == Some(quote);
        let n_quotes = if is_triple { 3 } else { 1 };
        self.at += n_letters + n_quotes;
        if is_joined || is_template {
            let string = Interpolated { start, quote, n_quotes, is_raw, is_template, braces: Vec::new() };
            self.push(string.kind(kind::FSTRING_START), start, self.at);
            self.interpolated.push(string);
            return Ok(());
        }
        self.open_string = Some(OpenString { start, quote, n_quotes, from: self.at });
        self.scan_string()
    }

    /// Goes on with a string until its end.
    pub fn scan_string(&mut self) -> Scanned {
        let Some(OpenString { start, quote, n_quotes, from }) = self.open_string else { return Ok(()) };
        self.at = from;
        loop {
            if let Some(string) = &mut self.open_string {
                string.from = self.at;
            }
            self.needs_more()?;
            match self.peek(0) {
                None => return Err(self.unterminated(start, n_quotes, "")),
                Some('\\') => {
                    let n_chars = if self.peek(1) == Some('\r') && self.peek(2) == Some('\n') { 3 } else { 2 };
                    self.at = (self.at + n_chars).min(self.text.len());
                }
                Some('\n') if n_quotes == 1 => return Err(self.unterminated(start, n_quotes, "")),
                Some(c) if c == quote && (1..n_quotes).all(|ahead| self.peek(ahead) == Some(quote)) => {
                    self.at += n_quotes;
                    self.open_string = None;
                    self.push(kind::STRING, start, self.at);
                    return Ok(());
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn unterminated(&self, start: usize, n_quotes: usize, of: &str) -> Stop {
        let (line, col) = self.place(start);
        let detected = self.line_of(self.at.min(self.text.len().saturating_sub(1)));
        let triple = if n_quotes == 3 { "triple-quoted " } else { "" };
        let what = if of.is_empty() { String::new() } else { format!("{of}-") };
        let message = format!("unterminated {triple}{what}string literal (detected at line {detected})");
        let offset = col as usize + 1;
        let place = FaultPlace { line, offset, has_end: true, text: self.line_text(line) };
        self.fault(FaultKind::Syntax, message, Some(place))
    }

    /// The text of a string with expressions, until something else follows.
    pub fn scan_middle(&mut self) -> Scanned {
        let Some(string) = self.interpolated.last() else { return Ok(()) };
        let (start, quote, n_quotes, is_raw) = (self.at, string.quote, string.n_quotes, string.is_raw);
        let (is_in_format, string_start, of) = (!string.braces.is_empty(), string.start, string.name());
        let (middle, end) = (string.kind(kind::FSTRING_MIDDLE), string.kind(kind::FSTRING_END));
        let mut at = start;
        loop {
            if at >= self.text.len() && !self.is_eof {
                return Err(Stop::NeedsLine);
            }
            let next = |ahead: usize| self.text.get(at + ahead).copied();
            match next(0) {
                None => {
                    self.at = at;
                    return Err(self.unterminated(string_start, n_quotes, of));
                }
                Some('\n') if n_quotes == 1 => {
                    self.at = at;
                    return Err(self.unterminated(string_start, n_quotes, of));
                }
                Some(c) if c == quote && (1..n_quotes).all(|ahead| next(ahead) == Some(quote)) => {
                    if at > start {
                        self.push(middle, start, at);
                    }
                    self.push(end, at, at + n_quotes);
                    self.at = at + n_quotes;
                    self.interpolated.pop();
                    return Ok(());
                }
                Some(brace @ ('{' | '}')) if !is_in_format && next(1) == Some(brace) => {
                    self.push(middle, start, at + 1);
                    self.at = at + 2;
                    return Ok(());
                }
                Some(brace @ ('{' | '}')) => {
                    if at > start || is_in_format && brace == '}' {
                        self.push(middle, start, at);
                    }
                    self.push_operator(at, at + 1);
                    self.at = at + 1;
                    let n_brackets = self.brackets.len();
                    if let Some(string) = self.interpolated.last_mut() {
                        if brace == '{' {
                            string.braces.push(Brace { n_brackets, is_in_format: false });
                        } else {
                            string.braces.pop();
                        }
                    }
                    return Ok(());
                }
                Some('\\') if !is_raw && next(1) == Some('N') && next(2) == Some('{') => {
                    at += 3;
                    while self.text.get(at).is_some_and(|&c| c != '}' && c != '\n' && c != quote) {
                        at += 1;
                    }
                    if self.text.get(at) == Some(&'}') {
                        self.push(middle, start, at + 1);
                        self.at = at + 1;
                        return Ok(());
                    }
                }
                // A brace behind it is one all the same.
                Some('\\') => at += if matches!(next(1), Some('{' | '}')) { 1 } else { 2 },
                Some(_) => at += 1,
            }
        }
    }

    /// In an expression of a string: the colon before a format, and the brace that closes it.
    pub fn scan_brace_of_string(&mut self) -> bool {
        let n_brackets = self.brackets.len();
        let first = self.peek(0);
        let Some(string) = self.interpolated.last_mut() else { return false };
        let Some(brace) = string.braces.last_mut().filter(|brace| brace.n_brackets == n_brackets) else { return false };
        match first {
            Some(':') => brace.is_in_format = true,
            Some('}') => {
                string.braces.pop();
            }
            _ => return false,
        }
        self.push_operator(self.at, self.at + 1);
        self.at += 1;
        true
    }
}
