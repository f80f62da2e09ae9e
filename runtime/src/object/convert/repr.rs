//! What the `repr`s of built-in types have in common.

use super::number::float_repr;
use super::text::Text;
use crate::object::class::class_ref;
use crate::object::layout::*;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// So many containers, one in the other, are shown at a time, about as in CPython.
const MAX_SHOWN: usize = 50_000;

/// Does `repr` show the code point as it is?
pub fn is_printable(point: u32) -> bool {
    if point < 0x7F {
        return point >= 0x20;
    }
    let Some(c) = char::from_u32(point) else { return false };
    point >= 0xA1 && point != 0xAD && rustpython_unicode::classify::is_printable(c)
}

/// `\x..`, `\u....` or `\U........`.
pub(super) fn push_escape(out: &mut Text, point: u32) {
    out.push_str(&match point {
        0..0x100 => format!("\\x{point:02x}"),
        0x100..0x1_0000 => format!("\\u{point:04x}"),
        _ => format!("\\U{point:08x}"),
    });
}

pub(crate) fn push_str_repr(out: &mut Text, view: View<'_>) {
    let has = |quote: char| view.code_points().any(|point| point == quote as u32);
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.push(quote as u32);
    for point in view.code_points() {
        match char::from_u32(point) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => {
                out.push('\\' as u32);
                out.push(point);
            }
            _ if is_printable(point) => out.push(point),
            _ => push_escape(out, point),
        }
    }
    out.push(quote as u32);
}

pub(crate) fn push_bytes_repr(out: &mut Text, data: &[u8]) {
    push_quoted_bytes(out, data, |byte, quote| byte == quote);
}

/// In the quotes that fit best, with a backslash before each byte that is `escaped` inside of them.
pub(crate) fn push_quoted_bytes(out: &mut Text, data: &[u8], escaped: fn(u8, u8) -> bool) {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { b'"' } else { b'\'' };
    out.push('b' as u32);
    out.push(quote as u32);
    for &byte in data {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if escaped(byte, quote) => {
                out.push('\\' as u32);
                out.push(byte as u32);
            }
            0x20..0x7F => out.push(byte as u32),
            _ => push_escape(out, byte as u32),
        }
    }
    out.push(quote as u32);
}

/// A part of a complex number: as a float's repr, whole numbers without fraction.
fn complex_part(float: f64) -> String {
    let text = float_repr(float);
    text.strip_suffix(".0").map(str::to_string).unwrap_or(text)
}

pub(crate) fn complex_repr(re: f64, im: f64) -> String {
    if re == 0.0 && re.is_sign_positive() {
        return format!("{}j", complex_part(im));
    }
    let sign = if im.is_sign_negative() && !im.is_nan() { "" } else { "+" };
    format!("({}{sign}{}j)", complex_part(re), complex_part(im))
}

impl Vm {
    /// Appends `repr(value)`.
    pub fn write_repr(&mut self, out: &mut Text, value: Value) -> PyResult<()> {
        self.check_native_stack()?;
        match self.slots_of(value).repr {
            Some(slot) => slot(self, out, value),
            None => {
                out.push_str(&self.default_repr(value));
                Ok(())
            }
        }
    }

    pub fn write_parts(&mut self, out: &mut Text, open: &str, parts: &[Value], close: &str) -> PyResult<()> {
        out.push_str(open);
        for (i, &part) in parts.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.write_repr(out, part)?;
        }
        out.push_str(close);
        Ok(())
    }

    /// Appends the repr of a container, or `instead` where it is being shown already.
    pub fn write_container(
        &mut self,
        out: &mut Text,
        container: Value,
        instead: &str,
        write: impl FnOnce(&mut Vm, &mut Text) -> PyResult<()>,
    ) -> PyResult<()> {
        self.check_native_stack()?;
        if self.being_shown.len() >= MAX_SHOWN {
            return Err(self.raise_recursion());
        }
        if !self.being_shown.insert(container) {
            out.push_str(instead);
            return Ok(());
        }
        let result = write(self, out);
        self.being_shown.remove(&container);
        result
    }

    pub(crate) fn write_table(
        &mut self,
        out: &mut Text,
        table: Value,
        write: impl Fn(&mut Vm, &mut Text, Value, Value) -> PyResult<()>,
    ) -> PyResult<()> {
        let (mut at, mut is_first) = (0, true);
        while let Some((index, entry)) = self.table(table).next_entry(at) {
            at = index + 1;
            if !std::mem::take(&mut is_first) {
                out.push_str(", ");
            }
            write(self, out, entry.key, entry.value)?;
        }
        Ok(())
    }

    /// A class's name with its module, built-in classes without.
    pub fn qualified_class_name(&mut self, class: *mut TypeObject) -> String {
        let (dict, qualname) = (class_ref(class).dict, class_ref(class).qualname);
        let name = if self.is_str(qualname) { self.string_of(qualname) } else { self.type_name(class) };
        let module = if self.is_a::<DictObject>(dict) { self.dict_get_name(dict, self.names.__module__) } else { None };
        match module {
            Some(module) if self.is_str(module) => match self.string_of(module).as_str() {
                "builtins" => name,
                module => format!("{module}.{name}"),
            },
            _ => name,
        }
    }

    /// `<module.Class object at 0x…>`.
    pub fn default_repr(&mut self, value: Value) -> String {
        let name = self.qualified_class_name(self.class_of(value));
        format!("<{name} object at {:#x}>", value.0)
    }

    pub(crate) fn name_text(&self, name: Value) -> String {
        if self.is_str(name) { self.string_of(name) } else { "?".to_string() }
    }

    pub(crate) fn class_or_unknown(&self, class: Value) -> String {
        if self.is_a::<TypeObject>(class) { self.shown_name(class.as_ptr()) } else { "?".to_string() }
    }
}
