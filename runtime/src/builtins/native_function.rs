//! Native functions and methods, and the special methods of built-in types.

use crate::object::argument::{Class, This, method};
use crate::object::compare::{avoid_minus_one, hash_identity};
use crate::object::convert::text::Text;
use crate::object::layout::{NativeFunction, TypeObject};
use crate::object::native::{Arguments, NativeBinding, NativeRow, NativeTarget};
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const NATIVE: Slots = Slots {
    call: slot(|vm: &mut Vm, this: This<NativeFunction>, arguments: Arguments<'_>| {
        vm.call_native_object(this.value(), arguments)
    }),
    ..Slots::NONE
};

/// What is bound to a receiver, or needs none.
const BOUND: Slots = Slots {
    hash: slot(|_: &mut Vm, this: This<NativeFunction>| {
        let binding = hash_identity(Value(this.binding as u64));
        Ok(avoid_minus_one((hash_identity(this.owner) ^ binding) as u64))
    }),
    compare: slot(|vm: &mut Vm, operation: u32, this: This<NativeFunction>, other: Value| {
        match This::<NativeFunction>::of(vm, other) {
            Some(other)
                if Vm::is_equality(operation) && std::ptr::eq(vm.spec_of(this.value()), vm.spec_of(other.value())) =>
            {
                let is_equal = this.owner == other.owner && std::ptr::eq(this.binding, other.binding);
                Ok(Vm::equality(operation, is_equal))
            }
            _ => Ok(vm.not_implemented),
        }
    }),
    ..NATIVE
};

pub static NATIVE_FUNCTION: TypeSpec = TypeSpec {
    is_weakly_referable: true,
    name: "builtin_function_or_method",
    doc: "A native function, or a native method with its receiver.",
    slots: Slots { repr: slot(write_function), ..BOUND },
    methods: METHODS,
    getters: &[NAME, QUALIFIED_NAME, DOC, SIGNATURE, RECEIVER, MODULE],
    ..TypeSpec::NEW
};

pub static BOUND_SLOT_WRAPPER: TypeSpec = TypeSpec {
    name: "method-wrapper",
    doc: "A special method of a built-in type with its receiver.",
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<NativeFunction>| {
            let (name, owner) = (binding_of(this).row.name, vm.class_name(this.owner));
            out.push_str(&format!("<method-wrapper '{name}' of {owner} object at {:#x}>", this.owner.0));
            Ok(())
        }),
        ..BOUND
    },
    methods: METHODS,
    getters: &[NAME, QUALIFIED_NAME, DOC, SIGNATURE, RECEIVER, OWNER_CLASS],
    ..TypeSpec::NEW
};

const DESCRIPTOR: Slots = Slots {
    get: slot(|vm: &mut Vm, this: This<NativeFunction>, owner: Value, _: *mut TypeObject| {
        Ok(if owner.is_unbound() { this.value() } else { vm.bind_native(this.value(), owner) })
    }),
    repr: slot(|vm: &mut Vm, out: &mut Text, this| write_descriptor(vm, out, this, "method")),
    ..NATIVE
};

const DESCRIPTOR_GETTERS: &[GetSetRow] = &[NAME, QUALIFIED_NAME, DOC, SIGNATURE, OWNER_CLASS];

pub static NATIVE_METHOD: TypeSpec = TypeSpec {
    name: "method_descriptor",
    doc: "A method of a built-in type.",
    slots: DESCRIPTOR,
    methods: METHODS,
    getters: DESCRIPTOR_GETTERS,
    ..TypeSpec::NEW
};

pub static NATIVE_CLASS_METHOD: TypeSpec = TypeSpec {
    name: "classmethod_descriptor",
    doc: "A method of a built-in type itself.",
    slots: Slots { get: slot(bind_to_class), call: slot(call_of_class), ..DESCRIPTOR },
    getters: DESCRIPTOR_GETTERS,
    ..TypeSpec::NEW
};

pub static SLOT_WRAPPER: TypeSpec = TypeSpec {
    name: "wrapper_descriptor",
    doc: "A special method of a built-in type.",
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this| write_descriptor(vm, out, this, "slot wrapper")),
        ..DESCRIPTOR
    },
    methods: METHODS,
    getters: DESCRIPTOR_GETTERS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[method("__reduce__", "($self, /)", reduce).doc("What gives it again.")];

const NAME: GetSetRow = field("__name__", |this| binding_of(this).row.name).doc("The function's name.");
const QUALIFIED_NAME: GetSetRow =
    field("__qualname__", qualified).doc("The name with that of the class whose method it is.");
const DOC: GetSetRow = field("__doc__", |this| binding_of(this).row.doc).doc("What it does.");
const SIGNATURE: GetSetRow = field("__text_signature__", text_signature).doc("The parameters.");
const MODULE: GetSetRow =
    field("__module__", |this: This<NativeFunction>| this.module.or_none()).doc("The module that has it.");
const RECEIVER: GetSetRow = field("__self__", receiver).doc("The receiver, or the module that has it.");
const OWNER_CLASS: GetSetRow = field("__objclass__", owner_class).doc("The class whose method it is.");

fn binding_of(this: This<NativeFunction>) -> &'static NativeBinding {
    // SAFETY: bindings live as long as the VM.
    unsafe { &*this.binding }
}

fn is_function(vm: &Vm, this: This<NativeFunction>) -> bool {
    std::ptr::eq(vm.spec_of(this.value()), &NATIVE_FUNCTION)
}

