//! Predicates of code points and strings. Beyond Latin-1 they follow the properties that Rust's `char` knows.

use super::receiver;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

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

fn is_printable(point: u32) -> bool {
    match char::from_u32(point) {
        None => false,
        Some(' ') => true,
        Some(c) if c.is_ascii() => !c.is_ascii_control(),
        Some(c) => {
            !c.is_control()
                && !c.is_whitespace()
                && !matches!(point, 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xE000..=0xF8FF | 0xFFF0..=0xFFFB)
        }
    }
}

fn all(vm: &mut Vm, args: &[Value], test: fn(u32) -> bool) -> PyResult {
    let text = receiver(vm, args)?;
    Ok(Value::bool(!text.is_empty() && text.code_points().all(test)))
}

pub fn isalpha(vm: &mut Vm, args: &[Value]) -> PyResult {
    all(vm, args, is_alpha)
}

pub fn isdigit(vm: &mut Vm, args: &[Value]) -> PyResult {
    all(vm, args, is_digit)
}

pub fn isdecimal(vm: &mut Vm, args: &[Value]) -> PyResult {
    all(vm, args, is_decimal)
}

pub fn isnumeric(vm: &mut Vm, args: &[Value]) -> PyResult {
    all(vm, args, is_numeric)
}

pub fn isalnum(vm: &mut Vm, args: &[Value]) -> PyResult {
    all(vm, args, |point| is_alpha(point) || is_numeric(point))
}

pub fn isspace(vm: &mut Vm, args: &[Value]) -> PyResult {
    all(vm, args, is_space)
}

pub fn isupper(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    Ok(Value::bool(text.code_points().any(is_upper) && !text.code_points().any(|p| is_lower(p) || is_title(p))))
}

pub fn islower(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    Ok(Value::bool(text.code_points().any(is_lower) && !text.code_points().any(|p| is_upper(p) || is_title(p))))
}

pub fn istitle(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    let (mut any, mut inside) = (false, false);
    for point in text.code_points() {
        let (raised, lowered) = (is_upper(point) || is_title(point), is_lower(point));
        if raised && inside || lowered && !inside {
            return Ok(Value::FALSE);
        }
        inside = raised || lowered;
        any |= inside;
    }
    Ok(Value::bool(any))
}

pub fn isascii(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(match receiver(vm, args)? {
        View::One(data) => data.is_ascii(),
        _ => false,
    }))
}

pub fn isidentifier(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(is_identifier(receiver(vm, args)?)))
}

/// Could the text be a name?
pub fn is_identifier(text: View<'_>) -> bool {
    let starts = |p: u32| p == '_' as u32 || is_alpha(p);
    !text.is_empty() && starts(text.at(0)) && text.code_points().all(|p| starts(p) || is_decimal(p))
}

pub fn isprintable(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = receiver(vm, args)?;
    Ok(Value::bool(text.code_points().all(is_printable)))
}
