//! Predicates of code points and strings. Beyond Latin-1 they follow the properties that Rust's `char` knows.

use super::ThisStr;
use crate::object::string::View;

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
    matches!(point, 0x1C5 | 0x1C8 | 0x1CB | 0x1F2 | 0x1F88..=0x1F8F | 0x1F98..=0x1F9F | 0x1FA8..=0x1FAF | 0x1FBC | 0x1FCC | 0x1FFC)
}

pub fn is_cased(point: u32) -> bool {
    is_upper(point) || is_lower(point) || is_title(point)
}

fn is_alpha(point: u32) -> bool {
    of(point, char::is_alphabetic)
}

fn is_decimal(point: u32) -> bool {
    matches!(point, 0x30..=0x39) || of(point, |c| crate::object::integer::decimal_digit(c).is_some())
}

/// Decimal digits and those in superscripts, subscripts and circles.
fn is_digit(point: u32) -> bool {
    is_decimal(point)
        || matches!(point, 0xB2 | 0xB3 | 0xB9 | 0x2070 | 0x2074..=0x2079 | 0x2080..=0x2089 | 0x2460..=0x2468 | 0x2474..=0x247C | 0x2488..=0x2490 | 0x24EA | 0x24F5..=0x24FD | 0x24FF | 0x2776..=0x277E)
}

fn is_numeric(point: u32) -> bool {
    is_digit(point) || of(point, char::is_numeric)
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
