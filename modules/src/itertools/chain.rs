//! `chain`: iterables one after the other.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{ClassOf, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Chain {
    header: Header,
    /// An iterator over the iterables; unbound at the end.
    source: Value,
    /// The iterator over the current one, or unbound.
    active: Value,
}

pub static CHAIN: TypeSpec = TypeSpec {
    name: "chain",
    doc: "The items of several iterables, one after the other.",
    layout: Some(Layout::of::<Chain>(2)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, /, *iterables)", |vm: &mut Vm, class: ClassOf<Chain>, iterables: Rest| {
            of_iterables(vm, class, iterables.value())
        })
        .doc("The items of several iterables, one after the other."),
    ),
    class_methods: &[
        method("from_iterable", "($self, iterable, /)", of_iterables).doc("A chain of what an iterable gives."),
        CLASS_GETITEM,
    ],
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Chain {
    const SPEC: &'static TypeSpec = &CHAIN;
}

fn of_iterables(vm: &mut Vm, class: ClassOf<Chain>, iterables: Value) -> PyResult {
    let source = vm.get_iter(iterables)?;
    vm.new_object(class.class, |header| Chain { header, source, active: Value::UNBOUND })
}

fn next(vm: &mut Vm, mut this: This<Chain>) -> PyResult<Option<Value>> {
    while !this.source.is_unbound() {
        if !this.active.is_unbound() {
            if let Some(item) = step(vm, this.active)? {
                return Ok(Some(item));
            }
            this.active = Value::UNBOUND;
        }
        let found = match step(vm, this.source) {
            Ok(Some(iterable)) => vm.get_iter(iterable).map(Some),
            other => other,
        };
        match found {
            Ok(Some(iterator)) => {
                this.active = iterator;
                vm.barrier(this.pointer());
            }
            end => {
                this.source = Value::UNBOUND;
                return end;
            }
        }
    }
    Ok(None)
}
