//! Ints as text.

use super::IntView;
use super::digits::{from_digits, is_long_text, to_decimal};
use super::leave::{Abandoned, Leave};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use malachite_base::num::conversion::traits::ToStringBase;
use malachite_nz::integer::Integer;

/// Decimal digits that may be converted at most (`sys.get_int_max_str_digits()`).
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;

/// Why text is no int.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParseIntError {
    Malformed,
    /// More digits than the limit for bases that are no power of two.
    TooLong(usize),
    /// KeyboardInterrupt was raised.
    Interrupted,
}

/// Digits of `text` after sign, prefix and underscores; the sign, and the base they are in.
fn split_literal(text: &str, base: u32) -> Option<(bool, u32, String)> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c));
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 0,
    };
    let has_prefix = prefix != 0 && (base == 0 || base == prefix);
    let (actual, digits) = match (has_prefix, base) {
        (true, _) => (prefix, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        (false, 0) => (10, digits),
        (false, base) => (base, digits),
    };
    if digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    let mut clean = String::with_capacity(digits.len());
    for c in digits.chars().filter(|&c| c != '_') {
        let digit = if c.is_ascii() { c.to_digit(36)? } else { decimal_digit(c)? };
        clean.push(std::char::from_digit(digit, actual.max(2))?);
    }
    // `0` prefixes a nonzero decimal literal in no base but an explicit one.
    if base == 0 && !has_prefix && clean.len() > 1 && clean.starts_with('0') && clean.bytes().any(|b| b != b'0') {
        return None;
    }
    Some((is_negative, actual, clean))
}

/// Of longer text it takes some milliseconds to have the number.
const LONG_TEXT: usize = 20_000;

fn parse_big(text: &str, base: u32, limit: usize, leave: &Leave) -> Result<Integer, ParseIntError> {
    let (is_negative, base, digits) = split_literal(text, base).ok_or(ParseIntError::Malformed)?;
    if !base.is_power_of_two() && limit != 0 && digits.len() > limit {
        return Err(ParseIntError::TooLong(digits.len()));
    }
    match from_digits(&digits, base, leave) {
        Ok(Some(natural)) => Ok(Integer::from_sign_and_abs(!is_negative, natural)),
        Ok(None) => Err(ParseIntError::Malformed),
        Err(Abandoned) => Err(ParseIntError::Interrupted),
    }
}

/// The value of a decimal digit of any script.
pub fn decimal_digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    rustpython_unicode::Ucd::new(true).decimal(c.into()).map(|digit| digit as u32)
}

impl Vm {
    /// Text in `base` (0: as its prefix says) as an int.
    pub fn parse_int(&mut self, text: &str, base: u32) -> Result<Value, ParseIntError> {
        let limit = self.max_str_digits;
        if text.len() > LONG_TEXT {
            let text = text.to_owned();
            let parsed = self.work_aside(move |leave| Ok(parse_big(&text, base, limit, leave)));
            return Ok(self.new_integer(parsed.map_err(|Raised| ParseIntError::Interrupted)??));
        }
        if let Some((is_negative, base, digits)) = split_literal(text, base)
            && let Ok(word) = i64::from_str_radix(&digits, base)
        {
            return Ok(self.new_int(if is_negative { -word } else { word }));
        }
        let parsed = parse_big(text, base, limit, &Leave::FOREVER)?;
        Ok(self.new_integer(parsed))
    }

    /// `int(str, base)`, with Python's errors.
    pub fn int_from_str(&mut self, string: Value, base: i64) -> PyResult {
        if base != 0 && !(2..=36).contains(&base) {
            return Err(self.raise_value("int() base must be >= 2 and <= 36, or 0"));
        }
        let text = self.string_of(string);
        self.int_from_shown(&text, base, string)
    }

    /// The int that a text is; messages show what the text was given as.
    pub fn int_from_shown(&mut self, text: &str, base: i64, string: Value) -> PyResult {
        match self.parse_int(text, base as u32) {
            Ok(value) => Ok(value),
            Err(ParseIntError::Malformed) => {
                let shown = self.repr_string(string)?;
                Err(self.raise_value(&format!("invalid literal for int() with base {base}: {shown}")))
            }
            Err(ParseIntError::Interrupted) => Err(Raised),
            Err(ParseIntError::TooLong(digits)) => {
                let limit = self.max_str_digits;
                Err(self.raise_value(&format!(
                    "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use \
                     sys.set_int_max_str_digits() to increase the limit"
                )))
            }
        }
    }

    /// In decimal; ValueError beyond the limit of digits.
    pub fn int_to_string(&mut self, value: Value) -> PyResult<String> {
        let big = match self.int_of(value) {
            IntView::Word(word) => return Ok(word.to_string()),
            // 39 digits: the limit is 0 or 640 at the least.
            IntView::Wide(wide) => return Ok(wide.to_string()),
            IntView::Big(big) => big,
        };
        let limit = self.max_str_digits as u64;
        // Cheap and safe first: ten bits are more than three digits.
        let is_surely_long = limit != 0 && self.int_of(value).n_bits() / 10 * 3 > limit + 1;
        let text = if is_surely_long {
            String::new()
        } else if is_long_text(self.int_of(value).n_bits()) {
            let (is_negative, magnitude) = (*big < 0, big.unsigned_abs_ref().clone());
            let text = self.work_aside(move |leave| to_decimal(&magnitude, leave))?;
            if is_negative { format!("-{text}") } else { text }
        } else {
            big.to_string()
        };
        if is_surely_long || limit != 0 && text.trim_start_matches('-').len() as u64 > limit {
            return Err(self.raise_value(&format!(
                "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase \
                 the limit"
            )));
        }
        Ok(text)
    }

    /// The magnitude in base 2, 8, 16 or 10 (then with the limit), in lower case.
    pub fn int_magnitude_digits(&mut self, value: Value, base: u32) -> PyResult<String> {
        if base == 10 {
            let text = self.int_to_string(value)?;
            return Ok(text.trim_start_matches('-').to_string());
        }
        Ok(match (self.int_of(value), base) {
            (IntView::Word(word), 2) => format!("{:b}", word.unsigned_abs()),
            (IntView::Word(word), 8) => format!("{:o}", word.unsigned_abs()),
            (IntView::Word(word), _) => format!("{:x}", word.unsigned_abs()),
            (IntView::Wide(wide), 2) => format!("{:b}", wide.unsigned_abs()),
            (IntView::Wide(wide), 8) => format!("{:o}", wide.unsigned_abs()),
            (IntView::Wide(wide), _) => format!("{:x}", wide.unsigned_abs()),
            (IntView::Big(big), base) => big.unsigned_abs_ref().to_string_base(base as u8),
        })
    }
}
