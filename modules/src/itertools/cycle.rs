//! `cycle`: the items of an iterable over and over.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Cycle {
    header: Header,
    /// Unbound where it has given all its items.
    iterator: Value,
    /// A list of the items so far.
    saved: Value,
    /// The next of the saved items.
    index: usize,
}

pub static CYCLE: TypeSpec = TypeSpec {
    name: "cycle",
    doc: "The items of an iterable over and over.",
    layout: Some(Layout::of::<Cycle>(2)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(method("__new__", "($type, iterable, /)", new).doc("The items of an iterable over and over.")),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Cycle {
    const SPEC: &'static TypeSpec = &CYCLE;
}

fn new(vm: &mut Vm, class: ClassOf<Cycle>, iterable: Value) -> PyResult {
    let iterator = vm.get_iter(iterable)?;
    let saved = vm.new_list(&[])?;
    vm.new_object(class.class, |header| Cycle { header, iterator, saved, index: 0 })
}

fn next(vm: &mut Vm, mut this: This<Cycle>) -> PyResult<Option<Value>> {
    let saved = this.saved.as_ptr::<ListObject>();
    if !this.iterator.is_unbound() {
        if let Some(item) = step(vm, this.iterator)? {
            vm.list_push(saved, item)?;
            return Ok(Some(item));
        }
        this.iterator = Value::UNBOUND;
    }
    // SAFETY: a list of its own from its birth on.
    let items = unsafe { (*saved).items() };
    let item = items.get(this.index).copied();
    this.index = if this.index + 1 < items.len() { this.index + 1 } else { 0 };
    Ok(item)
}
