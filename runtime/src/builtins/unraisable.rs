//! Exceptions that nobody can catch: `sys.unraisablehook` and what it gets.

use crate::embed::format_ignored;
use crate::object::argument::This;
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::slots::Slots;
use crate::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
pub struct Unraisable {
    header: Header,
    exc_type: Value,
    exc_value: Value,
    exc_traceback: Value,
    err_msg: Value,
    object: Value,
}

const FIELDS: &[GetSetRow] = &[
    field("exc_type", |this: This<Unraisable>| this.exc_type).doc("The exception's class."),
    field("exc_value", |this: This<Unraisable>| this.exc_value).doc("The exception, or None."),
    field("exc_traceback", |this: This<Unraisable>| this.exc_traceback).doc("Its traceback, or None."),
    field("err_msg", |this: This<Unraisable>| this.err_msg).doc("What was being done, or None."),
    field("object", |this: This<Unraisable>| this.object).doc("What raised it, or None."),
];

static UNRAISABLE: TypeSpec = TypeSpec {
    name: "UnraisableHookArgs",
    module: "sys",
    doc: "What sys.unraisablehook is called with.",
    layout: Some(Layout::of::<Unraisable>(5)),
    slots: Slots { repr: Some(write_repr), ..Slots::NONE },
    getters: FIELDS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Unraisable {
    const SPEC: &'static TypeSpec = &UNRAISABLE;
}

fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    out.push_str("UnraisableHookArgs(");
    for (index, row) in FIELDS.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        out.push_str(row.name);
        out.push_str("=");
        let part = (row.getter)(vm, value)?;
        vm.write_repr(out, part)?;
    }
    out.push_str(")");
    Ok(())
}

impl Vm {
    /// Hands the pending exception, which nobody can catch, to `sys.unraisablehook`. `object`: what raised it, or None.
    pub fn write_unraisable(&mut self, message: &str, object: Value) {
        let exception = self.take_exception();
        let told = self.tell_of_unraisable(message, exception, object);
        if told.is_err() {
            let second = self.take_exception();
            for (message, exception) in [(message, exception), ("Exception ignored in sys.unraisablehook", second)] {
                let message = self.new_str(message);
                self.print_unraisable(message, exception, Value::NONE);
            }
        }
    }

    fn tell_of_unraisable(&mut self, message: &str, exception: Value, object: Value) -> PyResult<()> {
        let name = self.intern("unraisablehook");
        let Some(hook) = self.sys_entry(name) else { return Ok(()) };
        let err_msg = self.new_str(message);
        let class = self.type_of_spec(&UNRAISABLE);
        let exc_type = Value::object(self.class_of(exception));
        let exc_traceback = self.exception_slot(exception, crate::object::exception::TRACEBACK);
        let exc_traceback = if exc_traceback.is_unbound() { Value::NONE } else { exc_traceback };
        let arguments = self.new_object(class, |header| Unraisable {
            header,
            exc_type,
            exc_value: exception,
            exc_traceback,
            err_msg,
            object,
        })?;
        self.call(hook, &[arguments]).map(|_| ())
    }

    fn print_unraisable(&mut self, message: Value, exception: Value, object: Value) {
        let mut text = if self.is_str(message) { self.string_of(message) } else { "Exception ignored in".to_string() };
        if !object.is_none() {
            let repr = self.repr_or_unknown(object);
            text.push_str(&format!(": {repr}"));
        } else if self.is_str(message) {
            text.push(':');
        }
        text.push('\n');
        self.clear_exception();
        if self.is_exception(exception) {
            text.push_str(&format_ignored(self, exception));
        }
        self.write_error(&text);
    }
}

/// `sys.unraisablehook` as it is until a program sets another.
pub fn hook(vm: &mut Vm, unraisable: Value) -> PyResult<()> {
    let name = |vm: &mut Vm, name: &str| {
        let name = vm.intern(name);
        vm.get_attr(unraisable, name)
    };
    let (message, exception) = (name(vm, "err_msg")?, name(vm, "exc_value")?);
    let object = name(vm, "object")?;
    vm.print_unraisable(message, exception, object);
    Ok(())
}
