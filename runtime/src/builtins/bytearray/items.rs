//! Items and slices of a bytearray.

use super::{BYTEARRAY, ByteArray, splice};
use crate::builtins::bytes::{ByteString, byte};
use crate::object::argument::This;
use crate::object::buffer::{BytesLike, copied_bytes};
use crate::object::layout::{BytesObject, SliceObject};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

fn index_of(vm: &mut Vm, key: Value) -> PyResult<i64> {
    vm.item_index(key, "bytearray indices must be integers or slices")
}

fn position(vm: &mut Vm, this: This<ByteArray>, index: i64) -> PyResult<usize> {
    let len = this.len;
    let at = if index < 0 { index + len as i64 } else { index };
    if (at as u64) < len as u64 { Ok(at as usize) } else { Err(vm.raise_index("bytearray index out of range")) }
}

pub fn get_item(vm: &mut Vm, this: This<ByteArray>, key: Value) -> PyResult {
    let Some(slice) = This::of(vm, key) else {
        let index = index_of(vm, key)?;
        let at = position(vm, this, index)?;
        return Ok(Value::small_int(this.data()[at] as i64));
    };
    let bounds = vm.slice_bounds(slice)?;
    let data = this.data();
    let range = bounds.within(data.len());
    if range.step == 1 {
        let start = range.start as usize;
        return ByteArray::make(vm, &data[start..start + range.count]);
    }
    let picked: Vec<u8> = match usize::try_from(range.step) {
        Ok(step) => data
            .get(range.start as usize..)
            .unwrap_or_default()
            .iter()
            .step_by(step)
            .take(range.count)
            .copied()
            .collect(),
        Err(_) => range.positions().map(|at| data[at]).collect(),
    };
    ByteArray::make(vm, &picked)
}

pub fn set_item(vm: &mut Vm, mut this: This<ByteArray>, key: Value, value: Option<Value>) -> PyResult<()> {
    if let Some(slice) = This::of(vm, key) {
        return match value {
            Some(value) => set_slice(vm, this, slice, value),
            None => del_slice(vm, this, slice),
        };
    }
    let index = index_of(vm, key)?;
    match value {
        Some(value) => {
            // Before the index meets a length, which the Python code that this may run can change.
            let byte = byte(vm, value, "byte must be in range(0, 256)")?;
            let at = position(vm, this, index)?;
            this.data_mut()[at] = byte;
            Ok(())
        }
        None => {
            let at = position(vm, this, index)?;
            splice(vm, this, at, at + 1, &[])
        }
    }
}

fn is_number(vm: &mut Vm, value: Value) -> bool {
    let names = vm.names;
    [names.__index__, names.__int__, names.__float__].into_iter().any(|name| vm.lookup_special(value, name).is_some())
}

/// What is assigned to a slice: bytes, or ints of an iterable.
enum Assigned {
    Bytes(BytesLike),
    Made(Vec<u8>),
}

impl Assigned {
    fn of(vm: &mut Vm, this: This<ByteArray>, value: Value) -> PyResult<Assigned> {
        if value == this.value() {
            return Ok(Assigned::Made(this.data().to_vec()));
        }
        if vm.is_of_spec(value, &BYTEARRAY) || vm.is_exactly::<BytesObject>(value) {
            return BytesLike::of(vm, value).map(Assigned::Bytes);
        }
        if vm.is_bytes_like(value) {
            return copied_bytes(vm, value).map(Assigned::Made);
        }
        if is_number(vm, value) || vm.is_str(value) {
            let message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
            return Err(vm.raise_type(message));
        }
        if !vm.is_iterable(value) {
            let message = format!("cannot convert '{}' object to bytearray", vm.class_name(value));
            return Err(vm.raise_type(&message));
        }
        let mut made = Vec::new();
        crate::builtins::bytes::each_byte(vm, value, "byte must be in range(0, 256)", false, |byte| made.push(byte))?;
        Ok(Assigned::Made(made))
    }

    fn data(&self) -> &[u8] {
        match self {
            Assigned::Bytes(bytes) => bytes,
            Assigned::Made(made) => made,
        }
    }
}

fn set_slice(vm: &mut Vm, mut this: This<ByteArray>, slice: This<SliceObject>, value: Value) -> PyResult<()> {
    let bounds = vm.slice_bounds(slice)?;
    let assigned = Assigned::of(vm, this, value)?;
    let new = assigned.data();
    let range = bounds.within(this.len);
    if range.step == 1 {
        let start = range.start as usize;
        return splice(vm, this, start, start + range.count, new);
    }
    if new.is_empty() {
        return del_slice(vm, this, slice);
    }
    if new.len() != range.count {
        let message =
            format!("attempt to assign bytes of size {} to extended slice of size {}", new.len(), range.count);
        return Err(vm.raise_value(&message));
    }
    let data = this.data_mut();
    match usize::try_from(range.step) {
        Ok(step) => {
            let places = data.get_mut(range.start as usize..).unwrap_or_default().iter_mut().step_by(step);
            places.zip(new).for_each(|(place, &byte)| *place = byte);
        }
        Err(_) => range.positions().zip(new).for_each(|(at, &byte)| data[at] = byte),
    }
    Ok(())
}

fn del_slice(vm: &mut Vm, mut this: This<ByteArray>, slice: This<SliceObject>) -> PyResult<()> {
    let bounds = vm.slice_bounds(slice)?;
    let range = bounds.within(this.len);
    if range.count == 0 {
        return Ok(());
    }
    if range.step.abs() == 1 {
        let start = range.positions().min().unwrap_or(0);
        return splice(vm, this, start, start + range.count, &[]);
    }
    vm.check_resizable(&this.exports)?;
    let (gap, first) = (range.step.unsigned_abs() as usize, range.positions().min().unwrap_or(0));
    let mut kept = first;
    let data = this.data_mut();
    for at in first..data.len() {
        let is_deleted = (at - first).is_multiple_of(gap) && (at - first) / gap < range.count;
        if !is_deleted {
            data[kept] = data[at];
            kept += 1;
        }
    }
    this.len = kept;
    Ok(())
}
