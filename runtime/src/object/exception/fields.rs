//! Fields of built-in exceptions: reserved slots behind those that all exceptions have.
//!
//! ```text
//!   args traceback context cause suppress │ errno strerror filename filename2 written │ what Python code sets
//!   └ every exception                       └ OSError, from FIRST_FIELD on
//! ```
//!
//! A class with fields is a solid base: two of them have no common subclass, but where one derives from the other.

use super::RESERVED;
use crate::object::class::class_ref;
use crate::object::layout::{MemberKind, TypeObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The slot of an exception's first field.
pub const FIRST_FIELD: usize = RESERVED;

/// Sets the fields of a fresh exception from its arguments and keyword arguments (unbound: none).
pub type Fill = fn(&mut Vm, Value, &[Value], Value) -> PyResult<()>;

/// The fields that a class adds.
#[derive(Clone, Copy)]
pub struct Fields {
    /// In the order of their slots; a field without a name has no member of its own.
    pub names: &'static [(&'static str, MemberKind)],
    pub fill: Fill,
}

impl Vm {
    /// Gives a class that is being made the fields that it adds.
    pub(super) fn add_fields(&mut self, class: *mut TypeObject, fields: &Fields) {
        for (i, &(field, kind)) in fields.names.iter().enumerate() {
            if !field.is_empty() {
                let field = self.intern(field);
                self.add_member(class, field, FIRST_FIELD + i, kind);
            }
        }
        let n_reserved = FIRST_FIELD + fields.names.len();
        let names = vec![Value::UNBOUND; n_reserved];
        let shape = self.shapes.add_root(class, BuiltinType::BaseException, n_reserved as u16 + 2, names, n_reserved);
        let object = class_ref(class);
        object.instance_shape = shape;
        object.solid = class;
    }

    /// Sets the fields of a fresh exception of a built-in class from its arguments.
    pub(super) fn fill_fields(&mut self, exception: Value, arguments: &[Value]) -> PyResult<()> {
        let solid = class_ref(self.class_of(exception)).solid;
        // SAFETY: specifications are static.
        match unsafe { (*class_ref(solid).spec).fields } {
            Some(fields) => (fields.fill)(self, exception, arguments, Value::UNBOUND),
            None => Ok(()),
        }
    }

    /// A field of an exception by its place; `None` where it is not set.
    pub fn exception_field(&self, exception: Value, field: usize) -> Option<Value> {
        let value = self.exception_slot(exception, FIRST_FIELD + field);
        (!value.is_unbound()).then_some(value)
    }

    /// Sets a field of an exception, which has it.
    pub fn set_exception_field(&mut self, exception: Value, field: usize, value: Value) {
        self.set_exception_slot(exception, FIRST_FIELD + field, value);
    }
}
