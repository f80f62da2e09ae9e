//! Items and slices of memoryviews.

use super::format::{pack, supported_code, unpack};
use super::{MemoryView, View, check_released, new_view};
use crate::object::argument::This;
use crate::object::buffer::{Dimension, Dimensions, Request};
use crate::object::layout::{SliceObject, TupleObject};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// What a key asks for.
enum Key {
    /// `()` or `...` where there are no dimensions.
    Whole,
    Index(Value),
    Slice(This<SliceObject>),
    /// A tuple of as many indices as there are dimensions, or another number.
    Indices(This<TupleObject>),
    Slices,
    Invalid,
}

impl Key {
    fn of(vm: &mut Vm, this: This<MemoryView>, key: Value) -> PyResult<Key> {
        let tuple = This::<TupleObject>::of(vm, key);
        if this.n_dimensions == 0 {
            if key == vm.ellipsis || tuple.is_some_and(|tuple| tuple.len == 0) {
                return Ok(Key::Whole);
            }
            return Err(vm.raise_type("invalid indexing of 0-dim memory"));
        }
        if vm.is_index(key) {
            return Ok(Key::Index(key));
        }
        if let Some(slice) = This::of(vm, key) {
            return Ok(Key::Slice(slice));
        }
        if let Some(tuple) = tuple {
            if tuple.items().iter().all(|&item| vm.is_index(item)) {
                return Ok(Key::Indices(tuple));
            }
            if tuple.items().iter().all(|&item| This::<SliceObject>::of(vm, item).is_some()) {
                return Ok(Key::Slices);
            }
        }
        Ok(Key::Invalid)
    }
}

pub fn get_item(vm: &mut Vm, this: This<MemoryView>, key: Value) -> PyResult {
    check_released(vm, this)?;
    if key.is_int() && this.n_dimensions == 1 && this.code != 0 {
        let at = item_address(vm, this, key.as_int())?;
        // SAFETY: an item of the view, which is not released.
        return unsafe { unpack(vm, this.code, at) };
    }
    match Key::of(vm, this, key)? {
        Key::Whole if key == vm.ellipsis => Ok(this.value()),
        Key::Whole => {
            let code = supported_code(vm, this)?;
            // SAFETY: a view without dimensions has one item.
            unsafe { unpack(vm, code, this.data) }
        }
        Key::Index(key) => {
            let code = supported_code(vm, this)?;
            let at = index_address(vm, this, key, "multi-dimensional sub-views are not implemented")?;
            // SAFETY: an item of the view, which is not released.
            unsafe { unpack(vm, code, at) }
        }
        Key::Slice(slice) => get_slice(vm, this, slice),
        Key::Indices(indices) => {
            let code = supported_code(vm, this)?;
            let at = indices_address(vm, this, indices)?;
            // SAFETY: as above.
            unsafe { unpack(vm, code, at) }
        }
        Key::Slices => Err(vm.raise_not_implemented("multi-dimensional slicing is not implemented")),
        Key::Invalid => Err(vm.raise_type("memoryview: invalid slice key")),
    }
}

/// Where an item of a view of one dimension is.
fn item_address(vm: &mut Vm, this: This<MemoryView>, index: i64) -> PyResult<*mut u8> {
    dimension_address(vm, this.data, this.only, 1, index)
}

fn dimension_address(vm: &mut Vm, data: *mut u8, of: Dimension, number: usize, index: i64) -> PyResult<*mut u8> {
    let at = if index < 0 { index.saturating_add(of.len as i64) } else { index };
    if at as u64 >= of.len as u64 {
        return Err(vm.raise_index(&format!("index out of bounds on dimension {number}")));
    }
    Ok(data.wrapping_offset(at as isize * of.stride))
}

/// The address of an item by an index, which may be an object with `__index__`.
fn index_address(vm: &mut Vm, this: This<MemoryView>, key: Value, otherwise: &str) -> PyResult<*mut u8> {
    let index = vm.item_index(key, "memoryview: invalid slice key")?;
    if this.n_dimensions != 1 {
        return Err(vm.raise_not_implemented(otherwise));
    }
    check_released(vm, this)?;
    item_address(vm, this, index)
}

