//! Numbers from text.

use super::limbs::{self, Limbs};
use super::settings::{Settings, Status};
use super::{Kind, Number};

/// More than any exponent can be: what has one is out of range, whatever its digits.
const BEYOND: i64 = 3_000_000_000_000_000_000;

/// The number that a text is, by the settings; a condition, and no number, where it is none.
pub fn parse(text: &[u8], settings: &Settings, status: &mut Status) -> Number {
    match read(text, settings) {
        Some(number) => number.finished(settings, status),
        None => Number::failed(Status::CONVERSION_SYNTAX, status),
    }
}

fn read(text: &[u8], settings: &Settings) -> Option<Number> {
    let (is_negative, text) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    if !matches!(text.first()?, b'0'..=b'9' | b'.') {
        return read_special(text, settings).map(|number| number.with_sign(is_negative));
    }
    let n_whole = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (whole, rest) = text.split_at(n_whole);
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count()),
        None => (&[][..], rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = match rest.split_first() {
        None => 0,
        Some((b'e' | b'E', rest)) => read_exponent(rest)?,
        Some(_) => return None,
    };
    let limbs = if fraction.is_empty() {
        read_digits(whole)
    } else if whole.len() + fraction.len() <= 40 {
        // Most numbers: without a copy on the heap.
        let mut digits = [0; 40];
        digits[..whole.len()].copy_from_slice(whole);
        digits[whole.len()..whole.len() + fraction.len()].copy_from_slice(fraction);
        read_digits(&digits[..whole.len() + fraction.len()])
    } else {
        read_digits(&[whole, fraction].concat())
    };
    Some(Number::finite(is_negative, limbs, exponent - fraction.len() as i64))
}

fn read_digits(text: &[u8]) -> Limbs {
    limbs::from_digits(text)
}

fn read_exponent(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude =
        digits.iter().fold(0i64, |sum, digit| sum.saturating_mul(10).saturating_add((digit - b'0') as i64).min(BEYOND));
    Some(if is_negative { -magnitude } else { magnitude })
}

fn read_special(text: &[u8], settings: &Settings) -> Option<Number> {
    let starts_with = |word: &str| text.len() >= word.len() && text[..word.len()].eq_ignore_ascii_case(word.as_bytes());
    if text.eq_ignore_ascii_case(b"inf") || text.eq_ignore_ascii_case(b"infinity") {
        return Some(Number::infinite(false));
    }
    let (kind, payload) = if starts_with("nan") {
        (Kind::Quiet, &text[3..])
    } else if starts_with("snan") {
        (Kind::Signaling, &text[4..])
    } else {
        return None;
    };
    if !payload.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let limbs = read_digits(payload);
    if !limbs.is_empty() && limbs::digits(&limbs) > settings.precision - settings.clamps as i64 {
        return None;
    }
    Some(Number { is_negative: false, kind, exponent: 0, limbs })
}
