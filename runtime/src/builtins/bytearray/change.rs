//! Methods that change a bytearray.

use super::{ByteArray, codec, resize, splice};
use crate::builtins::bytes::{ByteString, check_encoding, concatenated, count, each_byte};
use crate::object::argument::{Byte, Index, Str, This};
use crate::object::buffer::{BytesLike, copied_bytes};
use crate::object::layout::DictObject;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const OUT_OF_RANGE: &str = "byte must be in range(0, 256)";

pub fn init(
    vm: &mut Vm,
    this: This<ByteArray>,
    source: Value,
    encoding: Option<Str>,
    errors: Option<Str>,
) -> PyResult<()> {
    resize(vm, this, 0)?;
    fill(vm, this, source, encoding, errors)
}

/// Appends what the arguments of the constructor say.
fn fill(
    vm: &mut Vm,
    mut this: This<ByteArray>,
    source: Value,
    encoding: Option<Str>,
    errors: Option<Str>,
) -> PyResult<()> {
    check_encoding(vm, source, encoding, errors)?;
    if source.is_unbound() {
        return Ok(());
    }
    if Str::of(vm, source).is_some() {
        let encoded = codec::encode(vm, source, Str::or_unbound(encoding), Str::or_unbound(errors))?;
        let encoded = BytesLike::of(vm, encoded)?;
        return append_all(vm, this, &encoded);
    }
    if let Some(count) = count(vm, source)? {
        let len = this.len;
        resize(vm, this, count)?;
        this.data_mut()[len.min(count)..].fill(0);
        return Ok(());
    }
    if vm.is_bytes_like(source) {
        let source = copied_bytes(vm, source)?;
        return append_all(vm, this, &source);
    }
    if !vm.is_iterable(source) {
        let message = format!("cannot convert '{}' object to bytearray", vm.class_name(source));
        return Err(vm.raise_type(&message));
    }
    let mut data = Vec::new();
    each_byte(vm, source, OUT_OF_RANGE, false, |byte| data.push(byte))?;
    append_all(vm, this, &data)
}

fn append_all(vm: &mut Vm, this: This<ByteArray>, data: &[u8]) -> PyResult<()> {
    let len = this.len;
    splice(vm, this, len, len, data)
}

pub fn append(vm: &mut Vm, this: This<ByteArray>, item: Byte) -> PyResult<()> {
    append_all(vm, this, &[item.0])
}

pub fn extend(vm: &mut Vm, this: This<ByteArray>, items: Value) -> PyResult<()> {
    if items == this.value() {
        let data = this.data().to_vec();
        return append_all(vm, this, &data);
    }
    if vm.is_bytes_like(items) {
        let data = BytesLike::of(vm, items)?;
        return append_all(vm, this, &data);
    }
    if !vm.is_iterable(items) {
        let message = format!("can't extend bytearray with {}", vm.class_name(items));
        return Err(vm.raise_type(&message));
    }
    if Str::of(vm, items).is_some() {
        return Err(vm.raise_type("expected iterable of integers; got: 'str'"));
    }
    let mut data = Vec::new();
    each_byte(vm, items, OUT_OF_RANGE, true, |byte| data.push(byte))?;
    append_all(vm, this, &data)
}

pub fn insert(vm: &mut Vm, this: This<ByteArray>, index: Index, item: Byte) -> PyResult<()> {
    let len = this.len as i64;
    let at = if index.0 < 0 { (index.0 + len).max(0) } else { index.0.min(len) } as usize;
    splice(vm, this, at, at, &[item.0])
}

pub fn pop(vm: &mut Vm, this: This<ByteArray>, index: Option<Index>) -> PyResult<i64> {
    let len = this.len as i64;
    if len == 0 {
        return Err(vm.raise_index("pop from empty bytearray"));
    }
    let index = index.map_or(-1, |index| index.0);
    let at = if index < 0 { index + len } else { index };
    if !(0..len).contains(&at) {
        return Err(vm.raise_index("pop index out of range"));
    }
    let (at, byte) = (at as usize, this.data()[at as usize]);
    splice(vm, this, at, at + 1, &[])?;
    Ok(byte as i64)
}

pub fn remove(vm: &mut Vm, this: This<ByteArray>, value: Byte) -> PyResult<()> {
    match memchr::memchr(value.0, this.data()) {
        Some(at) => splice(vm, this, at, at + 1, &[]),
        None => Err(vm.raise_value("value not found in bytearray")),
    }
}

pub fn resize_to(vm: &mut Vm, mut this: This<ByteArray>, size: Index) -> PyResult<()> {
    let Ok(size) = usize::try_from(size.0) else {
        let message = format!("Can only resize to positive sizes, got {}", size.0);
        return Err(vm.raise_value(&message));
    };
    let len = this.len;
    resize(vm, this, size)?;
    this.data_mut()[len.min(size)..].fill(0);
    Ok(())
}

pub fn inplace_concat(vm: &mut Vm, this: This<ByteArray>, other: Value) -> PyResult {
    let other = concatenated(vm, this.value(), other)?;
    append_all(vm, this, &other)?;
    Ok(this.value())
}

pub fn inplace_repeat(vm: &mut Vm, mut this: This<ByteArray>, count: Value) -> PyResult {
    let count = vm.repeat_count(count)?;
    let repeated = vm.repeated_bytes(this.data(), count)?;
    let n_kept = this.len.min(repeated.len());
    resize(vm, this, repeated.len())?;
    this.data_mut()[n_kept..].copy_from_slice(&repeated[n_kept..]);
    Ok(this.value())
}

/// What makes it anew: its class, the content (before protocol 3 as text), its attributes.
pub fn reduce(vm: &mut Vm, this: This<ByteArray>, protocol: Option<Index>) -> PyResult {
    let value = this.value();
    let class = Value::object(vm.class_of(value));
    let name = vm.names.__dict__;
    let state = match vm.get_attr_opt(value, name)? {
        Some(dict) if This::<DictObject>::of(vm, dict).is_some_and(|dict| dict.len > 0) => dict,
        _ => Value::NONE,
    };
    let arguments = if protocol.is_none_or(|protocol| protocol.0 < 3) {
        if this.data().is_empty() {
            vm.empty_tuple
        } else {
            let (text, encoding) = (vm.str_from_latin1(this.data()), vm.new_str("latin-1"));
            vm.new_tuple(&[text, encoding])
        }
    } else {
        let bytes = vm.new_bytes(this.data())?;
        if this.data().is_empty() { vm.empty_tuple } else { vm.new_tuple(&[bytes]) }
    };
    Ok(vm.new_tuple(&[class, arguments, state]))
}
