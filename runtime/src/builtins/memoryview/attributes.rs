//! What there is to know about a memoryview.

use super::{MemoryView, this_of};
use crate::object::argument::This;
use crate::object::buffer::{Dimension, is_c_contiguous, is_f_contiguous};
use crate::object::spec::{GetSetRow, getter};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const GETTERS: &[GetSetRow] = &[
    getter("obj", |vm, view| this_of(vm, view).map(|this| this.owner())).doc("The object whose memory it is."),
    getter("nbytes", |vm, view| size(vm, view, MemoryView::n_bytes)).doc("The bytes that all items take together."),
    getter("itemsize", |vm, view| size(vm, view, |this| this.item_bytes)).doc("The bytes that an item takes."),
    getter("ndim", |vm, view| size(vm, view, |this| this.n_dimensions as usize)).doc("The number of dimensions."),
    getter("format", |vm, view| this_of(vm, view).map(|this| this.format))
        .doc("What items are, as in the module struct."),
    getter("readonly", |vm, view| is(vm, view, |this| this.is_readonly)).doc("May it not be written?"),
    getter("shape", |vm, view| each(vm, view, |dimension| dimension.len as i64)).doc("The lengths of the dimensions."),
    getter("strides", |vm, view| each(vm, view, |dimension| dimension.stride as i64))
        .doc("How many bytes items are apart in each dimension."),
    getter("suboffsets", |vm, view| this_of(vm, view).map(|_| vm.empty_tuple)).doc("Always empty."),
    getter("c_contiguous", |vm, view| is(vm, view, is_in_c_order)).doc("Do the items lie as in C?"),
    getter("f_contiguous", |vm, view| is(vm, view, is_in_f_order)).doc("Do the items lie as in Fortran?"),
    getter("contiguous", |vm, view| is(vm, view, |this| is_in_c_order(this) || is_in_f_order(this)))
        .doc("Do the items lie one after the other?"),
];

fn is_in_c_order(this: &MemoryView) -> bool {
    is_c_contiguous(&this.dimensions(), this.item_bytes)
}

fn is_in_f_order(this: &MemoryView) -> bool {
    is_f_contiguous(&this.dimensions(), this.item_bytes)
}

fn size(vm: &mut Vm, view: Value, size: fn(&MemoryView) -> usize) -> PyResult {
    let this: This<MemoryView> = this_of(vm, view)?;
    Ok(vm.new_int_from_usize(size(&this)))
}

fn is(vm: &mut Vm, view: Value, test: fn(&MemoryView) -> bool) -> PyResult {
    this_of(vm, view).map(|this| Value::bool(test(&this)))
}

fn each(vm: &mut Vm, view: Value, number: fn(Dimension) -> i64) -> PyResult {
    let this = this_of(vm, view)?;
    let numbers: Vec<Value> =
        this.dimensions().into_iter().map(|dimension| Value::small_int(number(dimension))).collect();
    Ok(vm.new_tuple(&numbers))
}
