//! Native functions and methods, and the special methods of built-in types.

use crate::object::argument::This;
use crate::object::compare::{avoid_minus_one, hash_identity};
use crate::object::convert::text::Text;
use crate::object::layout::{NativeFunction, TypeObject};
use crate::object::native::NativeBinding;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const NATIVE: Slots = Slots { call: Some(Vm::call_native_object), ..Slots::NONE };

pub static NATIVE_FUNCTION: TypeSpec = TypeSpec {
    is_weakly_referable: true,
    name: "builtin_function_or_method",
    doc: "A native function, or a native method with its receiver.",
    slots: Slots {
        repr: slot(write_function),
        hash: slot(|_: &mut Vm, this: This<NativeFunction>| {
            let binding = hash_identity(Value(this.binding as u64));
            Ok(avoid_minus_one((hash_identity(this.owner) ^ binding) as u64))
        }),
        compare: slot(|vm: &mut Vm, operation: u32, this: This<NativeFunction>, other: Value| {
            if !Vm::is_equality(operation) || !vm.has_layout(other, BuiltinType::NativeFunction) {
                return Ok(vm.not_implemented);
            }
            let is_equal = This::<NativeFunction>::of(vm, other)
                .is_some_and(|other| this.owner == other.owner && std::ptr::eq(this.binding, other.binding));
            Ok(Vm::equality(operation, is_equal))
        }),
        ..NATIVE
    },
    getters: GETTERS,
    ..TypeSpec::NEW
};

const DESCRIPTOR: Slots = Slots {
    get: slot(|vm: &mut Vm, this: This<NativeFunction>, owner: Value, _: *mut TypeObject| {
        Ok(if owner.is_unbound() { this.value() } else { vm.bind_native(this.value(), owner) })
    }),
    ..NATIVE
};

pub static NATIVE_METHOD: TypeSpec = TypeSpec {
    name: "method_descriptor",
    doc: "A method of a built-in type.",
    slots: Slots { repr: slot(|_: &mut Vm, out: &mut Text, this| write_descriptor(out, this, "method")), ..DESCRIPTOR },
    getters: GETTERS,
    ..TypeSpec::NEW
};

pub static SLOT_WRAPPER: TypeSpec = TypeSpec {
    name: "wrapper_descriptor",
    doc: "A special method of a built-in type.",
    slots: Slots {
        repr: slot(|_: &mut Vm, out: &mut Text, this| write_descriptor(out, this, "slot wrapper")),
        ..DESCRIPTOR
    },
    getters: GETTERS,
    ..TypeSpec::NEW
};

const GETTERS: &[GetSetRow] = &[
    field("__name__", |this| binding_of(this).row.name).doc("The function's name."),
    field("__qualname__", |this| qualified(binding_of(this)))
        .doc("The name with that of the class whose method it is."),
    field("__text_signature__", |this| binding_of(this).row.signature).doc("The parameters."),
    field("__doc__", |this| binding_of(this).row.doc).doc("What it does."),
    field("__module__", |this: This<NativeFunction>| this.module.or_none()).doc("The module that has it."),
    field("__self__", |this: This<NativeFunction>| this.owner.or_none()).doc("The receiver."),
];

fn binding_of(this: This<NativeFunction>) -> &'static NativeBinding {
    // SAFETY: bindings live as long as the VM.
    unsafe { &*this.binding }
}

fn qualified(binding: &NativeBinding) -> String {
    if binding.qualifier.is_empty() {
        binding.row.name.to_string()
    } else {
        format!("{}.{}", binding.qualifier, binding.row.name)
    }
}

fn write_function(vm: &mut Vm, out: &mut Text, this: This<NativeFunction>) -> PyResult<()> {
    let name = binding_of(this).row.name;
    if this.owner.is_unbound() || vm.has_layout(this.owner, BuiltinType::Module) {
        out.push_str(&format!("<built-in function {name}>"));
    } else {
        let owner = vm.class_name(this.owner);
        out.push_str(&format!("<built-in method {name} of {owner} object at {:#x}>", this.owner.0));
    }
    Ok(())
}

fn write_descriptor(out: &mut Text, this: This<NativeFunction>, kind: &str) -> PyResult<()> {
    let binding = binding_of(this);
    out.push_str(&format!("<{kind} '{}' of '{}' objects>", binding.row.name, binding.qualifier));
    Ok(())
}
