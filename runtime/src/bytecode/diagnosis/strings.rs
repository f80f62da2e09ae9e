//! Strings, and those with fields in them.

use super::lexer::{Fault, Interpolated, Lexer, Scanned};
use super::token::Kind;

/// So many strings with fields may be within each other.
const MAX_STRINGS: usize = 149;
const MAX_FIELDS: i32 = 3;

impl Lexer<'_> {
    /// A string whose first quote has been read.
    pub(super) fn string(&mut self, quote: u8) -> Scanned {
        self.first_line = self.line;
        self.first_line_start = self.line_start;
        let mut n_quotes = 1;
        let mut n_closing = 0;
        let mut has_escaped_quote = false;
        let mut byte = self.next_byte();
        if byte == Some(quote) {
            byte = self.next_byte();
            if byte == Some(quote) {
                n_quotes = 3;
            } else {
                n_closing = 1;
            }
        }
        if byte != Some(quote) {
            self.back(byte);
        }
        while n_closing != n_quotes {
            let byte = self.next_byte();
            if byte.is_none() || n_quotes == 1 && byte == Some(b'\n') {
                return self.unterminated(quote, n_quotes, has_escaped_quote, byte);
            }
            if byte == Some(quote) {
                n_closing += 1;
                continue;
            }
            n_closing = 0;
            if byte == Some(b'\\') {
                has_escaped_quote |= self.next_byte() == Some(quote);
            }
        }
        Ok(Kind::STRING)
    }

    fn unterminated(&mut self, quote: u8, n_quotes: usize, has_escaped_quote: bool, last: Option<u8>) -> Scanned {
        let last_line = self.line;
        self.is_in_string = last.is_none();
        self.at = self.token_start.unwrap_or(self.at) + 1;
        self.line_start = self.first_line_start;
        self.line = self.first_line;
        if let Some(string) = self.strings.last()
            && (string.quote, string.n_quotes) == (quote, n_quotes)
        {
            return self.fault(format!("{}-string: expecting '}}'", string.letter));
        }
        let triple = if n_quotes == 3 { "triple-quoted " } else { "" };
        let hint = if has_escaped_quote && n_quotes == 1 { "; perhaps you escaped the end quote?" } else { "" };
        self.fault(format!("unterminated {triple}string literal (detected at line {last_line}){hint}"))
    }

    /// A string with fields, whose first quote has been read.
    pub(super) fn start_interpolated(&mut self, quote: u8, is_raw: bool, is_template: bool) -> Scanned {
        self.first_line = self.line;
        self.first_line_start = self.line_start;
        let is_triple = self.text[self.at..].starts_with(&[quote, quote]);
        if is_triple {
            self.at += 2;
        }
        if self.strings.len() >= MAX_STRINGS {
            return self.fault("too many nested f-strings or t-strings");
        }
        self.strings.push(Interpolated {
            letter: if is_template { 't' } else { 'f' },
            quote,
            n_quotes: if is_triple { 3 } else { 1 },
            start: self.token_start.unwrap_or(self.at),
            line_start: self.line_start,
            line: self.line,
            is_raw,
            is_template,
            in_text: true,
            in_format: false,
            in_debug: false,
            n_open: 0,
            field: -1,
        });
        Ok(if is_template { Kind::TSTRING_START } else { Kind::FSTRING_START })
    }

    /// The next part of a string with fields: text, its end, or the first token of a field.
    pub(super) fn string_part(&mut self, span: &mut Option<(usize, usize)>) -> Scanned {
        let start = self.at;
        self.token_start = Some(start);
        self.first_line = self.line;
        let rest = &self.text[start..self.line_end];
        if rest.starts_with(b"{") && !rest.starts_with(b"{{") {
            self.enter_field()?;
            return self.next_of_field(span);
        }
        let Some(string) = self.strings.last() else { return Err(Fault::End) };
        let (n_quotes, is_template) = (string.n_quotes, string.is_template);
        if rest.len() >= n_quotes && rest[..n_quotes].iter().all(|&byte| byte == string.quote) {
            self.at += n_quotes;
            self.first_line_start = self.line_start;
            self.strings.pop();
            *span = Some((start, self.at));
            return Ok(if is_template { Kind::TSTRING_END } else { Kind::FSTRING_END });
        }
        self.first_line_start = self.line_start;
        let end = self.string_text()?;
        *span = Some((start, end));
        Ok(if is_template { Kind::TSTRING_MIDDLE } else { Kind::FSTRING_MIDDLE })
    }

    fn next_of_field(&mut self, span: &mut Option<(usize, usize)>) -> Scanned {
        let (token, fault) = self.next_token();
        if let Some(fault) = fault {
            return Err(fault);
        }
        *span = Some((token.start, token.end));
        Ok(token.kind)
    }

    fn enter_field(&mut self) -> Scanned<()> {
        let Some(string) = self.strings.last_mut() else { return Err(Fault::End) };
        string.field += 1;
        let letter = string.letter;
        if string.field >= MAX_FIELDS {
            return self.fault(format!("{letter}-string: expressions nested too deeply"));
        }
        string.in_text = false;
        Ok(())
    }

    /// Reads text up to a field, the end of one, or the end of the string; gives where it ends.
    fn string_text(&mut self) -> Scanned<usize> {
        let Some(string) = self.strings.last() else { return Err(Fault::End) };
        let (quote, n_quotes, letter, is_raw) = (string.quote, string.n_quotes, string.letter, string.is_raw);
        let in_format = string.in_format && string.field >= 0;
        let n_open = string.n_open;
        let mut n_closing = 0;
        let mut in_name = false;
        while n_closing != n_quotes {
            let byte = self.next_byte();
            if byte.is_none() || n_quotes == 1 && byte == Some(b'\n') {
                if in_format && byte.is_some() {
                    return self.fault(format!(
                        "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
                    ));
                }
                return self.unterminated_interpolated(byte);
            }
            if byte == Some(quote) {
                n_closing += 1;
                continue;
            }
            n_closing = 0;
            match byte {
                Some(b'{') => {
                    let next = self.next_byte();
                    if next == Some(b'{') && !in_format {
                        return Ok(self.at - 1);
                    }
                    self.back(next);
                    self.back(byte);
                    let end = self.at;
                    self.enter_field()?;
                    return Ok(end);
                }
                Some(b'}') if in_name => return Ok(self.at),
                Some(b'}') => {
                    let next = self.next_byte();
                    if next == Some(b'}') && !in_format && n_open == 0 {
                        return Ok(self.at - 1);
                    }
                    self.back(next);
                    self.back(byte);
                    if let Some(string) = self.strings.last_mut() {
                        string.in_text = false;
                    }
                    return Ok(self.at);
                }
                Some(b'\\') => {
                    let next = self.next_byte();
                    if matches!(next, Some(b'{' | b'}')) {
                        self.back(next);
                    } else if next == Some(b'N') && !is_raw {
                        let next = self.next_byte();
                        in_name = next == Some(b'{');
                        if !in_name {
                            self.back(next);
                        }
                    }
                }
                _ => {}
            }
        }
        self.at -= n_quotes;
        Ok(self.at)
    }

    fn unterminated_interpolated(&mut self, last: Option<u8>) -> Scanned<usize> {
        let last_line = self.line;
        let Some(string) = self.strings.last() else { return Err(Fault::End) };
        self.at = string.start + 1;
        self.line_start = string.line_start;
        self.line = string.line;
        let triple = if string.n_quotes == 3 { "triple-quoted " } else { "" };
        let message = format!("unterminated {triple}{}-string literal (detected at line {last_line})", string.letter);
        self.is_in_string = last.is_none() && string.n_quotes == 3;
        self.fault(message)
    }
}
