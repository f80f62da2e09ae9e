//! What there is to know about a memoryview.

use super::{MemoryView, ThisView, check_released};
use crate::object::buffer::{Dimension, is_c_contiguous, is_f_contiguous};
use crate::object::spec::{GetSetRow, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const GETTERS: &[GetSetRow] = &[
    field("obj", |vm: &mut Vm, this: ThisView| live(vm, this).map(|this| this.owner()))
        .doc("The object whose memory it is."),
    field("nbytes", |vm: &mut Vm, this: ThisView| size(vm, this, MemoryView::n_bytes))
        .doc("The bytes that all items take together."),
    field("itemsize", |vm: &mut Vm, this: ThisView| size(vm, this, |this| this.item_bytes))
        .doc("The bytes that an item takes."),
    field("ndim", |vm: &mut Vm, this: ThisView| size(vm, this, |this| this.n_dimensions as usize))
        .doc("The number of dimensions."),
    field("format", |vm: &mut Vm, this: ThisView| live(vm, this).map(|this| this.format))
        .doc("What items are, as in the module struct."),
    field("readonly", |vm: &mut Vm, this: ThisView| is(vm, this, |this| this.is_readonly))
        .doc("May it not be written?"),
    field("shape", |vm: &mut Vm, this: ThisView| each(vm, this, |dimension| dimension.len as i64))
        .doc("The lengths of the dimensions."),
    field("strides", |vm: &mut Vm, this: ThisView| each(vm, this, |dimension| dimension.stride as i64))
        .doc("How many bytes items are apart in each dimension."),
    field("suboffsets", |vm: &mut Vm, this: ThisView| live(vm, this).map(|_| vm.empty_tuple)).doc("Always empty."),
    field("c_contiguous", |vm: &mut Vm, this: ThisView| is(vm, this, is_in_c_order)).doc("Do the items lie as in C?"),
    field("f_contiguous", |vm: &mut Vm, this: ThisView| is(vm, this, is_in_f_order))
        .doc("Do the items lie as in Fortran?"),
    field("contiguous", |vm: &mut Vm, this: ThisView| is(vm, this, |this| is_in_c_order(this) || is_in_f_order(this)))
        .doc("Do the items lie one after the other?"),
];

fn is_in_c_order(this: &MemoryView) -> bool {
    is_c_contiguous(&this.dimensions(), this.item_bytes)
}

fn is_in_f_order(this: &MemoryView) -> bool {
    is_f_contiguous(&this.dimensions(), this.item_bytes)
}

fn live(vm: &mut Vm, this: ThisView) -> PyResult<ThisView> {
    check_released(vm, this)?;
    Ok(this)
}

fn size(vm: &mut Vm, this: ThisView, size: fn(&MemoryView) -> usize) -> PyResult<usize> {
    live(vm, this).map(|this| size(&this))
}

fn is(vm: &mut Vm, this: ThisView, test: fn(&MemoryView) -> bool) -> PyResult<bool> {
    live(vm, this).map(|this| test(&this))
}

fn each(vm: &mut Vm, this: ThisView, number: fn(Dimension) -> i64) -> PyResult {
    check_released(vm, this)?;
    let numbers: Vec<Value> =
        this.dimensions().into_iter().map(|dimension| Value::small_int(number(dimension))).collect();
    Ok(vm.new_tuple(&numbers))
}
