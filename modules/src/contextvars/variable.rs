//! `ContextVar`: a variable.

use super::context::{self, Context};
use super::missing;
use super::token::{self, Token};
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct ContextVar {
    header: Header,
    name: Value,
    /// Unbound: none.
    default: Value,
}

pub static CONTEXT_VAR: TypeSpec = TypeSpec {
    name: "ContextVar",
    module: "_contextvars",
    doc: "A variable whose value depends on the context.",
    layout: Some(Layout::of::<ContextVar>(2)),
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    new: Some(method("__new__", "($type, name, /, *, default=None)", new).doc("Takes a name and a default.")),
    methods: &[
        method("get", "($self, default=None, /)", get)
            .doc("The value in the current context, the default that is given, or the variable's; else LookupError."),
        method("set", "($self, value, /)", set)
            .doc("Sets the value in the current context; the token can take it back."),
        method("reset", "($self, token, /)", reset).doc("Gives the variable back what it had before a token was made."),
    ],
    class_methods: &[CLASS_GETITEM],
    getters: &[field("name", |this: This<ContextVar>| this.name).doc("The variable's name.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for ContextVar {
    const SPEC: &'static TypeSpec = &CONTEXT_VAR;
}

fn new(vm: &mut Vm, class: ClassOf<ContextVar>, name: Value, default: Option<Value>) -> PyResult {
    if !vm.is_str(name) {
        return Err(vm.raise_type("context variable name must be a str"));
    }
    vm.hash(name)?;
    let default = default.unwrap_or(Value::UNBOUND);
    vm.new_object(class.class, |header| ContextVar { header, name, default })
}

fn get(vm: &mut Vm, this: This<ContextVar>, default: Option<Value>) -> PyResult {
    let current = context::current(vm)?;
    if let Some(value) = current.get(vm, this.value())? {
        return Ok(value);
    }
    match default {
        Some(default) => Ok(default),
        None if !this.default.is_unbound() => Ok(this.default),
        None => Err(vm.raise_with(vm.exceptions.LookupError, &[this.value()])),
    }
}

fn set(vm: &mut Vm, this: This<ContextVar>, value: Value) -> PyResult {
    let current = context::current(vm)?;
    let before = current.get(vm, this.value())?;
    let token = token::new(vm, current, this, before)?;
    Context::set(current, vm, this.value(), Some(value))?;
    Ok(token)
}

fn reset(vm: &mut Vm, this: This<ContextVar>, token: Value) -> PyResult<()> {
    let Some(token) = This::<Token>::of(vm, token) else {
        let given = vm.repr_string(token)?;
        return Err(vm.raise_type(&format!("expected an instance of Token, got {given}")));
    };
    take_back(vm, this, token)
}

pub fn take_back(vm: &mut Vm, this: This<ContextVar>, mut token: This<Token>) -> PyResult<()> {
    let current = context::current(vm)?;
    let fault = if token.is_used {
        "has already been used once"
    } else if token.variable != this.value() {
        "was created by a different ContextVar"
    } else if token.context != current.value() {
        "was created in a different Context"
    } else {
        token.is_used = true;
        let missing = missing(vm)?;
        let before = (token.old_value != missing).then_some(token.old_value);
        return Context::set(current, vm, this.value(), before);
    };
    let shown = vm.repr_string(token.value())?;
    let message = format!("{shown} {fault}");
    Err(if token.is_used { vm.raise_runtime(&message) } else { vm.raise_value(&message) })
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<ContextVar>) -> PyResult<()> {
    out.push_str("<ContextVar name=");
    vm.write_repr(out, this.name)?;
    if !this.default.is_unbound() {
        out.push_str(" default=");
        vm.write_repr(out, this.default)?;
    }
    out.push_str(&format!(" at {:#x}>", this.value().0));
    Ok(())
}
