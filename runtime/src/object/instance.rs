//! Instances of Python classes that derive from built-in types with a value of their own.
//!
//! They have the built-in type's layout and their class's shape. Ints, strings and tuples have no room for attributes.

use super::class::class_ref;
use super::header::Header;
use super::integer::{BigInt, IntView, int_of};
use super::layout::*;
use super::string::{View, str_of};
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// Makes a fresh object of a built-in type an instance of `class`, which has the type's layout.
    pub fn set_class(&mut self, object: Value, class: *mut TypeObject) {
        debug_assert!(class_ref(class).base_layout == self.layout_of(object));
        // SAFETY: a live heap object; the shape has the layout that the object was made with.
        unsafe { (*object.as_ptr::<Header>()).shape = class_ref(class).instance_shape };
    }

    /// An instance of a subclass of int.
    pub fn new_int_instance(&mut self, class: *mut TypeObject, int: Value) -> PyResult {
        let shape = class_ref(class).instance_shape;
        let object = self.allocate(shape, BuiltinType::Int.trace(), BuiltinType::Int.size_bytes());
        let instance = object.cast::<IntObject>();
        // SAFETY: the fresh object has room for an int; a big one gets a copy of its own.
        unsafe {
            match int_of(int) {
                IntView::Word(word) => (*instance).word = word,
                IntView::Big(big) => {
                    (*instance).big = Box::into_raw(Box::new(BigInt(big.clone())));
                    self.heap.register_finalizable(object);
                }
            }
        }
        Ok(Value::object(object))
    }

    /// An instance of a subclass of str.
    pub fn new_str_instance(&mut self, class: *mut TypeObject, text: Value) -> PyResult {
        let source = str_of(text);
        let copy = self.alloc_str(source.len, source.width)?;
        let n_bytes = source.len * source.width as usize;
        let from: *const u8 = match source.view() {
            View::One(data) => data.as_ptr(),
            View::Two(data) => data.as_ptr().cast(),
            View::Four(data) => data.as_ptr().cast(),
        };
        // SAFETY: the fresh string has the source's length and width.
        unsafe { std::ptr::copy_nonoverlapping(from, copy.add(1).cast::<u8>(), n_bytes) };
        let instance = Value::object(copy);
        self.set_class(instance, class);
        Ok(instance)
    }

    /// An instance of a subclass of tuple.
    pub fn new_tuple_instance(&mut self, class: *mut TypeObject, items: &[Value]) -> PyResult {
        let shape = class_ref(class).instance_shape;
        let object = self.try_allocate(shape, Header::TRACE_COUNTED, size_of::<TupleObject>() + items.len() * 8)?;
        let tuple = object.cast::<TupleObject>();
        // SAFETY: the fresh object has room for the length and the items.
        unsafe {
            (*tuple).len = items.len();
            std::ptr::copy_nonoverlapping(items.as_ptr(), (&raw mut (*tuple).items).cast(), items.len());
        }
        Ok(Value::object(tuple))
    }
}
