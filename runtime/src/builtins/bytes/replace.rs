//! Replacing and translating.

use super::{ByteString, MOST_BYTES};
use crate::object::argument::{Index, This};
use crate::object::buffer::BytesLike;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use memchr::memmem;

pub fn replace<K: ByteString>(
    vm: &mut Vm,
    this: This<K>,
    old: BytesLike,
    new: BytesLike,
    count: Option<Index>,
) -> PyResult {
    let limit = count.and_then(|count| usize::try_from(count.0).ok()).unwrap_or(usize::MAX);
    let data = this.data();
    // An empty part is before each byte and at the end.
    let places: Vec<usize> = if old.is_empty() {
        (0..=data.len()).take(limit).collect()
    } else {
        memmem::find_iter(data, &old[..]).take(limit).collect()
    };
    if places.is_empty() || old[..] == new[..] {
        return K::unchanged(vm, this);
    }
    let len = places.len().checked_mul(new.len()).and_then(|len| len.checked_add(data.len()));
    if len.is_none_or(|len| len > MOST_BYTES) {
        return Err(vm.raise_overflow("replace bytes is too long"));
    }
    let mut replaced = Vec::with_capacity(data.len() + places.len() * new.len() - places.len() * old.len());
    let mut start = 0;
    for at in places {
        replaced.extend_from_slice(&data[start..at]);
        replaced.extend_from_slice(&new);
        start = at + old.len();
    }
    replaced.extend_from_slice(&data[start..]);
    K::make(vm, &replaced)
}

pub fn translate<K: ByteString>(vm: &mut Vm, this: This<K>, table: Value, delete: Option<Value>) -> PyResult {
    let table = match vm.optional(table) {
        Some(table) => Some(BytesLike::of(vm, table)?),
        None => None,
    };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(vm.raise_value("translation table must be 256 characters long"));
    }
    let delete = match delete {
        Some(delete) => Some(BytesLike::of(vm, delete)?),
        None => None,
    };
    let mut goes = [false; 256];
    for &byte in delete.iter().flat_map(|delete| delete.iter()) {
        goes[byte as usize] = true;
    }
    let data = this.data();
    let kept = data.iter().copied().filter(|&byte| !goes[byte as usize]);
    let translated: Vec<u8> = match &table {
        Some(table) => kept.map(|byte| table[byte as usize]).collect(),
        None => kept.collect(),
    };
    if translated == data { K::unchanged(vm, this) } else { K::make(vm, &translated) }
}

pub fn maketrans(vm: &mut Vm, from: BytesLike, to: BytesLike) -> PyResult {
    if from.len() != to.len() {
        return Err(vm.raise_value("maketrans arguments must have same length"));
    }
    vm.new_bytes_with(256, |table| {
        for (entry, byte) in table.iter_mut().zip(0..=u8::MAX) {
            *entry = byte;
        }
        for (&from, &to) in from.iter().zip(to.iter()) {
            table[from as usize] = to;
        }
    })
}
