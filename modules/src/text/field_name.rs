//! The parts of a field's name: `a.b[0]`.

use super::{check_str, is};
use std::ops::Range;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::integer::decimal_digit;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Steps {
    header: Header,
    text: Value,
    at: usize,
}

pub static STEPS: TypeSpec = TypeSpec {
    name: "fieldnameiterator",
    doc: "Over the attributes and items that a field's name asks for.",
    layout: Some(Layout::of::<Steps>(1)),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: slot(next), ..Slots::NONE },
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Steps {
    const SPEC: &'static TypeSpec = &STEPS;
}

pub fn split(vm: &mut Vm, text: Value) -> PyResult {
    check_str(vm, text)?;
    let end = end_of_name(vm.str_of(text).view(), 0);
    let first = number_or_text(vm, text, 0..end)?;
    let class = vm.type_of_spec(&STEPS);
    let steps = vm.new_object(class, |header| Steps { header, text, at: end })?;
    Ok(vm.new_tuple(&[first, steps]))
}

/// Where a name that begins at `start` ends: in front of a dot or bracket.
fn end_of_name(view: View<'_>, start: usize) -> usize {
    (start..view.len()).find(|&at| is(view.at(at), '.') || is(view.at(at), '[')).unwrap_or(view.len())
}

/// A part of decimal digits alone as an int; others as text.
fn number_or_text(vm: &mut Vm, text: Value, part: Range<usize>) -> PyResult {
    let view = vm.str_of(text).view();
    let digit = |at: usize| char::from_u32(view.at(at)).and_then(decimal_digit);
    let mut number = (!part.is_empty()).then_some(0i64);
    for at in part.clone() {
        number = match (number, digit(at)) {
            (Some(number), Some(digit)) => {
                let next = number.checked_mul(10).and_then(|number| number.checked_add(digit as i64));
                Some(next.ok_or_else(|| vm.raise_value("Too many decimal digits in format string"))?)
            }
            _ => None,
        };
    }
    Ok(match number {
        Some(number) => vm.new_int(number),
        None => vm.str_slice(text, part.start, part.end),
    })
}

fn next(vm: &mut Vm, mut this: This<Steps>) -> PyResult<Option<Value>> {
    let (text, start) = (this.text, this.at);
    let view = vm.str_of(text).view();
    if start >= view.len() {
        return Ok(None);
    }
    let is_attribute = is(view.at(start), '.');
    let (part, end) = if is_attribute {
        let end = end_of_name(vm.str_of(text).view(), start + 1);
        (start + 1..end, end)
    } else if is(view.at(start), '[') {
        match (start + 1..view.len()).find(|&at| is(view.at(at), ']')) {
            Some(end) => (start + 1..end, end + 1),
            None => return Err(vm.raise_value("Missing ']' in format string")),
        }
    } else {
        return Err(vm.raise_value("Only '.' or '[' may follow ']' in format field specifier"));
    };
    if part.is_empty() {
        return Err(vm.raise_value("Empty attribute in format string"));
    }
    this.at = end;
    let step = if is_attribute { vm.str_slice(text, part.start, part.end) } else { number_or_text(vm, text, part)? };
    Ok(Some(vm.new_tuple(&[Value::bool(is_attribute), step])))
}
