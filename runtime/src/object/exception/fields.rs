//! Fields of built-in exceptions: reserved slots behind those that all exceptions have.
//!
//! ```text
//!   args traceback context cause suppress │ errno strerror filename filename2 written │ what Python code sets
//!   └ every exception                       └ OSError, from FIRST_FIELD on
//! ```
//!
//! A class with fields is a solid base: two of them have no common subclass, but where one derives from the other.

use super::RESERVED;
use crate::builtins::exception_fields::*;
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
pub struct FieldsRow {
    pub class: &'static str,
    /// In the order of their slots; a field without a name has no member of its own.
    pub fields: &'static [(&'static str, MemberKind)],
    pub fill: Fill,
}

use MemberKind::{Field, Index, ReadOnly};

const UNICODE: &[(&str, MemberKind)] =
    &[("encoding", Field), ("object", Field), ("start", Index), ("end", Index), ("reason", Field)];

/// All classes with fields.
pub static ROWS: &[FieldsRow] = &[
    FieldsRow { class: "StopIteration", fields: &[("value", Field)], fill: fill_stop },
    FieldsRow { class: "AttributeError", fields: &[("name", Field), ("obj", Field)], fill: fill_attribute },
    FieldsRow { class: "NameError", fields: &[("name", Field)], fill: fill_name },
    FieldsRow {
        class: "OSError",
        fields: &[("errno", Field), ("strerror", Field), ("filename", Field), ("filename2", Field), ("", Field)],
        fill: fill_os,
    },
    FieldsRow {
        class: "ImportError",
        fields: &[("msg", Field), ("name", Field), ("path", Field), ("name_from", Field)],
        fill: fill_import,
    },
    FieldsRow { class: "SystemExit", fields: &[("code", Field)], fill: fill_exit },
    FieldsRow {
        class: "SyntaxError",
        fields: &[
            ("msg", Field),
            ("filename", Field),
            ("lineno", Field),
            ("offset", Field),
            ("text", Field),
            ("end_lineno", Field),
            ("end_offset", Field),
            ("print_file_and_line", Field),
            ("_metadata", Field),
        ],
        fill: fill_syntax,
    },
    FieldsRow { class: "UnicodeEncodeError", fields: UNICODE, fill: fill_encode },
    FieldsRow { class: "UnicodeDecodeError", fields: UNICODE, fill: fill_decode },
    FieldsRow { class: "UnicodeTranslateError", fields: UNICODE, fill: fill_translate },
    FieldsRow {
        class: "BaseExceptionGroup",
        fields: &[("message", ReadOnly), ("exceptions", ReadOnly)],
        fill: |_, _, _, _| Ok(()),
    },
];

impl Vm {
    /// Gives a class that is being made the fields that it adds, if it adds any.
    pub(super) fn add_fields(&mut self, class: *mut TypeObject, name: &str) {
        let Some(row) = ROWS.iter().find(|row| row.class == name) else { return };
        for (i, &(field, kind)) in row.fields.iter().enumerate() {
            if !field.is_empty() {
                let field = self.intern(field);
                self.add_member(class, field, FIRST_FIELD + i, kind);
            }
        }
        let n_reserved = FIRST_FIELD + row.fields.len();
        let names = vec![Value::UNBOUND; n_reserved];
        let shape = self.shapes.add_root(class, BuiltinType::BaseException, n_reserved as u16 + 2, names, n_reserved);
        let object = class_ref(class);
        object.instance_shape = shape;
        object.solid = class;
        self.exception_fields.push((class, row.fill));
    }

    /// Sets the fields of a fresh exception of a built-in class from its arguments.
    pub(super) fn fill_fields(&mut self, exception: Value, arguments: &[Value]) -> PyResult<()> {
        let solid = class_ref(self.class_of(exception)).solid;
        match self.exception_fields.iter().find(|row| row.0 == solid) {
            Some(&(_, fill)) => fill(self, exception, arguments, Value::UNBOUND),
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
