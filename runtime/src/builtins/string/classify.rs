//! Predicates of code points and strings, by Unicode's properties.

use super::ThisStr;
use super::letters::{ALPHA, LOWER, NUMERIC, TITLE, UPPER, letters};
use crate::object::string::View;
use rustpython_unicode::classify;

fn of(point: u32, test: impl Fn(char) -> bool) -> bool {
    char::from_u32(point).is_some_and(test)
}

pub fn is_space(point: u32) -> bool {
    matches!(
        point,
        0x09..=0x0D
            | 0x1C..=0x20
            | 0x85
            | 0xA0
            | 0x1680
            | 0x2000..=0x200A
            | 0x2028
            | 0x2029
            | 0x202F
            | 0x205F
            | 0x3000
    )
}

fn is_decimal(point: u32) -> bool {
    matches!(point, 0x30..=0x39) || point > 0xFF && of(point, classify::is_decimal)
}

/// Decimal digits and those in superscripts, subscripts and circles.
fn is_digit(point: u32) -> bool {
    matches!(point, 0x30..=0x39) || point > 0x7F && of(point, classify::is_digit)
}

/// Are there characters, and do all pass?
fn all(this: ThisStr, test: impl Fn(u32) -> bool) -> bool {
    let text = this.view();
    !text.is_empty() && text.all(test)
}

/// Are there characters, and is each one of these kinds?
fn all_are(this: ThisStr, kinds: u8) -> bool {
    let letters = letters();
    all(this, |point| letters.kinds(point) & kinds != 0)
}

pub fn isalpha(this: ThisStr) -> bool {
    all_are(this, ALPHA)
}

pub fn isdigit(this: ThisStr) -> bool {
    all(this, is_digit)
}

pub fn isdecimal(this: ThisStr) -> bool {
    all(this, is_decimal)
}

pub fn isnumeric(this: ThisStr) -> bool {
    all_are(this, NUMERIC)
}

pub fn isalnum(this: ThisStr) -> bool {
    all_are(this, ALPHA | NUMERIC)
}

pub fn isspace(this: ThisStr) -> bool {
    all(this, is_space)
}

/// Is there a character of these kinds, and none of those?
fn some_but_no(this: ThisStr, kinds: u8, others: u8) -> bool {
    let (text, letters) = (this.view(), letters());
    match text.position(0, |point| letters.kinds(point) & (kinds | others) != 0) {
        Some(first) => text.position(first, |point| letters.kinds(point) & others != 0).is_none(),
        None => false,
    }
}

pub fn isupper(this: ThisStr) -> bool {
    some_but_no(this, UPPER, LOWER | TITLE)
}

pub fn islower(this: ThisStr) -> bool {
    some_but_no(this, LOWER, UPPER | TITLE)
}

pub fn istitle(this: ThisStr) -> bool {
    let (mut any, mut inside) = (false, false);
    let (text, letters) = (this.view(), letters());
    for at in 0..text.len() {
        let kinds = letters.kinds(text.at(at));
        let (raised, lowered) = (kinds & (UPPER | TITLE) != 0, kinds & LOWER != 0);
        if raised && inside || lowered && !inside {
            return false;
        }
        inside = raised || lowered;
        any |= inside;
    }
    any
}

pub fn isascii(this: ThisStr) -> bool {
    matches!(this.view(), View::One(data) if data.is_ascii())
}

/// Could the text be a name?
pub fn is_identifier(text: View<'_>) -> bool {
    let starts = |point: u32| point == '_' as u32 || of(point, unicode_ident::is_xid_start);
    !text.is_empty() && starts(text.at(0)) && text.all(|point| of(point, unicode_ident::is_xid_continue))
}

pub fn isprintable(this: ThisStr) -> bool {
    this.view().all(crate::object::convert::is_printable)
}
