//! Iterators over arrays.

use super::Array;
use stitch_runtime::object::argument::{ClampedIndex, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
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
