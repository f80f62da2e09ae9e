//! Iterating over a bytearray, which may change meanwhile.

use super::ByteArray;
use crate::builtins::bytes::ByteString;
use crate::object::argument::{ClampedIndex, This, method};
use crate::object::header::Header;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
struct ByteArrayIter {
    header: Header,
    /// Unbound when it is used up.
    array: Value,
    index: usize,
}

static BYTEARRAY_ITER: TypeSpec = TypeSpec {
    name: "bytearray_iterator",
    doc: "Over a bytearray.",
    layout: Some(Layout::of::<ByteArrayIter>(1)),
    slots: Slots {
        iter: slot(|_: &mut Vm, this: This<ByteArrayIter>| Ok(this.value())),
        next: slot(next),
        ..Slots::NONE
    },
    methods: &[
        method("__length_hint__", "($self, /)", |vm: &mut Vm, this: This<ByteArrayIter>| {
            let len = data(vm, this).map_or(0, <[u8]>::len);
            len.saturating_sub(this.index)
        })
        .doc("How many bytes are left."),
        method("__reduce__", "($self, /)", reduce).doc("What makes it anew."),
        method("__setstate__", "($self, state, /)", |vm: &mut Vm, mut this: This<ByteArrayIter>, at: ClampedIndex| {
            if let Some(data) = data(vm, this) {
                let len = data.len() as i64;
                this.index = at.0.clamp(0, len) as usize;
            }
        })
        .doc("Goes to an index."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for ByteArrayIter {
    const SPEC: &'static TypeSpec = &BYTEARRAY_ITER;
}

fn data<'a>(vm: &Vm, this: This<ByteArrayIter>) -> Option<&'a [u8]> {
    // SAFETY: the array is live as long as the iterator refers to it; callers do not hold the slice.
    vm.cast::<ByteArray>(this.array).map(|array| unsafe { (*array).data() })
}

pub fn iter(vm: &mut Vm, array: This<ByteArray>) -> PyResult {
    let class = vm.type_of_spec(&BYTEARRAY_ITER);
    vm.new_object(class, |header| ByteArrayIter { header, array: array.value(), index: 0 })
}

fn next(vm: &mut Vm, mut this: This<ByteArrayIter>) -> PyResult<Option<Value>> {
    match data(vm, this).and_then(|data| data.get(this.index)) {
        Some(&byte) => {
            this.index += 1;
            Ok(Some(Value::small_int(byte as i64)))
        }
        None => {
            this.array = Value::UNBOUND;
            Ok(None)
        }
    }
}

fn reduce(vm: &mut Vm, this: This<ByteArrayIter>) -> PyResult {
    let iter = vm.builtin("iter");
    let (array, index) = (this.array, this.index);
    if array.is_unbound() {
        let empty = vm.empty_tuple;
        let arguments = vm.new_tuple(&[empty]);
        return Ok(vm.new_tuple(&[iter, arguments]));
    }
    let arguments = vm.new_tuple(&[array]);
    let index = vm.new_int_from_usize(index);
    Ok(vm.new_tuple(&[iter, arguments, index]))
}
