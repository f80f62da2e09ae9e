//! Instances of Python classes that derive from built-in types with a value of their own.
//!
//! They have the built-in type's layout and their class's shape. Those whose layout has no word for attributes have one more,
//! behind everything else.

use super::argument::This;
use super::class::class_ref;
use super::header::Header;
use super::layout::*;
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// An instance of `class`, a subclass of a built-in type, with the value of an exact object of that type; the object itself
    /// where `class` is the type.
    pub fn derive(&mut self, class: *mut TypeObject, exact: Value) -> PyResult {
        let layout = class_ref(class).base_layout;
        if class == self.class(layout) {
            return Ok(exact);
        }
        debug_assert!(layout == self.layout_of(exact) && !layout.has_attributes());
        let exact = self.with_own_text(exact)?;
        let shape = class_ref(class).instance_shape;
        let instance = if exact.is_float() {
            let object = self.allocate(shape, Header::and_last(0), size_of::<FloatObject>() + 8);
            // SAFETY: the fresh object has room for a float object and the last word.
            unsafe { (*object.cast::<FloatObject>()).value = exact.as_float() };
            Value::object(object)
        } else if self.is_int_like(exact) {
            self.derived_int(shape, exact)
        } else {
            // SAFETY: an exact object of a type that is no immediate.
            let trace = unsafe { (*exact.as_ptr::<Header>()).trace };
            let size_bytes = self.heap.size_bytes(exact.as_ptr());
            let object = self.try_allocate(shape, Header::and_last(trace), size_bytes + 8)?;
            // SAFETY: the fresh object has the exact one's room behind the header, and a word more, which stays unbound.
            unsafe {
                let (from, to) = (exact.as_ptr::<u8>().add(8), object.cast::<u8>().add(8));
                std::ptr::copy_nonoverlapping(from, to, size_bytes - 8);
            }
            let instance = Value::object(object);
            if let Some(mut text) = This::<StrObject>::of(self, instance) {
                text.is_interned = false;
            }
            instance
        };
        self.reserve_slots(instance)?;
        self.note_finalizer(class, instance);
        Ok(instance)
    }

    fn derived_int(&mut self, shape: u32, int: Value) -> Value {
        let trace = Header::and_last(BuiltinType::Int.trace());
        let object = self.allocate(shape, trace, BuiltinType::Int.size_bytes() + 8);
        let instance = object.cast::<IntObject>();
        // SAFETY: the fresh object has room for an int; a big one gets a copy of its own.
        unsafe {
            if (*instance).set(self.int_of(int)) {
                self.heap.register_finalizable(object);
            }
        }
        Value::object(object)
    }
}
