//! What is in a memoryview, copied out: bytes, lists, digits; and comparing.

use super::format::{code_of, is_byte_code, supported_code, unpack};
use super::{MemoryView, check_released};
use crate::builtins::bytes::{digits, separated};
use crate::object::argument::{ClampedIndex, Index, This};
use crate::object::buffer::{Dimension, Export, Request, each_item, gather, is_c_contiguous, is_f_contiguous};
use crate::object::compare::cmp;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub fn tobytes(vm: &mut Vm, this: This<MemoryView>, order: Value) -> PyResult {
    check_released(vm, this)?;
    let dimensions = this.dimensions();
    let order = vm.optional(order);
    if let Some(order) = order
        && !vm.is_str(order)
    {
        let message = format!("tobytes() argument 'order' must be str or None, not {}", vm.class_name(order));
        return Err(vm.raise_type(&message));
    }
    let first_is_fastest = match order.map(|order| vm.string_of(order)).as_deref() {
        None | Some("C") => false,
        Some("F") => true,
        Some("A") => is_f_contiguous(&dimensions, this.item_bytes) && !is_c_contiguous(&dimensions, this.item_bytes),
        Some(_) => return Err(vm.raise_value("order must be 'C', 'F' or 'A'")),
    };
    let bytes = gather(this.data, &dimensions, this.item_bytes, first_is_fastest);
    vm.new_bytes(&bytes)
}

pub fn hex(vm: &mut Vm, this: This<MemoryView>, separator: Value, group: Option<Index>) -> PyResult {
    check_released(vm, this)?;
    let (separator, group) = separated(vm, separator, group)?;
    let bytes = gather(this.data, &this.dimensions(), this.item_bytes, false);
    let text = digits(&bytes, separator, group);
    Ok(vm.str_from_latin1(&text))
}

pub fn tolist(vm: &mut Vm, this: This<MemoryView>) -> PyResult {
    check_released(vm, this)?;
    let code = supported_code(vm, this)?;
    nested(vm, code, this.data, &this.dimensions())
}

fn nested(vm: &mut Vm, code: u8, data: *mut u8, dimensions: &[Dimension]) -> PyResult {
    let [first, rest @ ..] = dimensions else {
        // SAFETY: an item of a view that is not released: nothing here runs Python code.
        return unsafe { unpack(vm, code, data) };
    };
    let list = vm.new_list_object_with_capacity(first.len)?;
    for i in 0..first.len as isize {
        let item = nested(vm, code, data.wrapping_offset(i * first.stride), rest)?;
        vm.list_push(list.pointer(), item)?;
    }
    Ok(list.value())
}

/// The item at an index of a view of one dimension, if it has so many.
pub fn item_at(vm: &mut Vm, this: This<MemoryView>, index: usize) -> PyResult<Option<Value>> {
    check_released(vm, this)?;
    let code = supported_code(vm, this)?;
    if index >= this.only.len {
        return Ok(None);
    }
    let at = this.data.wrapping_offset(index as isize * this.only.stride);
    // SAFETY: an item of the view, which is not released.
    unsafe { unpack(vm, code, at) }.map(Some)
}

/// TypeError or NotImplementedError where there is not one dimension.
pub fn check_one_dimension(vm: &mut Vm, this: This<MemoryView>, verb: &str) -> PyResult<()> {
    match this.n_dimensions {
        0 => Err(vm.raise_type(&format!("invalid {verb} 0-dim memory"))),
        1 => Ok(()),
        _ if verb == "indexing of" => Err(vm.raise_not_implemented("multi-dimensional sub-views are not implemented")),
        _ => Err(vm.raise_not_implemented("multi-dimensional lookup is not implemented")),
    }
}

pub fn count(vm: &mut Vm, this: This<MemoryView>, value: Value) -> PyResult<usize> {
    check_released(vm, this)?;
    check_one_dimension(vm, this, "indexing of")?;
    let (mut count, mut index) = (0, 0);
    while let Some(item) = item_at(vm, this, index)? {
        count += vm.equal(item, value)? as usize;
        index += 1;
    }
    Ok(count)
}

