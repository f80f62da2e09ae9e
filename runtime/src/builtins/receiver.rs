//! What methods do with their arguments first: check the receiver's layout, take strings and indices out of them.

use crate::object::layout::*;
use crate::object::string::str_of;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// The list under a value of list layout.
#[inline(always)]
pub fn list_of<'a>(value: Value) -> &'a mut ListObject {
    // SAFETY: callers have checked the layout; objects do not move.
    unsafe { &mut *value.as_ptr::<ListObject>() }
}

/// The tuple under a value of tuple layout.
#[inline(always)]
pub fn tuple_of<'a>(value: Value) -> &'a TupleObject {
    // SAFETY: callers have checked the layout; tuples are immutable.
    unsafe { &*value.as_ptr::<TupleObject>() }
}

/// The bytes under a value of bytes layout.
#[inline(always)]
pub fn bytes_of<'a>(value: Value) -> &'a [u8] {
    // SAFETY: callers have checked the layout; bytes are immutable.
    unsafe { (*value.as_ptr::<BytesObject>()).data() }
}

/// The object under a value whose layout the caller has checked.
#[inline(always)]
pub fn object_of<'a, T>(value: Value) -> &'a mut T {
    // SAFETY: callers have checked the layout; objects do not move.
    unsafe { &mut *value.as_ptr::<T>() }
}

impl Vm {
    /// The receiver of a method of `ty`: TypeError where an unbound method was given something else.
    #[inline]
    pub fn check_receiver(&mut self, value: Value, ty: BuiltinType) -> PyResult<()> {
        if self.layout_of(value) == ty {
            return Ok(());
        }
        Err(self.raise_receiver(value, ty))
    }

    #[inline(never)]
    fn raise_receiver(&mut self, value: Value, ty: BuiltinType) -> Raised {
        let message =
            format!("descriptor requires a '{}' object but received a '{}'", ty.name(), self.class_name(value));
        self.raise_type(&message)
    }

    #[inline]
    pub fn is_str(&self, value: Value) -> bool {
        self.has_layout(value, BuiltinType::Str)
    }

    /// An optional argument: unbound and None are absent.
    pub fn optional(&self, value: Value) -> Option<Value> {
        if value.is_unbound() || value.is_none() { None } else { Some(value) }
    }

    /// Bounds `start, stop` of a search as `slice.indices` gives them.
    pub fn search_bounds(&mut self, start: Value, stop: Value, len: usize) -> PyResult<(usize, usize)> {
        let mut bound = |value: Value, default: i64| -> PyResult<i64> {
            let Some(value) = self.optional(value) else { return Ok(default) };
            let index = self.index_clamped(value)?;
            Ok(if index < 0 { index.saturating_add(len as i64).max(0) } else { index })
        };
        let start = bound(start, 0)?;
        let stop = bound(stop, len as i64)?.min(len as i64);
        Ok((start as usize, stop as usize))
    }
}

/// A str argument; `what` begins the message: "replace() argument 1".
pub fn str_arg<'a>(vm: &mut Vm, value: Value, what: &str) -> PyResult<&'a StrObject> {
    if vm.is_str(value) {
        return Ok(str_of(value));
    }
    let message = format!("{what} must be str, not {}", vm.class_name(value));
    Err(vm.raise_type(&message))
}
