//! `repr`, `str`, `ascii`, and conversion to numbers.

mod number;
mod repr;
pub mod text;

pub use number::{float_repr, parse_float};
pub use repr::is_printable;
pub(crate) use repr::{complex_repr, push_bytes_repr, push_quoted_bytes, push_str_repr};

use crate::object::class::class_ref;
use crate::object::layout::StrObject;
use crate::object::slots::{SlotId, python};
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use text::Text;

impl Vm {
    /// `repr(value)`: a str.
    pub fn repr(&mut self, value: Value) -> PyResult {
        if class_ref(self.class_of(value)).python_slots.has(SlotId::Repr) {
            self.check_native_stack()?;
            return python::repr_text(self, value);
        }
        let mut out = Text::new();
        self.write_repr(&mut out, value)?;
        Ok(out.finish(self))
    }

    /// `str(value)`: a str.
    pub fn str(&mut self, value: Value) -> PyResult {
        if self.is_exactly::<StrObject>(value) {
            return Ok(value);
        }
        self.check_native_stack()?;
        match self.slots_of(value).str {
            Some(slot) => slot(self, value),
            None => self.repr(value),
        }
    }

    /// An exact str of the same text.
    pub fn str_exact(&mut self, value: Value) -> Value {
        if self.is_exactly::<StrObject>(value) {
            return value;
        }
        self.str_slice(value, 0, self.str_of(value).len)
    }

    /// `repr(value)` as UTF-8.
    pub fn repr_string(&mut self, value: Value) -> PyResult<String> {
        self.repr(value).map(|shown| self.string_of(shown))
    }

    /// `str(value)` as UTF-8.
    pub fn str_string(&mut self, value: Value) -> PyResult<String> {
        self.str(value).map(|shown| self.string_of(shown))
    }

    /// `ascii(value)`: the repr with everything beyond ASCII escaped.
    pub fn ascii(&mut self, value: Value) -> PyResult {
        let shown = self.repr(value)?;
        if matches!(self.str_of(shown).view(), View::One(data) if data.is_ascii()) {
            return Ok(shown);
        }
        let mut out = Text::new();
        for point in self.str_of(shown).view().code_points() {
            if point < 0x80 { out.push(point) } else { repr::push_escape(&mut out, point) }
        }
        Ok(out.finish(self))
    }
}
