//! Iterating over a memoryview of one dimension.

use super::copy::{check_one_dimension, item_at};
use super::{MemoryView, check_released};
use crate::object::argument::This;
use crate::object::header::Header;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
struct MemoryIter {
    header: Header,
    /// Unbound when it is used up.
    view: Value,
    index: usize,
}

static MEMORY_ITER: TypeSpec = TypeSpec {
    name: "memory_iterator",
    doc: "Over a memoryview.",
    layout: Some(Layout::of::<MemoryIter>(1)),
    slots: Slots { iter: slot(|_: &mut Vm, this: This<MemoryIter>| Ok(this.value())), next: slot(next), ..Slots::NONE },
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for MemoryIter {
    const SPEC: &'static TypeSpec = &MEMORY_ITER;
}

pub fn iter(vm: &mut Vm, this: This<MemoryView>) -> PyResult {
    check_released(vm, this)?;
    check_one_dimension(vm, this, "indexing of")?;
    super::format::supported_code(vm, this)?;
    let class = vm.type_of_spec(&MEMORY_ITER);
    vm.new_object(class, |header| MemoryIter { header, view: this.value(), index: 0 })
}

fn next(vm: &mut Vm, mut this: This<MemoryIter>) -> PyResult<Option<Value>> {
    let Some(view) = This::<MemoryView>::of(vm, this.view) else { return Ok(None) };
    let item = item_at(vm, view, this.index)?;
    this.index += 1;
    if item.is_none() {
        this.view = Value::UNBOUND;
    }
    Ok(item)
}
