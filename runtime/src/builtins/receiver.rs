//! Questions about arguments that natives ask.

use crate::object::layout::StrObject;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    #[inline]
    pub fn is_str(&self, value: Value) -> bool {
        self.is_a::<StrObject>(value)
    }

    /// An optional argument: unbound and None are absent.
    pub fn optional(&self, value: Value) -> Option<Value> {
        if value.is_unbound() || value.is_none() { None } else { Some(value) }
    }
}