/// A module's function by its name, a method by what it is read from: its receiver or its class.
fn reduce(vm: &mut Vm, this: This<NativeFunction>) -> Value {
    let name = vm.new_str(binding_of(this).row.name);
    let owner = match this.owner {
        owner if !owner.is_unbound() => owner,
        _ => owner_class(vm, this),
    };
    if owner.is_none() {
        return name;
    }
    let (getattr, arguments) = (vm.builtin("getattr"), vm.new_tuple(&[owner, name]));
    vm.new_tuple(&[getattr, arguments])
}

fn is_module_function(this: This<NativeFunction>) -> bool {
    this.owner.is_unbound() && !this.module.is_none()
}

fn receiver(vm: &mut Vm, this: This<NativeFunction>) -> PyResult {
    if !is_module_function(this) {
        let is_constructor = this.owner.is_unbound() && binding_of(this).row.name == "__new__";
        return Ok(if is_constructor { owner_class(vm, this) } else { this.owner.or_none() });
    }
    let module = vm.dict_get(vm.modules, this.module)?;
    Ok(module.unwrap_or(Value::NONE))
}

/// The class whose method it is; None where there is none.
fn owner_class(vm: &mut Vm, this: This<NativeFunction>) -> Value {
    let binding = binding_of(this);
    match (binding.target, binding.owner) {
        (NativeTarget::Slot { class, .. }, _) => Value::object(class),
        (NativeTarget::Function(_), Some(spec)) => Value::object(vm.type_of_spec(spec)),
        (NativeTarget::Function(_), None) => Value::NONE,
    }
}

/// As `inspect` reads it: the first parameter of a module's function is the module, that of a class's method the type.
fn text_signature(vm: &mut Vm, this: This<NativeFunction>) -> String {
    let signature = binding_of(this).row.signature;
    let is_bound_to_class = Class::of(vm, this.owner).is_some() && is_function(vm, this);
    let is_of_class = is_bound_to_class || std::ptr::eq(vm.spec_of(this.value()), &NATIVE_CLASS_METHOD);
    if is_module_function(this) {
        let parameters = &signature[1..];
        let mark = if parameters.contains('/') { "" } else { "/, " };
        return format!("($module, {mark}{parameters}").replace(", )", ")");
    }
    if is_of_class && signature.starts_with("($self") {
        return signature.replacen("$self", "$type", 1);
    }
    signature.to_string()
}

fn qualified(this: This<NativeFunction>) -> String {
    let binding = binding_of(this);
    if binding.qualifier.is_empty() {
        binding.row.name.to_string()
    } else {
        format!("{}.{}", binding.qualifier, binding.row.name)
    }
}

/// A class method, bound to the class that it is read through.
fn bind_to_class(vm: &mut Vm, this: This<NativeFunction>, _: Value, class: *mut TypeObject) -> PyResult {
    let binding = binding_of(this);
    if let Some(spec) = binding.owner {
        let own = vm.type_of_spec(spec);
        if !vm.is_subclass(class, own) {
            let (name, wanted, given) = (binding.row.name, binding.qualifier, vm.type_name(class));
            let message = format!("descriptor '{name}' requires a subtype of '{wanted}' but received '{given}'");
            return Err(vm.raise_type(&message));
        }
    }
    Ok(vm.bind_native(this.value(), Value::object(class)))
}

/// A class method that is not bound: its first argument is the class.
fn call_of_class(vm: &mut Vm, this: This<NativeFunction>, arguments: Arguments<'_>) -> PyResult {
    let (name, owner) = (binding_of(this).row.name, binding_of(this).qualifier);
    let Some(&class) = arguments.values[..arguments.n_positional()].first() else {
        let message = format!("descriptor '{name}' of '{owner}' object needs an argument");
        return Err(vm.raise_type(&message));
    };
    let Some(class) = Class::of(vm, class) else {
        let given = vm.class_name(class);
        let message = format!("descriptor '{name}' for type '{owner}' needs a type, not a '{given}' as arg 2");
        return Err(vm.raise_type(&message));
    };
    let bound = bind_to_class(vm, this, Value::UNBOUND, class.0)?;
    vm.call_with(bound, Arguments { values: &arguments.values[1..], names: arguments.names })
}

fn write_function(vm: &mut Vm, out: &mut Text, this: This<NativeFunction>) -> PyResult<()> {
    let name = binding_of(this).row.name;
    let owner = if this.owner.is_unbound() { owner_class(vm, this) } else { this.owner };
    if owner.is_none() {
        out.push_str(&format!("<built-in function {name}>"));
    } else {
        let class = vm.class_name(owner);
        out.push_str(&format!("<built-in method {name} of {class} object at {:#x}>", owner.0));
    }
    Ok(())
}

/// With the class's module, where that is not `builtins`.
fn write_descriptor(vm: &mut Vm, out: &mut Text, this: This<NativeFunction>, kind: &str) -> PyResult<()> {
    let binding = binding_of(this);
    let owner = match (binding.target, binding.owner) {
        (NativeTarget::Slot { class, .. }, _) => vm.full_name_of_class(class),
        (NativeTarget::Function(_), Some(spec)) => spec.full_name(),
        (NativeTarget::Function(_), None) => binding.qualifier.to_string(),
    };
    out.push_str(&format!("<{kind} '{}' of '{owner}' objects>", binding.row.name));
    Ok(())
}
