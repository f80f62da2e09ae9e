//! What compiled code does to lists by calls: slices, copies of elements, and the methods that change one list.

use super::helpers::allocate_surely;
use crate::object::layout::{ListObject, ValueArray};
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::mem::offset_of;

/// Longer arrays are not allocated where failing is no choice.
const MAX_SURE: usize = 1 << 12;

/// An array of `n` elements, which the caller fills in before anything else is allocated.
fn new_array(vm: &mut Vm, n: usize) -> *mut ValueArray {
    let (shape, trace) = (BuiltinType::Array.shape(), BuiltinType::Array.trace());
    let size_bytes = offset_of!(ValueArray, elements) + n * 8;
    let array = if vm.has_bump_room(size_bytes) {
        vm.allocate(shape, trace, size_bytes)
    } else {
        allocate_surely(vm, shape, trace, size_bytes)
    };
    let array = array.cast::<ValueArray>();
    // SAFETY: fresh memory of that size, zeroed.
    unsafe { (*array).capacity = n };
    array
}

/// A list that has `array` for its items, all of which are in use. The caller keeps the array alive.
fn new_list(vm: &mut Vm, array: *mut ValueArray) -> Value {
    let (shape, trace) = (BuiltinType::List.shape(), BuiltinType::List.trace());
    let list = if vm.has_bump_room(size_of::<ListObject>()) {
        vm.allocate(shape, trace, size_of::<ListObject>())
    } else {
        allocate_surely(vm, shape, trace, size_of::<ListObject>())
    };
    let list = list.cast::<ListObject>();
    // SAFETY: a fresh list; its other words are zero. The array is alive.
    unsafe {
        (*list).items = Value::object(array);
        (*list).len = (*array).capacity;
    }
    Value::object(list)
}

/// A list of the items, which the caller keeps alive.
pub(super) fn list_of(vm: &mut Vm, items: &[Value]) -> Value {
    if items.is_empty() {
        let array = vm.empty_array.as_ptr();
        return new_list(vm, array);
    }
    let array = new_array(vm, items.len());
    // SAFETY: the fresh array has room for the items, and nobody else knows it.
    unsafe { (*array).elements_mut().copy_from_slice(items) };
    new_list(vm, array)
}

/// The list of `count` items of `list` from `start` on, `step` apart; all of them are items of the list.
pub(super) fn list_slice(vm: &mut Vm, list: Value, start: i64, count: i64, step: i64) -> Value {
    let array = new_array(vm, count as usize);
    // SAFETY: a guard has established that it is a list; the array is another object, so that nothing overlaps.
    unsafe {
        let (items, target) = ((*list.as_ptr::<ListObject>()).items(), (*array).elements_mut());
        if step == 1 {
            target.copy_from_slice(&items[start as usize..][..count as usize]);
        } else {
            for (i, item) in target.iter_mut().enumerate() {
                *item = items[(start + i as i64 * step) as usize];
            }
        }
    }
    new_list(vm, array)
}

/// `lhs + rhs` of exact lists.
pub(super) fn list_concat(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    // SAFETY: guards have established that they are lists.
    let (a, b) = unsafe { (&*lhs.as_ptr::<ListObject>(), &*rhs.as_ptr::<ListObject>()) };
    if a.len + b.len > MAX_SURE {
        return vm.binary_op(op::ADD, lhs, rhs);
    }
    let array = new_array(vm, a.len + b.len);
    // SAFETY: a fresh array of that size.
    let (left, right) = unsafe { (*array).elements_mut() }.split_at_mut(a.len);
    left.copy_from_slice(a.items());
    right.copy_from_slice(b.items());
    Ok(new_list(vm, array))
}

/// Copies `count` elements of `source` from `start` on, `step` (1 or -1) apart, to `array` from `at` on, as if all were
/// read first.
pub(super) fn copy_elements(
    vm: &mut Vm,
    (array, at): (Value, i64),
    (source, start): (Value, i64),
    count: i64,
    step: i64,
) {
    let first = if step < 0 { start - count + 1 } else { start };
    // SAFETY: guards have established that both are arrays and that the elements are theirs.
    unsafe {
        let target = (*array.as_ptr::<ValueArray>()).elements.as_mut_ptr().add(at as usize);
        let from = (*source.as_ptr::<ValueArray>()).elements.as_ptr().add(first as usize);
        if from != target.cast_const() {
            std::ptr::copy(from, target, count as usize);
        }
        if step < 0 {
            let (mut low, mut high) = (target, target.offset(count as isize - 1));
            while low < high {
                std::ptr::swap(low, high);
                (low, high) = (low.add(1), high.sub(1));
            }
        }
    }
    if array != source {
        vm.barrier(array.as_ptr::<ValueArray>());
    }
}

pub(super) fn list_append(vm: &mut Vm, list: Value, item: Value) -> PyResult<()> {
    vm.list_push(list.as_ptr(), item)
}

pub(super) fn list_pop(vm: &mut Vm, list: Value, index: i64) -> PyResult {
    vm.list_pop(list.as_ptr(), index)
}

pub(super) fn list_insert(vm: &mut Vm, list: Value, index: i64, item: Value) -> PyResult<()> {
    vm.list_insert(list.as_ptr(), index, item)
}