fn indices_address(vm: &mut Vm, this: This<MemoryView>, indices: This<TupleObject>) -> PyResult<*mut u8> {
    let (n_indices, n_dimensions) = (indices.len, this.n_dimensions as usize);
    if n_indices < n_dimensions {
        return Err(vm.raise_not_implemented("sub-views are not implemented"));
    }
    if n_indices > n_dimensions {
        let message = format!("cannot index {n_dimensions}-dimension view with {n_indices}-element tuple");
        return Err(vm.raise_type(&message));
    }
    let mut at = this.data;
    for (i, dimension) in this.dimensions().into_iter().enumerate() {
        let index = vm.item_index(indices.items()[i], "memoryview: invalid slice key")?;
        check_released(vm, this)?;
        at = dimension_address(vm, at, dimension, i + 1, index)?;
    }
    Ok(at)
}

/// Where the items of a slice of the first dimension begin, and the dimensions of it.
fn sliced(vm: &mut Vm, this: This<MemoryView>, slice: This<SliceObject>) -> PyResult<(*mut u8, Dimensions)> {
    let bounds = vm.slice_bounds(slice)?;
    check_released(vm, this)?;
    let mut dimensions = this.dimensions();
    let first = &mut dimensions[0];
    let range = bounds.within(first.len);
    // Behind the end, where there is nothing, is where it begins as well.
    let start = range.start.max(0) as isize;
    let data = this.data.wrapping_offset(start * first.stride);
    *first = Dimension { len: range.count, stride: first.stride.wrapping_mul(range.step as isize) };
    Ok((data, dimensions))
}

fn get_slice(vm: &mut Vm, this: This<MemoryView>, slice: This<SliceObject>) -> PyResult {
    let (data, dimensions) = sliced(vm, this, slice)?;
    let view = View { data, item_bytes: this.item_bytes, is_readonly: this.is_readonly, format: this.format };
    new_view(vm, this.managed, view, &dimensions)
}

pub fn set_item(vm: &mut Vm, this: This<MemoryView>, key: Value, value: Option<Value>) -> PyResult<()> {
    check_released(vm, this)?;
    let code = supported_code(vm, this)?;
    if this.is_readonly {
        return Err(vm.raise_type("cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(vm.raise_type("cannot delete memory")) };
    let at = match Key::of(vm, this, key)? {
        Key::Whole => this.data,
        Key::Index(key) => index_address(vm, this, key, "sub-views are not implemented")?,
        Key::Indices(indices) => indices_address(vm, this, indices)?,
        Key::Slice(slice) if this.n_dimensions == 1 => return set_slice(vm, this, slice, value),
        Key::Slice(_) | Key::Slices => {
            let message = "memoryview slice assignments are currently restricted to ndim = 1";
            return Err(vm.raise_not_implemented(message));
        }
        Key::Invalid => return Err(vm.raise_type("memoryview: invalid slice key")),
    };
    let bytes = pack(vm, code, value)?;
    check_released(vm, this)?;
    // SAFETY: the address of an item of the view, which was not released meanwhile, so that the memory is where it was.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), at, this.item_bytes) };
    Ok(())
}

fn raise_structure(vm: &mut Vm) -> Raised {
    vm.raise_value("memoryview assignment: lvalue and rvalue have different structures")
}

fn set_slice(vm: &mut Vm, this: This<MemoryView>, slice: This<SliceObject>, value: Value) -> PyResult<()> {
    let source = vm.export(value, Request::FULL)?;
    let (target, dimensions) = sliced(vm, this, slice)?;
    let plain = |format: &str| format.strip_prefix('@').unwrap_or(format).to_string();
    let is_like = source.item_bytes == this.item_bytes
        && plain(&source.format) == plain(&vm.string_of(this.format))
        && matches!(source.dimensions[..], [dimension] if dimension.len == dimensions[0].len);
    if !is_like {
        vm.release(source)?;
        return Err(raise_structure(vm));
    }
    let (from, to, size) = (source.dimensions[0], dimensions[0], this.item_bytes);
    // Both may be the same memory.
    let mut copy = Vec::with_capacity(from.len * size);
    for i in 0..from.len as isize {
        // SAFETY: item `i` of the source, which is exported.
        copy.extend_from_slice(unsafe {
            std::slice::from_raw_parts(source.data.wrapping_offset(i * from.stride), size)
        });
    }
    for (i, item) in copy.chunks_exact(size.max(1)).enumerate() {
        // SAFETY: item `i` of the slice of the view, which is not released.
        unsafe {
            std::ptr::copy_nonoverlapping(item.as_ptr(), target.wrapping_offset(i as isize * to.stride), size);
        }
    }
    vm.release(source)
}
