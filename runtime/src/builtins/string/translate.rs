//! `str.translate`, and the tables that it takes.

use super::{StrBuilder, ThisStr};
use crate::object::argument::{Str, This};
use crate::object::layout::DictObject;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What comes in a code point's place.
#[derive(Clone, Copy)]
enum Replacement {
    Nothing,
    Point(u32),
    Text(Str),
}

/// So many code points, the first ones, are asked for once in a text.
const N_REMEMBERED: usize = 128;

pub fn translate(vm: &mut Vm, this: ThisStr, table: Value) -> PyResult {
    // A table of another type may answer anew each time.
    let is_dict = vm.is_exactly::<DictObject>(table);
    let mut result = StrBuilder::new();
    let mut start = 0;
    if is_dict && let View::One(data) = this.view() {
        let narrow = translate_narrow(vm, data, table)?;
        if narrow.len() == data.len() {
            return Ok(vm.str_from_latin1(&narrow));
        }
        start = narrow.len();
        result.push_view(View::One(&narrow));
    }
    let mut remembered = [None; N_REMEMBERED];
    let known = if is_dict { &mut remembered[..] } else { &mut [] };
    for point in this.view().part(start, this.view().len()).code_points() {
        let replacement = match known.get(point as usize) {
            Some(&Some(replacement)) => replacement,
            _ => {
                let replacement = replacement(vm, table, point)?;
                if let Some(known) = known.get_mut(point as usize) {
                    *known = Some(replacement);
                }
                replacement
            }
        };
        match replacement {
            Replacement::Nothing => {}
            Replacement::Point(point) => result.push(point),
            Replacement::Text(text) => result.push_view(text.view()),
        }
    }
    Ok(result.finish(vm))
}

/// What a text begins with, translated, as far as there is one code point of a byte in each one's place.
fn translate_narrow(vm: &mut Vm, data: &[u8], table: Value) -> PyResult<Vec<u8>> {
    const UNKNOWN: u16 = 0x100;
    let mut known = [UNKNOWN; 256];
    let mut result = Vec::with_capacity(data.len());
    for &byte in data {
        if known[byte as usize] == UNKNOWN {
            match replacement(vm, table, byte.into())? {
                Replacement::Point(point @ 0..0x100) => known[byte as usize] = point as u16,
                _ => break,
            }
        }
        result.push(known[byte as usize] as u8);
    }
    Ok(result)
}

fn replacement(vm: &mut Vm, table: Value, point: u32) -> PyResult<Replacement> {
    let Some(value) = entry(vm, table, point)? else { return Ok(Replacement::Point(point)) };
    if value.is_none() {
        return Ok(Replacement::Nothing);
    }
    if let Some(text) = Str::of(vm, value) {
        return Ok(Replacement::Text(text));
    }
    if !vm.is_int_like(value) {
        return Err(vm.raise_type("character mapping must return integer, None or str"));
    }
    match u32::try_from(vm.index_clamped(value)?) {
        Ok(point) if point <= 0x10_FFFF => Ok(Replacement::Point(point)),
        _ => Err(vm.raise_value("character mapping must be in range(0x110000)")),
    }
}

/// What a table has for a code point.
fn entry(vm: &mut Vm, table: Value, point: u32) -> PyResult<Option<Value>> {
    let key = Value::small_int(point as i64);
    if vm.is_exactly::<DictObject>(table) {
        return vm.dict_get(table, key);
    }
    match vm.get_item(table, key) {
        Ok(value) => Ok(Some(value)),
        Err(_) if vm.exception_matches(vm.exceptions.LookupError) => {
            vm.clear_exception();
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

pub fn maketrans(vm: &mut Vm, x: Value, y: Option<Str>, z: Option<Str>) -> PyResult {
    let Some(to) = y else { return of_dict(vm, x) };
    let Some(from) = Str::of(vm, x) else {
        return Err(vm.raise_type("first maketrans argument must be a string if there is a second argument"));
    };
    let (from, to) = (from.view(), to.view());
    if from.len() != to.len() {
        return Err(vm.raise_value("the first two maketrans arguments must have equal length"));
    }
    let table = vm.new_dict();
    for (from, to) in from.code_points().zip(to.code_points()) {
        vm.dict_set(table, Value::small_int(from as i64), Value::small_int(to as i64))?;
    }
    for point in z.iter().flat_map(|removed| removed.view().code_points()) {
        vm.dict_set(table, Value::small_int(point as i64), Value::NONE)?;
    }
    Ok(table)
}

/// A table of a dict whose keys are code points, or texts of one character.
fn of_dict(vm: &mut Vm, dict: Value) -> PyResult {
    let Some(dict) = This::<DictObject>::of(vm, dict) else {
        return Err(vm.raise_type("if you give only one argument to maketrans it must be a dict"));
    };
    let table = vm.new_dict();
    let mut at = 0;
    while let Some((index, entry)) = dict.next_entry(at) {
        at = index + 1;
        let (key, value) = (entry.key, entry.value);
        let key = match Str::of(vm, key) {
            Some(text) if text.view().len() == 1 => Value::small_int(text.view().at(0) as i64),
            Some(_) => return Err(vm.raise_value("string keys in translate table must be of length 1")),
            None if vm.is_int_like(key) => key,
            None => return Err(vm.raise_type("keys in translate table must be strings or integers")),
        };
        vm.dict_set(table, key, value)?;
    }
    Ok(table)
}
