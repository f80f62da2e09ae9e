//! Encodings of one byte a character, by a mapping.

use super::decode::handle;
use super::errors::{Answer, Handler, Trouble, escaped};
use crate::object::buffer::copied_bytes;
use crate::object::convert::text::Text;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;

/// What a table for decoding has where there is no character.
const UNDEFINED: u32 = 0xFFFE;
const REASON: &str = "character maps to <undefined>";

/// The mapping from code points to bytes that goes with a table, a text of 256 code points or fewer.
pub fn build(vm: &mut Vm, table: Value) -> PyResult {
    let mapping = vm.new_dict();
    for (byte, point) in vm.str_of(table).view().code_points().enumerate().take(256) {
        if point != UNDEFINED {
            vm.dict_set(mapping, Value::small_int(point as i64), Value::small_int(byte as i64))?;
        }
    }
    Ok(mapping)
}

/// What a mapping has for a number; `None` where it has nothing, or None.
fn find(vm: &mut Vm, mapping: Value, number: i64) -> PyResult<Option<Value>> {
    match vm.get_item(mapping, Value::small_int(number)) {
        Ok(found) => Ok((!found.is_none()).then_some(found)),
        Err(_) if vm.exception_matches(vm.exceptions.LookupError) => {
            vm.clear_exception();
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

pub fn decode(vm: &mut Vm, data: &[u8], handler: &Handler, mapping: Option<Value>) -> PyResult {
    let Some(mapping) = mapping else { return Ok(vm.str_from_latin1(data)) };
    let table = vm.is_str(mapping).then(|| vm.str_of(mapping).view());
    let mut data = Cow::Borrowed(data);
    let mut text = Text::new();
    let mut at = 0;
    while at < data.len() {
        let is_there = match table {
            Some(table) => {
                let point = if (data[at] as usize) < table.len() { table.at(data[at] as usize) } else { UNDEFINED };
                if point != UNDEFINED {
                    text.push(point);
                }
                point != UNDEFINED
            }
            None => push_mapped(vm, mapping, data[at], &mut text)?,
        };
        at = if is_there { at + 1 } else { handle(vm, "charmap", handler, at..at + 1, REASON, &mut data, &mut text)? };
    }
    Ok(text.finish(vm))
}

/// Appends what a mapping, which is no table, has for a byte.
fn push_mapped(vm: &mut Vm, mapping: Value, byte: u8, text: &mut Text) -> PyResult<bool> {
    let Some(found) = find(vm, mapping, byte as i64)? else { return Ok(false) };
    if vm.is_str(found) {
        let view = vm.str_of(found).view();
        let is_undefined = view.len() == 1 && view.at(0) == UNDEFINED;
        if !is_undefined {
            text.push_view(view);
        }
        return Ok(!is_undefined);
    }
    if !vm.is_index(found) {
        return Err(vm.raise_type("character mapping must return integer, None or str"));
    }
    match vm.index_i64(found)? {
        point if point == UNDEFINED as i64 => Ok(false),
        point @ 0..0x11_0000 => {
            text.push(point as u32);
            Ok(true)
        }
        _ => Err(vm.raise_type("character mapping must be in range(0x110000)")),
    }
}

pub fn encode(vm: &mut Vm, text: Value, handler: &Handler, mapping: Option<Value>) -> PyResult {
    let Some(mapping) = mapping else { return super::encode::encode(vm, super::Codec::Latin1, handler, text) };
    let view = vm.str_of(text).view();
    let mut data = Vec::with_capacity(view.len());
    let mut at = 0;
    while at < view.len() {
        if push_byte(vm, mapping, view.at(at), &mut data)? {
            at += 1;
            continue;
        }
        let start = at;
        let mut scratch = Vec::new();
        at += 1;
        while at < view.len() && !push_byte(vm, mapping, view.at(at), &mut scratch)? {
            at += 1;
        }
        let class = vm.exceptions.UnicodeEncodeError;
        let trouble =
            Trouble { class, encoding: "charmap", object: text, len: view.len(), at: start..at, reason: REASON };
        let mut instead = Text::new();
        match handler {
            Handler::Ignore => {}
            Handler::Replace => (start..at).for_each(|_| instead.push('?' as u32)),
            Handler::BackslashReplace => (start..at).for_each(|at| instead.push_str(&escaped(view.at(at)))),
            Handler::XmlCharRefReplace => (start..at).for_each(|at| instead.push_str(&format!("&#{};", view.at(at)))),
            Handler::SurrogateEscape if (0xDC80..0xDD00).contains(&view.at(start)) => {
                data.push((view.at(start) - 0xDC00) as u8);
                at = start + 1;
            }
            Handler::Registered(name) => {
                let Answer { replacement, place, .. } = trouble.ask(vm, name)?;
                at = place;
                if vm.is_str(replacement) {
                    instead.push_view(vm.str_of(replacement).view());
                } else {
                    data.extend_from_slice(&copied_bytes(vm, replacement)?);
                }
            }
            _ => return Err(trouble.raise(vm)),
        }
        for point in instead.view().code_points() {
            if !push_byte(vm, mapping, point, &mut data)? {
                return Err(trouble.raise(vm));
            }
        }
    }
    vm.new_bytes(&data)
}

/// Appends what the mapping has for a code point.
fn push_byte(vm: &mut Vm, mapping: Value, point: u32, data: &mut Vec<u8>) -> PyResult<bool> {
    let Some(found) = find(vm, mapping, point as i64)? else { return Ok(false) };
    if vm.is_index(found) {
        match u8::try_from(vm.index_i64(found)?) {
            Ok(byte) => data.push(byte),
            Err(_) => return Err(vm.raise_type("character mapping must be in range(256)")),
        }
        return Ok(true);
    }
    if !vm.is_bytes_like(found) {
        let name = vm.class_name(found);
        return Err(vm.raise_type(&format!("character mapping must return integer, bytes or None, not {name}")));
    }
    data.extend_from_slice(&copied_bytes(vm, found)?);
    Ok(true)
}
