//! Numbers as text, in scientific and in engineering notation.

use super::limbs::write_digits;
use super::{Kind, View};

/// How a number looks.
#[derive(Clone, Copy)]
pub struct Notation {
    /// Exponents are multiples of three.
    pub is_engineering: bool,
    /// `E`, not `e`.
    pub is_capital: bool,
}

pub fn to_text(a: View<'_>, notation: Notation) -> Vec<u8> {
    let mut out = Vec::with_capacity(a.limbs.len() * 19 + 8);
    if a.is_negative {
        out.push(b'-');
    }
    match a.kind {
        Kind::Infinite => {
            out.extend_from_slice(b"Infinity");
            return out;
        }
        Kind::Quiet | Kind::Signaling => {
            out.extend_from_slice(if a.is_signaling() { b"sNaN" } else { b"NaN" });
            if !a.limbs.is_empty() {
                write_digits(a.limbs, &mut out);
            }
            return out;
        }
        Kind::Finite => {}
    }
    if a.exponent == 0 {
        write_digits(a.limbs, &mut out);
        return out;
    }
    let mut digits = Vec::with_capacity(a.limbs.len() * 19 + 1);
    write_digits(a.limbs, &mut digits);
    let n = digits.len() as i64;
    let left_digits = n + a.exponent;
    // Where the point stands, counted from the first digit.
    let point = if a.exponent <= 0 && left_digits > -6 {
        left_digits
    } else if !notation.is_engineering {
        1
    } else if a.limbs.is_empty() {
        (left_digits + 1).rem_euclid(3) - 1
    } else {
        (left_digits - 1).rem_euclid(3) + 1
    };
    write_with_point(&digits, point, &mut out);
    let exponent = left_digits - point;
    if exponent != 0 {
        write_exponent(exponent, if notation.is_capital { b'E' } else { b'e' }, &mut out);
    }
    out
}

/// Digits with a point before the `point`th, zeros where there are none.
pub fn write_with_point(digits: &[u8], point: i64, out: &mut Vec<u8>) {
    let n = digits.len() as i64;
    if point <= 0 {
        out.extend_from_slice(b"0.");
        out.resize(out.len() + -point as usize, b'0');
        out.extend_from_slice(digits);
    } else if point >= n {
        out.extend_from_slice(digits);
        out.resize(out.len() + (point - n) as usize, b'0');
    } else {
        out.extend_from_slice(&digits[..point as usize]);
        out.push(b'.');
        out.extend_from_slice(&digits[point as usize..]);
    }
}

pub fn write_exponent(exponent: i64, letter: u8, out: &mut Vec<u8>) {
    out.push(letter);
    out.push(if exponent < 0 { b'-' } else { b'+' });
    out.extend_from_slice(exponent.unsigned_abs().to_string().as_bytes());
}
