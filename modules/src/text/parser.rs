//! The parts of a format string.

use super::{check_str, is};
use std::ops::Range;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Parts {
    header: Header,
    text: Value,
    at: usize,
}

pub static PARTS: TypeSpec = TypeSpec {
    name: "formatteriterator",
    doc: "Over the parts of a format string.",
    layout: Some(Layout::of::<Parts>(1)),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: slot(next), ..Slots::NONE },
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Parts {
    const SPEC: &'static TypeSpec = &PARTS;
}

pub fn parse(vm: &mut Vm, text: Value) -> PyResult {
    check_str(vm, text)?;
    let class = vm.type_of_spec(&PARTS);
    vm.new_object(class, |header| Parts { header, text, at: 0 })
}

/// A field in braces.
struct Field {
    name: Range<usize>,
    conversion: Option<u32>,
    specification: Range<usize>,
}

/// What is wrong.
type Fault = &'static str;

/// Text up to a field, and the field if one follows; where the next part begins.
fn part(view: View<'_>, start: usize) -> Result<(Range<usize>, Option<Field>, usize), Fault> {
    let len = view.len();
    let Some(brace) = (start..len).find(|&at| is(view.at(at), '{') || is(view.at(at), '}')) else {
        return Ok((start..len, None, len));
    };
    let next = (brace + 1 < len).then(|| view.at(brace + 1));
    if next == Some(view.at(brace)) {
        return Ok((start..brace + 1, None, brace + 2));
    }
    if is(view.at(brace), '}') {
        return Err("Single '}' encountered in format string");
    }
    if next.is_none() {
        return Err("Single '{' encountered in format string");
    }
    let (field, end) = field(view, brace + 1)?;
    Ok((start..brace, Some(field), end))
}

/// The field that begins behind a brace, and where it has ended.
fn field(view: View<'_>, start: usize) -> Result<(Field, usize), Fault> {
    let len = view.len();
    let mut at = start;
    let end = loop {
        if at >= len {
            return Err("expected '}' before end of string");
        }
        let point = view.at(at);
        if is(point, '{') {
            return Err("unexpected '{' in field name");
        }
        if is(point, '}') || is(point, ':') || is(point, '!') {
            break point;
        }
        at += 1;
        if is(point, '[') {
            at = (at..len).find(|&at| is(view.at(at), ']')).unwrap_or(len);
        }
    };
    let name = start..at;
    at += 1;
    let mut conversion = None;
    if is(end, '}') {
        return Ok((Field { name, conversion, specification: at..at }, at));
    }
    if is(end, '!') {
        if at >= len {
            return Err("end of string while looking for conversion specifier");
        }
        conversion = Some(view.at(at));
        at += 1;
        if at < len {
            at += 1;
            if is(view.at(at - 1), '}') {
                return Ok((Field { name, conversion, specification: at..at }, at));
            }
            if !is(view.at(at - 1), ':') {
                return Err("expected ':' after conversion specifier");
            }
        }
    }
    let mut depth = 1;
    for end in at..len {
        depth += i32::from(is(view.at(end), '{')) - i32::from(is(view.at(end), '}'));
        if depth == 0 {
            return Ok((Field { name, conversion, specification: at..end }, end + 1));
        }
    }
    Err("unmatched '{' in format spec")
}

fn next(vm: &mut Vm, mut this: This<Parts>) -> PyResult<Option<Value>> {
    let (text, start) = (this.text, this.at);
    let view = vm.str_of(text).view();
    if start >= view.len() {
        return Ok(None);
    }
    let (literal, field, end) = part(view, start).map_err(|fault| vm.raise_value(fault))?;
    this.at = end;
    let literal = vm.str_slice(text, literal.start, literal.end);
    let [name, specification, conversion] = match field {
        None => [Value::NONE; 3],
        Some(Field { name, conversion, specification }) => [
            vm.str_slice(text, name.start, name.end),
            vm.str_slice(text, specification.start, specification.end),
            conversion.map_or(Value::NONE, |point| vm.str_from_code_point(point)),
        ],
    };
    Ok(Some(vm.new_tuple(&[literal, name, specification, conversion])))
}
