//! Weak references: who may be referred to, and who refers to an object.

use super::class::class_ref;
use super::layout::TypeObject;
use crate::gc;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// TypeError where there may be no weak references to the value.
    pub fn check_weakly_referable(&mut self, value: Value) -> PyResult<()> {
        if value.is_object() && class_ref(self.class_of(value)).flags & TypeObject::WEAKLY_REFERABLE != 0 {
            return Ok(());
        }
        let message = format!("cannot create weak reference to '{}' object", self.class_name(value));
        Err(self.raise_type(&message))
    }

    /// The weak references to an object, in the order of their making.
    pub fn weak_references(&self, value: Value) -> &[gc::Object] {
        if value.is_object() { self.heap.weak_references(value.as_ptr()) } else { &[] }
    }

    /// What `__weakref__` gives: a weak reference to the object, if there is one.
    pub(super) fn some_weak_reference(&mut self, value: Value) -> PyResult {
        Ok(self.weak_references(value).first().map_or(Value::NONE, |&reference| Value::object(reference)))
    }
}
