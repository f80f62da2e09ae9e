//! `starmap`: a function of the items of items.

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct StarMap {
    header: Header,
    function: Value,
    iterator: Value,
}

pub static STARMAP: TypeSpec = TypeSpec {
    name: "starmap",
    doc: "What a function gives for arguments that come as sequences.",
    layout: Some(Layout::of::<StarMap>(2)),
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, function, iterable, /)", new)
            .doc("Takes the function and the sequences of arguments."),
    ),
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for StarMap {
    const SPEC: &'static TypeSpec = &STARMAP;
}

fn new(vm: &mut Vm, class: ClassOf<StarMap>, function: Value, iterable: Value) -> PyResult {
    let iterator = vm.get_iter(iterable)?;
    vm.new_object(class.class, |header| StarMap { header, function, iterator })
}

fn next(vm: &mut Vm, this: This<StarMap>) -> PyResult<Option<Value>> {
    let Some(arguments) = step(vm, this.iterator)? else { return Ok(None) };
    let arguments = vm.collect_tuple(arguments)?;
    vm.call(this.function, vm.tuple_items(arguments)).map(Some)
}
