//! Numbers, up to the first character that does not fit.

use super::lexer::{Lexer, Scanned, is_in_name};
use super::token::Kind;

/// What may stand right behind a number, by its first letters.
const WORDS: [&[u8]; 8] = [b"and", b"else", b"for", b"if", b"in", b"is", b"or", b"not"];

fn is_digit(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_digit())
}

impl Lexer<'_> {
    /// The token whose first digit has been read.
    pub(super) fn number(&mut self, first: u8) -> Scanned {
        if first != b'0' {
            let byte = self.decimal_digits()?;
            return if byte == Some(b'.') { self.after_point() } else { self.exponent(byte) };
        }
        let second = self.next_byte();
        match second {
            Some(b'x' | b'X') => self.digits_of_base("hexadecimal", |byte| byte.is_ascii_hexdigit()),
            Some(b'o' | b'O') => self.digits_of_base("octal", |byte| (b'0'..=b'7').contains(&byte)),
            Some(b'b' | b'B') => self.digits_of_base("binary", |byte| matches!(byte, b'0' | b'1')),
            _ => self.after_zero(second),
        }
    }

    fn digits_of_base(&mut self, base: &str, is_digit_of_base: fn(u8) -> bool) -> Scanned {
        let has_other_digits = base != "hexadecimal";
        let mut byte = self.next_byte();
        loop {
            if byte == Some(b'_') {
                byte = self.next_byte();
            }
            if !byte.is_some_and(is_digit_of_base) {
                if has_other_digits && is_digit(byte) {
                    return self.wrong_digit(byte, base);
                }
                self.back(byte);
                return self.fault(format!("invalid {base} literal"));
            }
            while byte.is_some_and(is_digit_of_base) {
                byte = self.next_byte();
            }
            if byte != Some(b'_') {
                break;
            }
        }
        if has_other_digits && is_digit(byte) {
            return self.wrong_digit(byte, base);
        }
        self.number_end(byte, base)
    }

    fn wrong_digit(&mut self, byte: Option<u8>, base: &str) -> Scanned {
        let digit = char::from(byte.unwrap_or_default());
        self.fault(format!("invalid digit '{digit}' in {base} literal"))
    }

    /// After a zero there are only zeros, unless the number is no integer.
    fn after_zero(&mut self, second: Option<u8>) -> Scanned {
        let mut byte = second;
        loop {
            if byte == Some(b'_') {
                byte = self.next_byte();
                if !is_digit(byte) {
                    self.back(byte);
                    return self.fault("invalid decimal literal");
                }
            }
            if byte != Some(b'0') {
                break;
            }
            byte = self.next_byte();
        }
        let zeros_end = self.at;
        let has_more = is_digit(byte);
        if has_more {
            byte = self.decimal_digits()?;
        }
        match byte {
            Some(b'.') => self.after_point(),
            Some(b'e' | b'E' | b'j' | b'J') => self.exponent(byte),
            _ if has_more => {
                self.back(byte);
                let start = self.token_start.unwrap_or(self.at) + 1 - self.line_start;
                self.fault_within(
                    start as i32,
                    (zeros_end - self.line_start) as i32,
                    "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                )
            }
            _ => self.number_end(byte, "decimal"),
        }
    }

    /// The byte behind the digits.
    fn decimal_digits(&mut self) -> Scanned<Option<u8>> {
        loop {
            let mut byte = self.next_byte();
            while is_digit(byte) {
                byte = self.next_byte();
            }
            if byte != Some(b'_') {
                return Ok(byte);
            }
            byte = self.next_byte();
            if !is_digit(byte) {
                self.back(byte);
                return self.fault("invalid decimal literal");
            }
        }
    }

    fn after_point(&mut self) -> Scanned {
        let byte = self.next_byte();
        self.fraction(byte)
    }

    /// What stands behind the point, of which the first byte has been read.
    pub(super) fn fraction(&mut self, first: Option<u8>) -> Scanned {
        let byte = if is_digit(first) { self.decimal_digits()? } else { first };
        self.exponent(byte)
    }

    fn exponent(&mut self, mut byte: Option<u8>) -> Scanned {
        if matches!(byte, Some(b'e' | b'E')) {
            let letter = byte;
            byte = self.next_byte();
            if matches!(byte, Some(b'+' | b'-')) {
                byte = self.next_byte();
                if !is_digit(byte) {
                    self.back(byte);
                    return self.fault("invalid decimal literal");
                }
            } else if !is_digit(byte) {
                self.back(byte);
                return self.number_end(letter, "decimal");
            }
            byte = self.decimal_digits()?;
        }
        if matches!(byte, Some(b'j' | b'J')) {
            byte = self.next_byte();
            return self.number_end(byte, "imaginary");
        }
        self.number_end(byte, "decimal")
    }

    /// Behind a number there may be no letter, unless it begins some words.
    fn number_end(&mut self, byte: Option<u8>, kind: &str) -> Scanned {
        self.back(byte);
        let rest = &self.text[self.at..];
        if byte.is_some_and(|byte| byte.is_ascii() && is_in_name(byte))
            && !WORDS.iter().any(|word| rest.starts_with(word))
        {
            return self.fault(format!("invalid {kind} literal"));
        }
        Ok(Kind::NUMBER)
    }
}
