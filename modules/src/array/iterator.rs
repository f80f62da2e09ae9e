//! Iterators over arrays.

use super::Array;
use stitch_runtime::member;
use stitch_runtime::object::argument::{ClampedIndex, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::trace::{NativeCall, Operand, SlotRules, Step, Traced};
use stitch_runtime::uop::Op;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct ArrayIterator {
    header: Header,
    /// Unbound at the end.
    array: Value,
    index: usize,
}

static ARRAY_ITERATOR: TypeSpec = TypeSpec {
    name: "arrayiterator",
    module: "array",
    doc: "Over the items of an array.",
    layout: Some(Layout::of::<ArrayIterator>(1)),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: Some(next), ..Slots::NONE },
    traced: SlotRules { next: Some(trace_next), ..SlotRules::NONE },
    methods: &[
        method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
        method("__setstate__", "($self, state, /)", set_state).doc("Goes to an index."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for ArrayIterator {
    const SPEC: &'static TypeSpec = &ARRAY_ITERATOR;
}

pub fn over(vm: &mut Vm, array: Value) -> PyResult {
    let class = vm.type_of_spec(&ARRAY_ITERATOR);
    vm.new_object(class, |header| ArrayIterator { header, array, index: 0 })
}

fn next(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    let mut this = This::<ArrayIterator>::of(vm, value).expect("the slot of an array's iterator");
    let Some(array) = This::<Array>::of(vm, this.array) else { return Ok(None) };
    if this.index >= array.raw.len {
        this.array = Value::UNBOUND;
        return Ok(None);
    }
    this.index += 1;
    Ok(Some(Array::item(vm, array, this.index - 1)))
}

/// A step over an exact array.
fn trace_next(call: &mut NativeCall<'_>) -> Traced<Step> {
    let &[iterator] = call.arguments() else { return Ok(None) };
    let Some(iterator) = call.object::<ArrayIterator>(iterator)? else { return Ok(None) };
    let now = iterator.now;
    let Some(array_now) = This::<Array>::of(call.vm, now.array) else { return Ok(None) };
    let uop = call.load(iterator, member!(ArrayIterator, array))?;
    let array = Operand { uop, now: now.array };
    let Some(len) = call.raw_len(array)? else { return Ok(None) };
    let Some(len) = call.integer(len) else { return Ok(None) };
    let index = call.load(iterator, member!(ArrayIterator, index))?;
    let has_more = call.compute(Op::IntUlt {}, &[index, len])?;
    let has_more_now = now.index < array_now.raw.len;
    call.guard_truth(has_more, has_more_now)?;
    if !has_more_now {
        let unbound = call.constant(Value::UNBOUND);
        call.store(iterator, member!(ArrayIterator, array), unbound)?;
        return Ok(Some(Step::Exhausted));
    }
    let Some(item) = call.raw_item(array, index, now.index as i64)? else { return Ok(None) };
    let one = call.const_int(1);
    let after = call.compute(Op::IntAddWrap {}, &[index, one])?;
    call.store(iterator, member!(ArrayIterator, index), after)?;
    Ok(Some(Step::Value(item)))
}

fn reduce(vm: &mut Vm, this: This<ArrayIterator>) -> Value {
    let name = vm.intern("iter");
    let iter = vm.dict_get_name(vm.builtins, name).unwrap_or(Value::NONE);
    if this.array.is_unbound() {
        let arguments = vm.new_tuple(&[vm.empty_tuple]);
        return vm.new_tuple(&[iter, arguments]);
    }
    let arguments = vm.new_tuple(&[this.array]);
    let index = vm.new_int_from_usize(this.index);
    vm.new_tuple(&[iter, arguments, index])
}

fn set_state(vm: &mut Vm, mut this: This<ArrayIterator>, state: ClampedIndex) {
    if let Some(array) = This::<Array>::of(vm, this.array) {
        this.index = state.0.clamp(0, array.raw.len as i64) as usize;
    }
}
