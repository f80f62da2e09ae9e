//! `None`, `Ellipsis` and `NotImplemented`, and what the VM keeps on its heap without showing it to programs.

use crate::object::argument::{Keywords, Rest, method};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static NONE_TYPE: TypeSpec = TypeSpec {
    name: "NoneType",
    doc: "The type of None.",
    slots: Slots {
        repr: Some(|_, out, _| {
            out.push_str("None");
            Ok(())
        }),
        truth: Some(|_, _| Ok(false)),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, _: Value, args: Rest, keywords: Keywords| {
            only(vm, "NoneType", Value::NONE, args, keywords)
        })
        .doc("The one object of the type."),
    ),
    ..TypeSpec::NEW
};

pub static ELLIPSIS: TypeSpec = TypeSpec {
    name: "ellipsis",
    is_atomic: true,
    doc: "The type of the Ellipsis, `...`.",
    slots: Slots {
        repr: Some(|_, out, _| {
            out.push_str("Ellipsis");
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, _: Value, args: Rest, keywords: Keywords| {
            only(vm, "EllipsisType", vm.ellipsis, args, keywords)
        })
        .doc("The one object of the type."),
    ),
    methods: &[method("__reduce__", "($self, /)", |_: Value| "Ellipsis").doc("The name of the one object.")],
    ..TypeSpec::NEW
};

pub static NOT_IMPLEMENTED: TypeSpec = TypeSpec {
    name: "NotImplementedType",
    is_atomic: true,
    doc: "The type of NotImplemented.",
    slots: Slots {
        repr: Some(|_, out, _| {
            out.push_str("NotImplemented");
            Ok(())
        }),
        truth: Some(|vm, _| Err(vm.raise_type("NotImplemented should not be used in a boolean context"))),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, _: Value, args: Rest, keywords: Keywords| {
            only(vm, "NotImplementedType", vm.not_implemented, args, keywords)
        })
        .doc("The one object of the type."),
    ),
    methods: &[method("__reduce__", "($self, /)", |_: Value| "NotImplemented").doc("The name of the one object.")],
    ..TypeSpec::NEW
};

/// The one object of a type, which takes no arguments.
fn only(vm: &mut Vm, name: &str, object: Value, args: Rest, keywords: Keywords) -> PyResult {
    if args.items().is_empty() && keywords.is_empty() {
        return Ok(object);
    }
    Err(vm.raise_type(&format!("{name} takes no arguments")))
}

/// The storage of lists and of slots beyond the inline ones.
pub static ARRAY: TypeSpec = TypeSpec { name: "value array", is_part: true, ..TypeSpec::NEW };

/// The index of a dict or set.
pub static TABLE_INDEX: TypeSpec = TypeSpec { name: "table index", is_part: true, ..TypeSpec::NEW };

pub static APPEND_BUFFER: TypeSpec = TypeSpec { name: "append buffer", is_part: true, ..TypeSpec::NEW };

/// The memory of objects whose type has a specification of its own.
pub static NATIVE: TypeSpec = TypeSpec { name: "native", ..TypeSpec::NEW };
