//! Questions about arguments that natives ask.

use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    #[inline]
    pub fn is_str(&self, value: Value) -> bool {
        self.has_layout(value, BuiltinType::Str)
    }

    /// An optional argument: unbound and None are absent.
    pub fn optional(&self, value: Value) -> Option<Value> {
        if value.is_unbound() || value.is_none() { None } else { Some(value) }
    }
}
