//! Taking bytes off the ends and putting them there.

use super::{ByteString, MOST_BYTES, is_space, part};
use crate::object::argument::{Index, Parameter, Place, This, Word};
use crate::object::buffer::BytesLike;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

fn stripped<K: ByteString>(vm: &mut Vm, this: This<K>, set: Value, left: bool, right: bool) -> PyResult {
    let set = match vm.optional(set) {
        Some(set) => Some(BytesLike::of(vm, set)?),
        None => None,
    };
    let goes = |byte: &u8| match &set {
        Some(set) => memchr::memchr(*byte, set).is_some(),
        None => is_space(byte),
    };
    let data = this.data();
    let stays = |byte: &u8| !goes(byte);
    let end = if right { data.iter().rposition(stays).map_or(0, |last| last + 1) } else { data.len() };
    let start = if left { data[..end].iter().position(stays).unwrap_or(end) } else { 0 };
    part(vm, this, start, end)
}

pub fn strip<K: ByteString>(vm: &mut Vm, this: This<K>, set: Value) -> PyResult {
    stripped(vm, this, set, true, true)
}

pub fn lstrip<K: ByteString>(vm: &mut Vm, this: This<K>, set: Value) -> PyResult {
    stripped(vm, this, set, true, false)
}

pub fn rstrip<K: ByteString>(vm: &mut Vm, this: This<K>, set: Value) -> PyResult {
    stripped(vm, this, set, false, true)
}

/// A byte string of one byte.
#[derive(Clone, Copy)]
pub struct Fill(u8);

impl Parameter for Fill {
    fn from_argument(vm: &mut Vm, argument: Value, place: Place<'_>) -> PyResult<Fill> {
        if argument.is_unbound() {
            return Ok(Fill(b' '));
        }
        let method = place.binding.row.name;
        let place = place.index;
        let Some(kind) = super::construct::byte_string_name(vm, argument) else {
            let given = if argument.is_none() { "None".to_string() } else { vm.class_name(argument) };
            let message = format!("{method}() argument {place} must be a byte string of length 1, not {given}");
            return Err(vm.raise_type(&message));
        };
        match *BytesLike::of(vm, argument)? {
            [byte] => Ok(Fill(byte)),
            ref other => {
                let len = other.len();
                let message = format!(
                    "{method}(): argument {place} must be a byte string of length 1, not a {kind} object of length {len}"
                );
                Err(vm.raise_type(&message))
            }
        }
    }
}

fn padded<K: ByteString>(vm: &mut Vm, this: This<K>, left: usize, fill: u8, right: usize) -> PyResult {
    if left == 0 && right == 0 {
        return K::unchanged(vm, this);
    }
    let data = this.data();
    let Some(len) = data.len().checked_add(left + right).filter(|&len| len <= MOST_BYTES) else {
        return Err(vm.raise_memory());
    };
    let mut padded = vec![fill; len];
    padded[left..left + data.len()].copy_from_slice(data);
    K::make(vm, &padded)
}

/// How many bytes are missing.
fn missing<K: ByteString>(this: This<K>, width: Index) -> usize {
    (width.0.max(0) as usize).saturating_sub(this.data().len())
}

pub fn center<K: ByteString>(vm: &mut Vm, this: This<K>, width: Index, fill: Fill) -> PyResult {
    let missing = missing(this, width);
    let left = missing / 2 + (missing & width.0.max(0) as usize & 1);
    padded(vm, this, left, fill.0, missing - left)
}

pub fn ljust<K: ByteString>(vm: &mut Vm, this: This<K>, width: Index, fill: Fill) -> PyResult {
    padded(vm, this, 0, fill.0, missing(this, width))
}

pub fn rjust<K: ByteString>(vm: &mut Vm, this: This<K>, width: Index, fill: Fill) -> PyResult {
    padded(vm, this, missing(this, width), fill.0, 0)
}

pub fn zfill<K: ByteString>(vm: &mut Vm, this: This<K>, width: Index) -> PyResult {
    let missing = missing(this, width);
    if missing == 0 {
        return K::unchanged(vm, this);
    }
    if missing > MOST_BYTES {
        return Err(vm.raise_memory());
    }
    let data = this.data();
    let (sign, digits) = match data.first() {
        Some(b'+' | b'-') => data.split_at(1),
        _ => (&data[..0], data),
    };
    let filled = [sign, &vec![b'0'; missing], digits].concat();
    K::make(vm, &filled)
}

pub fn expandtabs<K: ByteString>(vm: &mut Vm, this: This<K>, size: Option<Word<i32>>) -> PyResult {
    let size = size.map_or(8, |size| size.0.max(0) as usize);
    let mut expanded = Vec::with_capacity(this.data().len());
    let mut column = 0;
    for &byte in this.data() {
        match byte {
            b'\t' if size > 0 => {
                let n_spaces = size - column % size;
                column += n_spaces;
                if expanded.len() + n_spaces > MOST_BYTES {
                    return Err(vm.raise_overflow("result too long"));
                }
                expanded.resize(expanded.len() + n_spaces, b' ');
            }
            b'\t' => {}
            _ => {
                column = if matches!(byte, b'\n' | b'\r') { 0 } else { column + 1 };
                expanded.push(byte);
            }
        }
    }
    K::make(vm, &expanded)
}
