//! `pairwise`: each item with the one after it.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Pairwise {
    header: Header,
    /// Unbound at the end.
    iterator: Value,
    /// The item before; unbound at the start.
    before: Value,
}

pub static PAIRWISE: TypeSpec = TypeSpec {
    name: "pairwise",
    doc: "Each item of an iterable with the one after it.",
    layout: Some(Layout::of::<Pairwise>(2)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(method("__new__", "($type, iterable, /)", new).doc("Each item of an iterable with the one after it.")),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Pairwise {
    const SPEC: &'static TypeSpec = &PAIRWISE;
}

fn new(vm: &mut Vm, class: ClassOf<Pairwise>, iterable: Value) -> PyResult {
    let iterator = vm.get_iter(iterable)?;
    vm.new_object(class.class, |header| Pairwise { header, iterator, before: Value::UNBOUND })
}

fn next(vm: &mut Vm, mut this: This<Pairwise>) -> PyResult<Option<Value>> {
    if this.iterator.is_unbound() {
        return Ok(None);
    }
    let mut before = this.before;
    if before.is_unbound() {
        match step(vm, this.iterator) {
            Ok(Some(item)) => before = item,
            end => return ended(this, end),
        }
        this.before = before;
        vm.barrier(this.pointer());
        // The iterator may have asked for a pair itself, and come to its end in that.
        if this.iterator.is_unbound() {
            this.before = Value::UNBOUND;
            return Ok(None);
        }
    }
    match step(vm, this.iterator) {
        Ok(Some(item)) => {
            let pair = vm.new_tuple(&[before, item]);
            this.before = item;
            vm.barrier(this.pointer());
            Ok(Some(pair))
        }
        end => ended(this, end),
    }
}

fn ended(mut this: This<Pairwise>, end: PyResult<Option<Value>>) -> PyResult<Option<Value>> {
    (this.iterator, this.before) = (Value::UNBOUND, Value::UNBOUND);
    end
}
