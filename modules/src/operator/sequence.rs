//! What is asked of sequences and iterables.

use stitch_runtime::object::argument::Index;
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::{PyResult, Value, Vm};

/// Has it items by numbers, as far as its type says?
fn is_sequence(vm: &mut Vm, value: Value) -> bool {
    let slots: &Slots = vm.slots_of(value);
    slots.repeat.is_some() || slots.get_item.is_some() && !vm.is_a::<DictObject>(value)
}

pub fn concat(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    concat_by(vm, a, b, op::ADD)
}

pub fn inplace_concat(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    if let Some(slot) = vm.slots_of(a).inplace_concat {
        return slot(vm, a, b);
    }
    concat_by(vm, a, b, op::INPLACE + op::ADD)
}

fn concat_by(vm: &mut Vm, a: Value, b: Value, operation: u32) -> PyResult {
    if let Some(slot) = vm.slots_of(a).concat {
        return slot(vm, a, b);
    }
    if is_sequence(vm, a) && is_sequence(vm, b) {
        return vm.binary_op(operation, a, b);
    }
    let message = format!("'{}' object can't be concatenated", vm.class_name(a));
    Err(vm.raise_type(&message))
}

fn iterator_over(vm: &mut Vm, a: Value) -> PyResult {
    if !vm.is_iterable(a) {
        let message = format!("argument of type '{}' is not iterable", vm.class_name(a));
        return Err(vm.raise_type(&message));
    }
    vm.get_iter(a)
}

pub fn count_of(vm: &mut Vm, a: Value, b: Value) -> PyResult<i64> {
    let iterator = iterator_over(vm, a)?;
    let mut n = 0;
    while let Some(item) = vm.iter_next(iterator)? {
        n += i64::from(vm.equal(item, b)?);
    }
    Ok(n)
}

pub fn index_of(vm: &mut Vm, a: Value, b: Value) -> PyResult<i64> {
    let iterator = iterator_over(vm, a)?;
    let mut at = 0;
    while let Some(item) = vm.iter_next(iterator)? {
        if vm.equal(item, b)? {
            return Ok(at);
        }
        at += 1;
    }
    Err(vm.raise_value("sequence.index(x): x not in sequence"))
}

pub fn length_hint(vm: &mut Vm, value: Value, default: Option<Index>) -> PyResult<i64> {
    let hint = vm.length_hint(value)?.map(|hint| hint as i64);
    Ok(hint.or(default.map(|default| default.0)).unwrap_or(0))
}
