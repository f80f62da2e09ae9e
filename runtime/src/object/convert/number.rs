//! Floats as text and back; what `int()` and `float()` make of a value.

use crate::object::argument::{Receiver, ThisFloat};
use crate::object::buffer::BytesLike;
use crate::object::integer::decimal_digit;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Shortest digits that read back as the float, and the exponent of the first of them.
fn shortest_digits(float: f64) -> (String, i32) {
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(float.abs());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let leading_zeros = all.bytes().take_while(|&b| b == b'0').count();
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    if digits.is_empty() {
        return ("0".to_string(), 0);
    }
    let exponent = exponent.parse::<i32>().unwrap_or(0);
    (digits.to_string(), exponent + whole.len() as i32 - 1 - leading_zeros as i32)
}

/// `repr(float)`.
pub fn float_repr(float: f64) -> String {
    if float.is_nan() {
        return "nan".to_string();
    }
    let sign = if float.is_sign_negative() { "-" } else { "" };
    if float.is_infinite() {
        return format!("{sign}inf");
    }
    if float.fract() == 0.0 && float.abs() < 1e15 {
        return format!("{sign}{}.0", float.abs() as u64);
    }
    let (digits, exponent) = shortest_digits(float);
    let n = digits.len() as i32;
    if !(-4..16).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}e{exponent_sign}{:02}", exponent.abs());
    }
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    if n <= exponent + 1 {
        return format!("{sign}{digits}{}.0", "0".repeat((exponent + 1 - n) as usize));
    }
    let (whole, fraction) = digits.split_at(exponent as usize + 1);
    format!("{sign}{whole}.{fraction}")
}

/// Text as `float()` reads it.
pub fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c));
    if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-' | b'e' | b'E')) {
        return text.parse().ok();
    }
    let mut clean = String::with_capacity(text.len());
    let mut previous = '\0';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '_' if previous.is_ascii_digit() && chars.peek().is_some_and(|&next| decimal_digit(next).is_some()) => {}
            '_' => return None,
            c if c.is_ascii() => clean.push(c),
            c => clean.push(std::char::from_digit(decimal_digit(c)?, 10)?),
        }
        previous = if decimal_digit(c).is_some() { '0' } else { c };
    }
    let word = clean.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if clean.len() > word.len() + 1 {
        return None;
    }
    match word.as_str() {
        "inf" | "infinity" | "nan" => {}
        _ if word.bytes().any(|b| b.is_ascii_alphabetic() && b != b'e') => return None,
        _ => {}
    }
    clean.parse().ok()
}

impl Vm {
    /// The float that a number stands for (`__float__`, `__index__`); TypeError for anything else.
    #[inline]
    pub fn to_float(&mut self, value: Value) -> PyResult<f64> {
        if value.is_float() {
            return Ok(value.as_float());
        }
        if value.is_int() {
            return Ok(value.as_int() as f64);
        }
        match self.float_method(value)? {
            Some(float) => Ok(float),
            None => {
                let message = format!("must be real number, not {}", self.class_name(value));
                Err(self.raise_type(&message))
            }
        }
    }

    fn float_method(&mut self, value: Value) -> PyResult<Option<f64>> {
        if self.is_plain(value) {
            return self.number_to_f64(value);
        }
        if let Some(result) = self.call_special(value, self.names.__float__, &[])? {
            let Some(float) = ThisFloat::receive(self, result) else {
                let (owner, got) = (self.class_name(value), self.class_name(result));
                return Err(self.raise_type(&format!("{owner}.__float__ returned non-float (type {got})")));
            };
            if !result.is_float() {
                let owner = self.class_name(value);
                self.warn_of_derived(result, &format!("{owner}.__float__"), "float")?;
            }
            return Ok(Some(float.get()));
        }
        if self.is_index(value) {
            let int = self.index(value)?;
            return self.int_value_to_f64(int).map(Some);
        }
        Ok(None)
    }

    /// `float(value)`: numbers, strings and bytes.
    pub fn float_from(&mut self, value: Value) -> PyResult {
        if self.is_str(value) {
            return self.float_from_str(value).map(Value::float);
        }
        match self.float_method(value)? {
            Some(float) => Ok(Value::float(float)),
            None if self.is_bytes_like(value) => self.float_from_bytes(value).map(Value::float),
            None => {
                let message =
                    format!("float() argument must be a string or a real number, not '{}'", self.class_name(value));
                Err(self.raise_type(&message))
            }
        }
    }

    /// `float` of a bytes-like object.
    pub fn float_from_bytes(&mut self, value: Value) -> PyResult<f64> {
        let text = String::from_utf8_lossy(&BytesLike::of(self, value)?).into_owned();
        self.float_from_text(&text, value)
    }

    /// `float(str)`.
    pub fn float_from_str(&mut self, value: Value) -> PyResult<f64> {
        self.float_from_text(&self.string_of(value), value)
    }

    fn float_from_text(&mut self, text: &str, value: Value) -> PyResult<f64> {
        match parse_float(text) {
            Some(float) => Ok(float),
            None => {
                let shown = self.repr_string(value)?;
                Err(self.raise_value(&format!("could not convert string to float: {shown}")))
            }
        }
    }

    /// `int(value)`: numbers, strings and bytes.
    pub fn int_from(&mut self, value: Value) -> PyResult {
        if value.is_float() {
            return self.int_from_float(value.as_float());
        }
        if self.is_plain(value) && self.is_int_like(value) {
            return Ok(self.int_exact(value));
        }
        if !self.is_plain(value)
            && let Some(result) = self.call_special(value, self.names.__int__, &[])?
        {
            if !self.is_int_like(result) {
                let message = format!("__int__ returned non-int (type {})", self.class_name(result));
                return Err(self.raise_type(&message));
            }
            self.warn_of_derived(result, "__int__", "int")?;
            return Ok(self.int_exact(result));
        }
        if self.is_index(value) {
            let int = self.index(value)?;
            return Ok(self.int_exact(int));
        }
        if self.is_str(value) {
            return self.int_from_str(value, 10);
        }
        if self.is_bytes_like(value) {
            let text = String::from_utf8_lossy(&BytesLike::of(self, value)?).into_owned();
            return self.int_from_shown(&text, 10, value);
        }
        let message = format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            self.class_name(value)
        );
        Err(self.raise_type(&message))
    }
}
