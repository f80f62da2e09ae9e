//! The same memory in items of another format, or in other dimensions.

use super::format::{code_of, is_byte_code, size_of_code};
use super::{MemoryView, View, check_released, new_view};
use crate::object::argument::{Str, This};
use crate::object::buffer::{Dimension, Dimensions, is_c_contiguous};
use crate::object::layout::{ListObject, TupleObject};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::smallvec;

const MOST_DIMENSIONS: usize = 64;

pub fn cast(vm: &mut Vm, this: This<MemoryView>, format: Str, shape: Option<Value>) -> PyResult {
    check_released(vm, this)?;
    let old = this.dimensions();
    if !is_c_contiguous(&old, this.item_bytes) {
        return Err(vm.raise_type("memoryview: casts are restricted to C-contiguous views"));
    }
    if (shape.is_some() || old.len() != 1) && old.iter().any(|dimension| dimension.len == 0) {
        return Err(vm.raise_type("memoryview: cannot cast view with zeros in shape or strides"));
    }
    let shape = match shape {
        Some(shape) => Some(shape_values(vm, shape, old.len())?),
        None => None,
    };
    let (item_bytes, n_items) = cast_to_items(vm, this, &vm.string_of(format.value()))?;
    let dimensions: Dimensions = match shape {
        None => smallvec![Dimension { len: n_items, stride: item_bytes as isize }],
        Some(shape) => {
            let lens = lengths(vm, shape)?;
            let total = lens.iter().try_fold(item_bytes, |total, &len| total.checked_mul(len));
            match total.filter(|&total| total <= isize::MAX as usize) {
                None => return Err(vm.raise_value("memoryview.cast(): product(shape) > SSIZE_MAX")),
                Some(total) if total != n_items * item_bytes => {
                    return Err(vm.raise_type("memoryview: product(shape) * itemsize != buffer size"));
                }
                Some(_) => adjacent(&lens, item_bytes),
            }
        }
    };
    let view = View { data: this.data, item_bytes, is_readonly: this.is_readonly, format: format.value() };
    new_view(vm, this.managed, view, &dimensions)
}

/// The list or tuple of a shape, as a tuple.
fn shape_values(vm: &mut Vm, shape: Value, n_old: usize) -> PyResult {
    let shape = if vm.is_a::<TupleObject>(shape) {
        shape
    } else if vm.is_a::<ListObject>(shape) {
        vm.new_tuple(This::<ListObject>::expect(vm, shape).items())
    } else {
        return Err(vm.raise_type("shape must be a list or a tuple"));
    };
    let n_new = vm.tuple_items(shape).len();
    if n_new > MOST_DIMENSIONS {
        return Err(vm.raise_value(&format!("memoryview: number of dimensions must not exceed {MOST_DIMENSIONS}")));
    }
    if n_old != 1 && n_new != 1 {
        return Err(vm.raise_type("memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    Ok(shape)
}

/// The size of the new format's items, and how many of them there are.
fn cast_to_items(vm: &mut Vm, this: This<MemoryView>, format: &str) -> PyResult<(usize, usize)> {
    let Some(code) = code_of(format) else {
        let message =
            "memoryview: destination format must be a native single character format prefixed with an optional '@'";
        return Err(vm.raise_value(message));
    };
    if !is_byte_code(this.code) && !is_byte_code(code) {
        return Err(vm.raise_type("memoryview: cannot cast between two non-byte formats"));
    }
    let item_bytes = size_of_code(code).unwrap_or(1);
    let n_bytes = this.n_bytes();
    if !n_bytes.is_multiple_of(item_bytes) {
        return Err(vm.raise_type("memoryview: length is not a multiple of itemsize"));
    }
    Ok((item_bytes, n_bytes / item_bytes))
}

fn lengths(vm: &mut Vm, shape: Value) -> PyResult<Vec<usize>> {
    let mut lens = Vec::new();
    for &len in vm.tuple_items(shape) {
        if !vm.is_int_like(len) {
            return Err(vm.raise_type("memoryview.cast(): elements of shape must be integers"));
        }
        match vm.int_to_i64(len) {
            Some(len) if len > 0 => lens.push(len as usize),
            Some(_) => {
                return Err(vm.raise_value("memoryview.cast(): elements of shape must be integers > 0"));
            }
            None => return Err(vm.raise_overflow("Python int too large to convert to C ssize_t")),
        }
    }
    Ok(lens)
}

/// Dimensions of items that lie one after the other.
fn adjacent(lens: &[usize], item_bytes: usize) -> Dimensions {
    let mut stride = item_bytes as isize;
    let mut dimensions: Dimensions = lens
        .iter()
        .rev()
        .map(|&len| {
            let dimension = Dimension { len, stride };
            stride *= len as isize;
            dimension
        })
        .collect();
    dimensions.reverse();
    dimensions
}