pub fn index(
    vm: &mut Vm,
    this: This<MemoryView>,
    value: Value,
    start: Option<ClampedIndex>,
    stop: Option<ClampedIndex>,
) -> PyResult<usize> {
    check_released(vm, this)?;
    check_one_dimension(vm, this, "lookup on")?;
    let len = this.only.len as i64;
    let bound = |bound: Option<ClampedIndex>, default: i64| {
        let index = bound.map_or(default, |bound| bound.0);
        if index < 0 { index.saturating_add(len).max(0) } else { index.min(len) }
    };
    for at in bound(start, 0)..bound(stop, len) {
        if let Some(item) = item_at(vm, this, at as usize)?
            && vm.equal(item, value)?
        {
            return Ok(at as usize);
        }
    }
    Err(vm.raise_value("memoryview.index(x): x not found"))
}

/// Of read-only bytes: that of the bytes.
pub fn hash(vm: &mut Vm, mut this: This<MemoryView>) -> PyResult<i64> {
    if this.hash != 0 {
        return Ok(this.hash);
    }
    check_released(vm, this)?;
    if !this.is_readonly {
        return Err(vm.raise_value("cannot hash writable memoryview object"));
    }
    if !is_byte_code(this.code) {
        return Err(vm.raise_value("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    let owner = this.owner();
    if !owner.is_none() {
        vm.hash(owner)?;
    }
    check_released(vm, this)?;
    let bytes = gather(this.data, &this.dimensions(), this.item_bytes, false);
    let bytes = vm.new_bytes(&bytes)?;
    this.hash = vm.hash(bytes)?;
    Ok(this.hash)
}

/// Equality with any buffer of the same shape, by the items' values.
pub fn compare(vm: &mut Vm, operation: u32, this: This<MemoryView>, other: Value) -> PyResult {
    if !Vm::is_equality(operation) || !vm.is_bytes_like(other) {
        return Ok(vm.not_implemented);
    }
    if this.is_released || This::<MemoryView>::of(vm, other).is_some_and(|other| other.is_released) {
        return Ok(Vm::equality(operation, this.value() == other));
    }
    let other = match vm.export(other, Request::FULL) {
        Ok(other) => other,
        Err(_) => {
            vm.clear_exception();
            return Ok(vm.not_implemented);
        }
    };
    let equal = items_equal(vm, this, &other);
    vm.release(other)?;
    Ok(Vm::equality(operation, equal?))
}

fn items_equal(vm: &mut Vm, this: This<MemoryView>, other: &Export) -> PyResult<bool> {
    let dimensions = this.dimensions();
    if !has_shape_of(&dimensions, &other.dimensions) {
        return Ok(false);
    }
    let (code, Some(other_code)) = (this.code, code_of(&other.format)) else { return Ok(false) };
    if code == 0 {
        return Ok(false);
    }
    let are_words = |code: u8| !matches!(code, b'd' | b'f' | b'e' | b'?');
    if code == other_code && are_words(code) {
        let size = this.item_bytes;
        return Ok(gather(this.data, &dimensions, size, false) == gather(other.data, &other.dimensions, size, false));
    }
    let mut theirs = Vec::new();
    each_item(other.data, &other.dimensions, &mut |at| theirs.push(at));
    let mut ours = Vec::new();
    each_item(this.data, &dimensions, &mut |at| ours.push(at));
    for (a, b) in ours.into_iter().zip(theirs) {
        // SAFETY: items of both, which are exported; comparing numbers and bytes runs no Python code.
        let (a, b) = unsafe { (unpack(vm, code, a)?, unpack(vm, other_code, b)?) };
        let equal = vm.compare_op(cmp::EQ, a, b)?;
        if !vm.is_true(equal)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The same lengths, up to the first dimension without items.
fn has_shape_of(one: &[Dimension], other: &[Dimension]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    for (one, other) in one.iter().zip(other) {
        if one.len != other.len {
            return false;
        }
        if one.len == 0 {
            break;
        }
    }
    true
}
