//! Objects that own something of an embedder's: functions that are closures, and Rust values.
//!
//! What they own outlives them a little: a collection finds them dead, and nothing of the embedder's may run before it is over.

use crate::object::argument::This;
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::TypeObject;
use crate::object::native::Arguments;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::any::Any;
use std::rc::Rc;

/// What a function made by an embedder calls.
pub trait HostCall {
    /// Runs on the machine's main thread. The arguments' owner keeps them alive.
    fn call(&self, vm: &mut Vm, arguments: Arguments<'_>) -> PyResult;
    /// The function is dead, and a collection is under way.
    fn bury(self: Rc<Self>);
}

/// A Rust value that is an object.
pub trait HostPayload {
    fn as_any(&self) -> &dyn Any;
    /// The object is dead, and a collection is under way.
    fn bury(self: Rc<Self>);
}

/// A function that an embedder has made.
#[repr(C)]
pub struct HostFunction {
    header: Header,
    name: Value,
    module: Value,
    doc: Value,
    /// `None` in a dead object alone.
    callee: Option<Rc<dyn HostCall>>,
}

pub static HOST_FUNCTION: TypeSpec = TypeSpec {
    name: "host_function",
    module: "stitch",
    doc: "A function of the program that the machine is a part of.",
    is_weakly_referable: true,
    layout: Some(Layout::of::<HostFunction>(3).finalized_by(|object| {
        // SAFETY: a dead object, whose callee nobody else takes.
        if let Some(callee) = unsafe { &mut *object.cast::<HostFunction>() }.callee.take() {
            callee.bury();
        }
    })),
    slots: Slots {
        call: slot(|vm: &mut Vm, this: This<HostFunction>, arguments: Arguments<'_>| {
            if !vm.is_main_thread() {
                let name = vm.string_of(this.name);
                return Err(vm.raise_runtime(&format!("{name}() can only be called by the machine's own thread")));
            }
            match this.callee.clone() {
                Some(callee) => callee.call(vm, arguments),
                None => Err(vm.raise_runtime("the function is gone")),
            }
        }),
        get: slot(|vm: &mut Vm, this: This<HostFunction>, owner: Value, _: *mut TypeObject| {
            Ok(if owner.is_unbound() { this.value() } else { vm.new_bound_method(this.value(), owner) })
        }),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<HostFunction>| {
            out.push_str(&format!("<host function {}>", vm.string_of(this.name)));
            Ok(())
        }),
        ..Slots::NONE
    },
    getters: &[
        field("__name__", |this: This<HostFunction>| this.name).doc("The function's name."),
        field("__qualname__", |this: This<HostFunction>| this.name).doc("The function's name."),
        field("__module__", |this: This<HostFunction>| this.module).doc("The module that has it, or None."),
        field("__doc__", |this: This<HostFunction>| this.doc).doc("What it does, or None."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; no type derives from it.
unsafe impl Object for HostFunction {
    const SPEC: &'static TypeSpec = &HOST_FUNCTION;
}

/// What classes of Rust values derive from.
#[repr(C)]
pub struct HostObject {
    header: Header,
    /// `None` in a dead object alone.
    payload: Option<Rc<dyn HostPayload>>,
}

pub static HOST_OBJECT: TypeSpec = TypeSpec {
    name: "host_object",
    module: "stitch",
    doc: "A value of the program that the machine is a part of.",
    is_base: true,
    is_weakly_referable: true,
    layout: Some(Layout::of::<HostObject>(0).finalized_by(|object| {
        // SAFETY: a dead object, whose payload nobody else takes.
        if let Some(payload) = unsafe { &mut *object.cast::<HostObject>() }.payload.take() {
            payload.bury();
        }
    })),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; what derives from it adds words behind.
unsafe impl Object for HostObject {
    const SPEC: &'static TypeSpec = &HOST_OBJECT;
}

impl Vm {
    /// A function that calls something of the embedder's.
    pub fn new_host_function(
        &mut self,
        name: &str,
        module: Option<&str>,
        doc: &str,
        callee: Rc<dyn HostCall>,
    ) -> PyResult {
        let class = self.type_of_spec(&HOST_FUNCTION);
        let name = self.intern(name);
        let module = module.map_or(Value::NONE, |module| self.intern(module));
        let doc = if doc.is_empty() { Value::NONE } else { self.new_str(doc) };
        self.new_object(class, |header| HostFunction { header, name, module, doc, callee: Some(callee) })
    }

    /// The class that classes of Rust values derive from.
    pub fn host_object_class(&mut self) -> Value {
        Value::object(self.type_of_spec(&HOST_OBJECT))
    }

    /// An object of a class that derives from that of host objects. TypeError where it does not.
    pub fn new_host_object(&mut self, class: Value, payload: Rc<dyn HostPayload>) -> PyResult {
        let base = self.type_of_spec(&HOST_OBJECT);
        match This::<TypeObject>::of(self, class) {
            Some(class) if self.is_subclass(class.pointer(), base) => {
                self.new_object(class.pointer(), |header| HostObject { header, payload: Some(payload) })
            }
            _ => Err(self.raise_type("not a class of Rust values")),
        }
    }

    /// What a host object owns.
    pub fn host_payload(&self, value: Value) -> Option<Rc<dyn HostPayload>> {
        This::<HostObject>::of(self, value).and_then(|this| this.payload.clone())
    }
}
