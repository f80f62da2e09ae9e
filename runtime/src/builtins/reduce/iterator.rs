//! How the iterators of built-in types are copied and pickled.

use super::REDUCED;
use crate::object::argument::{Index, This, method};
use crate::object::layout::{CallIter, DictIter, EnumerateObject, LongRangeIter, RangeIter, SeqIter, ZipMapObject};
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A builtin, what it is called with, and perhaps a state.
fn by_builtin(vm: &mut Vm, name: &str, arguments: &[Value], state: Option<Value>) -> Value {
    let (callable, arguments) = (vm.builtin(name), vm.new_tuple(arguments));
    let parts = [callable, arguments, state.unwrap_or(Value::NONE)];
    vm.new_tuple(&parts[..2 + usize::from(state.is_some())])
}

/// What is used up is made as an iterator over nothing.
fn used_up(vm: &mut Vm) -> Value {
    let nothing = vm.empty_tuple;
    by_builtin(vm, "iter", &[nothing], None)
}

/// Of iterators that go up by an index.
pub const UPWARD: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<SeqIter>| {
    if this.sequence.is_unbound() {
        return used_up(vm);
    }
    let index = vm.new_int_from_usize(this.index);
    by_builtin(vm, "iter", &[this.sequence], Some(index))
})
.doc(REDUCED);

/// Of iterators that go down by an index.
pub const DOWNWARD: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<SeqIter>| {
    if this.sequence.is_unbound() {
        return used_up(vm);
    }
    let last = vm.new_int(this.index as i64 - 1);
    by_builtin(vm, "reversed", &[this.sequence], Some(last))
})
.doc(REDUCED);

/// Moves an iterator that goes down.
pub const SET_LAST: NativeRow =
    method("__setstate__", "($self, state, /)", |vm: &mut Vm, mut this: This<SeqIter>, last: Index| -> PyResult<()> {
        if !this.sequence.is_unbound() {
            let index = last.0.saturating_add(1).max(0) as usize;
            this.index = index.min(vm.len(this.sequence)?);
        }
        Ok(())
    })
    .doc("Sets the index of the next item.");

pub const OF_RANGE_ITER: NativeRow =
    method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<RangeIter>| -> PyResult {
        let len = this.remaining.max(0);
        let stop = len.checked_mul(this.step).and_then(|span| this.next.checked_add(span));
        // Words it stays, so that the iterator made anew is of the same type.
        let stop = stop.unwrap_or(if this.step < 0 { i64::MIN } else { i64::MAX });
        let [start, stop, step] = [this.next, stop, this.step].map(|number| vm.new_int(number));
        by_range(vm, start, stop, step)
    })
    .doc(REDUCED);

pub const OF_LONG_RANGE_ITER: NativeRow =
    method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<LongRangeIter>| {
        reduced_range(vm, this.next, this.step, this.remaining)
    })
    .doc(REDUCED);

fn reduced_range(vm: &mut Vm, start: Value, step: Value, len: Value) -> PyResult {
    let span = vm.binary_op(op::MULTIPLY, len, step)?;
    let stop = vm.binary_op(op::ADD, start, span)?;
    by_range(vm, start, stop, step)
}

fn by_range(vm: &mut Vm, start: Value, stop: Value, step: Value) -> PyResult {
    let range = vm.new_range(start, stop, step)?;
    Ok(by_builtin(vm, "iter", &[range], Some(Value::NONE)))
}

/// Of iterators over a dict or set: by a list of what is to come, which leaves the iterator where it is.
pub const OF_ENTRIES: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<DictIter>| -> PyResult {
    let (dict, index, expected_len, limit) = (this.dict, this.index, this.expected_len, this.limit);
    let class = vm.class_of(this.value());
    let copy = vm.new_object(class, |header| DictIter { header, dict, index, expected_len, limit })?;
    let rest = vm.collect(copy)?;
    Ok(by_builtin(vm, "iter", &[rest], None))
})
.doc(REDUCED);

pub const OF_CALL_ITER: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<CallIter>| {
    if this.callable.is_unbound() {
        return used_up(vm);
    }
    by_builtin(vm, "iter", &[this.callable, this.sentinel], None)
})
.doc(REDUCED);

pub const OF_ENUMERATE: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<EnumerateObject>| {
    let class = Value::object(vm.class_of(this.value()));
    let count = if this.wide.is_unbound() { vm.new_int(this.count) } else { this.wide };
    let arguments = vm.new_tuple(&[this.iterator, count]);
    vm.new_tuple(&[class, arguments])
})
.doc(REDUCED);

/// Of `zip`, `map` and `filter`: the class, called with the function, if there is one, and the iterators; True where they are strict.
pub const OF_ZIP_MAP: NativeRow = method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<ZipMapObject>| {
    let class = Value::object(vm.class_of(this.value()));
    let mut arguments = Vec::new();
    if !this.function.is_unbound() {
        arguments.push(this.function);
    }
    // The iterator holds all of them.
    arguments.extend_from_slice(vm.tuple_items(this.iterators));
    let arguments = vm.new_tuple(&arguments);
    let parts = [class, arguments, Value::TRUE];
    vm.new_tuple(&parts[..2 + usize::from(this.flag != 0)])
})
.doc(REDUCED);
