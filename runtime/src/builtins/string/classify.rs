//! Predicates of code points and strings, by Unicode's properties.

use super::ThisStr;
use crate::object::string::View;
use rustpython_unicode::{case, classify};

fn of(point: u32, test: impl Fn(char) -> bool) -> bool {
    char::from_u32(point).is_some_and(test)
}

pub fn is_space(point: u32) -> bool {
    matches!(point, 0x09..=0x0D | 0x1C..=0x20 | 0x85 | 0xA0) || point > 0xFF && of(point, char::is_whitespace)
}

pub fn is_upper(point: u32) -> bool {
    of(point, char::is_uppercase)
}

pub fn is_lower(point: u32) -> bool {
    of(point, char::is_lowercase)
}

fn is_title(point: u32) -> bool {
    point > 0xFF && of(point, case::is_titlecase)
}

pub fn is_cased(point: u32) -> bool {
    is_upper(point) || is_lower(point) || is_title(point)
}

fn is_alpha(point: u32) -> bool {
    of(point, |c| c.is_ascii_alphabetic() || !c.is_ascii() && classify::is_alpha(c))
}

fn is_decimal(point: u32) -> bool {
    matches!(point, 0x30..=0x39) || point > 0xFF && of(point, classify::is_decimal)
}

/// Decimal digits and those in superscripts, subscripts and circles.
fn is_digit(point: u32) -> bool {
    matches!(point, 0x30..=0x39) || point > 0x7F && of(point, classify::is_digit)
}

fn is_numeric(point: u32) -> bool {
    matches!(point, 0x30..=0x39) || point > 0x7F && of(point, classify::is_numeric)
}

/// Are there characters, and do all pass?
fn all(this: ThisStr, test: impl Fn(u32) -> bool) -> bool {
    let text = this.view();
    !text.is_empty() && text.all(test)
}

pub fn isalpha(this: ThisStr) -> bool {
    all(this, is_alpha)
}

pub fn isdigit(this: ThisStr) -> bool {
    all(this, is_digit)
}

pub fn isdecimal(this: ThisStr) -> bool {
    all(this, is_decimal)
}

pub fn isnumeric(this: ThisStr) -> bool {
    all(this, is_numeric)
}

pub fn isalnum(this: ThisStr) -> bool {
    all(this, |point| is_alpha(point) || is_numeric(point))
}

pub fn isspace(this: ThisStr) -> bool {
    all(this, is_space)
}

pub fn isupper(this: ThisStr) -> bool {
    let text = this.view();
    text.position(0, is_upper).is_some() && text.all(|point| !is_lower(point) && !is_title(point))
}

pub fn islower(this: ThisStr) -> bool {
    let text = this.view();
    text.position(0, is_lower).is_some() && text.all(|point| !is_upper(point) && !is_title(point))
}

pub fn istitle(this: ThisStr) -> bool {
    let (mut any, mut inside) = (false, false);
    for point in this.view().code_points() {
        let (raised, lowered) = (is_upper(point) || is_title(point), is_lower(point));
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
