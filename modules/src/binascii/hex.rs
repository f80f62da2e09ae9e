//! Hexadecimal digits.

use super::{Ascii, raise};
use stitch_runtime::object::argument::{Index, This};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

pub fn encode(vm: &mut Vm, data: BytesLike, separator: Option<Value>, group: Option<Index>) -> PyResult {
    let separator = match separator {
        Some(separator) => Some(separator_byte(vm, separator)?),
        None => None,
    };
    let group = group.map_or(1, |group| group.0);
    let mut text = Vec::with_capacity(2 * data.len());
    for (at, &byte) in data.iter().enumerate() {
        // Groups are counted from the right, or with a negative size from the left.
        let before = if group > 0 { data.len() - at } else { at };
        if let Some(separator) = separator
            && at > 0
            && group != 0
            && (before as u64).is_multiple_of(group.unsigned_abs())
        {
            text.push(separator);
        }
        text.extend([DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]]);
    }
    vm.new_bytes(&text)
}

fn separator_byte(vm: &mut Vm, separator: Value) -> PyResult<u8> {
    if vm.len(separator)? != 1 {
        return Err(vm.raise_value("sep must be length 1."));
    }
    if vm.is_str(separator) {
        return match vm.str_of(separator).view() {
            View::One(data) => Ok(data[0]),
            _ => Err(vm.raise_value("sep must be ASCII.")),
        };
    }
    if vm.is_a::<BytesObject>(separator) {
        return Ok(This::<BytesObject>::expect(vm, separator).data()[0]);
    }
    Err(vm.raise_type("sep must be str or bytes."))
}

/// The number that a digit stands for.
pub fn digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

pub fn decode(vm: &mut Vm, text: Ascii) -> PyResult {
    if text.len() % 2 == 1 {
        return Err(raise(vm, "Odd-length string"));
    }
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    match text.chunks_exact(2).map(pair).collect::<Option<Vec<u8>>>() {
        Some(data) => vm.new_bytes(&data),
        None => Err(raise(vm, "Non-hexadecimal digit found")),
    }
}
