//! `Placeholder`: stands for a positional argument that a partial call is yet to get.

use super::State;
use stitch_runtime::object::argument::{Class, Keywords, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Placeholder {
    header: Header,
}

pub static PLACEHOLDER: TypeSpec = TypeSpec {
    name: "_PlaceholderType",
    module: "functools",
    doc: "The type of the Placeholder singleton: stands for a positional argument of a partial.",
    layout: Some(Layout::of::<Placeholder>(0)),
    slots: Slots {
        repr: slot(|_: &mut Vm, out: &mut Text, _: This<Placeholder>| {
            out.push_str("Placeholder");
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, _: Class, args: Rest, keywords: Keywords| {
            if !args.items().is_empty() || !keywords.is_empty() {
                return Err(vm.raise_type("PlaceholderType takes no arguments"));
            }
            the_one(vm)
        })
        .doc("The one placeholder."),
    ),
    methods: &[method("__reduce__", "($self, /)", |_: This<Placeholder>| "Placeholder").doc("Its name.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Placeholder {
    const SPEC: &'static TypeSpec = &PLACEHOLDER;
}

/// The one of this VM.
pub fn the_one(vm: &mut Vm) -> PyResult {
    if let Some(known) = State::of(vm).placeholder {
        return Ok(known);
    }
    let class = vm.type_of_spec(&PLACEHOLDER);
    let placeholder = vm.new_object(class, |header| Placeholder { header })?;
    State::of(vm).placeholder = Some(placeholder);
    Ok(placeholder)
}

pub fn is_placeholder(vm: &Vm, value: Value) -> bool {
    value.is_object() && vm.is_of_spec(value, &PLACEHOLDER)
}
