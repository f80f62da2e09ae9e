//! `None`, `Ellipsis` and `NotImplemented`, and what the VM keeps on its heap without showing it to programs.

use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;

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
    ..TypeSpec::NEW
};

pub static ELLIPSIS: TypeSpec = TypeSpec {
    name: "ellipsis",
    doc: "The type of the Ellipsis, `...`.",
    slots: Slots {
        repr: Some(|_, out, _| {
            out.push_str("Ellipsis");
            Ok(())
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static NOT_IMPLEMENTED: TypeSpec = TypeSpec {
    name: "NotImplementedType",
    doc: "The type of NotImplemented.",
    slots: Slots {
        repr: Some(|_, out, _| {
            out.push_str("NotImplemented");
            Ok(())
        }),
        truth: Some(|vm, _| Err(vm.raise_type("NotImplemented should not be used in a boolean context"))),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

/// The storage of lists and of slots beyond the inline ones.
pub static ARRAY: TypeSpec = TypeSpec { name: "value array", ..TypeSpec::NEW };

/// The index of a dict or set.
pub static TABLE_INDEX: TypeSpec = TypeSpec { name: "table index", ..TypeSpec::NEW };

pub static APPEND_BUFFER: TypeSpec = TypeSpec { name: "append buffer", ..TypeSpec::NEW };

/// The memory of objects whose type has a specification of its own.
pub static NATIVE: TypeSpec = TypeSpec { name: "native", ..TypeSpec::NEW };
