//! `repr`, `str`, `ascii`, and conversion to numbers.

mod number;
mod repr;
pub mod text;

pub use number::{float_repr, parse_float};
pub use repr::is_printable;

use super::string::{str_of, str_to_string};
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use text::Text;

impl Vm {
    /// `repr(value)`: a str.
    pub fn repr(&mut self, value: Value) -> PyResult {
        if self.is_plain(value) {
            return self.native_repr(value);
        }
        self.check_native_stack()?;
        match self.call_special(value, self.names.__repr__, &[])? {
            Some(result) if self.has_layout(result, BuiltinType::Str) => Ok(result),
            Some(result) => {
                let message = format!("__repr__ returned non-string (type {})", self.class_name(result));
                Err(self.raise_type(&message))
            }
            None => self.native_repr(value),
        }
    }

    /// `repr` by built-in layout.
    pub fn native_repr(&mut self, value: Value) -> PyResult {
        let mut out = Text::new();
        self.write_native_repr(&mut out, value)?;
        Ok(out.finish(self))
    }

    /// `str(value)`: a str.
    pub fn str(&mut self, value: Value) -> PyResult {
        if self.is_exact(value, BuiltinType::Str) {
            return Ok(value);
        }
        if self.is_plain(value) {
            return self.native_repr(value);
        }
        self.check_native_stack()?;
        match self.call_special(value, self.names.__str__, &[])? {
            Some(result) if self.has_layout(result, BuiltinType::Str) => Ok(result),
            Some(result) => {
                let message = format!("__str__ returned non-string (type {})", self.class_name(result));
                Err(self.raise_type(&message))
            }
            None if self.has_layout(value, BuiltinType::Str) => Ok(self.str_exact(value)),
            None => self.repr(value),
        }
    }

    /// An exact str of the same text.
    pub fn str_exact(&mut self, value: Value) -> Value {
        if self.is_exact(value, BuiltinType::Str) {
            return value;
        }
        self.str_slice(value, 0, str_of(value).len)
    }

    /// `repr(value)` as UTF-8.
    pub fn repr_string(&mut self, value: Value) -> PyResult<String> {
        self.repr(value).map(str_to_string)
    }

    /// `str(value)` as UTF-8.
    pub fn str_string(&mut self, value: Value) -> PyResult<String> {
        self.str(value).map(str_to_string)
    }

    /// `ascii(value)`: the repr with everything beyond ASCII escaped.
    pub fn ascii(&mut self, value: Value) -> PyResult {
        let shown = self.repr(value)?;
        let mut out = Text::new();
        for point in str_of(shown).view().code_points() {
            if point < 0x80 { out.push(point) } else { repr::push_escape(&mut out, point) }
        }
        Ok(out.finish(self))
    }
}
