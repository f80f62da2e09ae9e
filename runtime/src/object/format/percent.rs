//! `%` formatting of str and bytes.

use super::{MAX_WIDTH, float_magnitude};
use crate::Raised;
use crate::object::buffer::BytesLike;
use crate::object::convert::text::Text;
use crate::object::layout::TupleObject;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// One conversion: `%[(key)][flags][width][.precision]type`.
#[derive(Default)]
struct Conversion {
    is_left: bool,
    has_plus: bool,
    has_space: bool,
    is_alternate: bool,
    is_zero_padded: bool,
    width: usize,
    precision: Option<usize>,
}

/// What is still to be formatted.
struct Arguments {
    values: Value,
    is_tuple: bool,
    next: usize,
    /// The mapping for keys, or unbound.
    mapping: Value,
    is_bytes: bool,
}

impl Arguments {
    fn take(&mut self, vm: &mut Vm) -> PyResult {
        let value = if self.is_tuple {
            // SAFETY: `values` is a tuple, which does not change.
            unsafe { (*self.values.as_ptr::<TupleObject>()).items() }.get(self.next).copied()
        } else {
            (self.next == 0).then_some(self.values)
        };
        self.next += 1;
        value.ok_or_else(|| vm.raise_type("not enough arguments for format string"))
    }

    fn is_used_up(&self) -> bool {
        // SAFETY: as in `take`.
        let n = if self.is_tuple { unsafe { (*self.values.as_ptr::<TupleObject>()).len } } else { 1 };
        self.next >= n
    }
}

impl Vm {
    /// `template % values` for a str.
    pub fn str_percent(&mut self, template: Value, values: Value) -> PyResult {
        let mut out = Text::new();
        self.percent(&mut out, self.str_of(template).view(), values, false)?;
        // The view read from the template all the while.
        std::hint::black_box(template);
        Ok(out.finish(self))
    }

    /// `template % values` for bytes.
    pub fn bytes_percent(&mut self, template: &[u8], values: Value) -> PyResult<Vec<u8>> {
        let mut out = Text::new();
        self.percent(&mut out, View::One(template), values, true)?;
        Ok(out.view().code_points().map(|point| point as u8).collect())
    }

    fn percent(&mut self, out: &mut Text, template: View<'_>, values: Value, is_bytes: bool) -> PyResult<()> {
        let is_tuple = self.is_a::<TupleObject>(values);
        let is_text = self.is_str(values)
            || is_bytes
                && self.is_bytes_like(values)
                && !self.is_of_spec(values, &crate::builtins::memoryview::MEMORYVIEW);
        let is_mapping = !is_tuple && !is_text && self.is_subscriptable(values);
        let mapping = if is_mapping { values } else { Value::UNBOUND };
        let mut arguments = Arguments { values, is_tuple, next: 0, mapping, is_bytes };
        let mut at = 0;
        while at < template.len() {
            let point = template.at(at);
            at += 1;
            if point == '%' as u32 {
                at = self.percent_conversion(out, template, at, &mut arguments)?;
            } else {
                out.push(point);
            }
        }
        if !arguments.is_used_up() && !is_mapping {
            let kind = if is_bytes { "bytes" } else { "string" };
            return Err(self.raise_type(&format!("not all arguments converted during {kind} formatting")));
        }
        Ok(())
    }

    fn is_subscriptable(&mut self, value: Value) -> bool {
        self.slots_of(value).get_item.is_some()
    }

    /// Formats the conversion whose `%` stands before `at`; where it ends.
    fn percent_conversion(
        &mut self,
        out: &mut Text,
        template: View<'_>,
        mut at: usize,
        arguments: &mut Arguments,
    ) -> PyResult<usize> {
        let peek =
            |at: usize| if at < template.len() { char::from_u32(template.at(at)).unwrap_or('\u{FFFD}') } else { '\0' };
        let mut keyed = None;
        if peek(at) == '(' {
            if arguments.mapping.is_unbound() {
                return Err(self.raise_type("format requires a mapping"));
            }
            let start = at + 1;
            let mut depth = 1;
            while depth > 0 {
                at += 1;
                if at >= template.len() {
                    return Err(self.raise_value("incomplete format key"));
                }
                depth += match peek(at) {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
            }
            let points: Vec<u32> = (start..at).map(|i| template.at(i)).collect();
            let key = if arguments.is_bytes {
                let bytes: Vec<u8> = points.iter().map(|&point| point as u8).collect();
                self.new_bytes(&bytes)?
            } else {
                self.str_from_code_points(&points)
            };
            keyed = Some(self.get_item(arguments.mapping, key)?);
            at += 1;
        }
        let mut conversion = Conversion::default();
        loop {
            match peek(at) {
                '-' => conversion.is_left = true,
                '+' => conversion.has_plus = true,
                ' ' => conversion.has_space = true,
                '#' => conversion.is_alternate = true,
                '0' => conversion.is_zero_padded = true,
                _ => break,
            }
            at += 1;
        }
        let width = self.percent_number(template, &mut at, arguments, "width")?;
        conversion.is_left |= width.is_some_and(|width| width < 0);
        conversion.width = width.unwrap_or(0).unsigned_abs() as usize;
        if peek(at) == '.' {
            at += 1;
            let precision = self.percent_number(template, &mut at, arguments, "precision")?;
            conversion.precision = Some(precision.unwrap_or(0).max(0) as usize);
            self.check_precision(conversion.precision)?;
        }
        if conversion.width > MAX_WIDTH {
            return Err(self.raise_memory());
        }
        if matches!(peek(at), 'h' | 'l' | 'L') {
            at += 1;
        }
        if at >= template.len() {
            return Err(self.raise_value("incomplete format"));
        }
        let ty = peek(at);
        // Only where nothing stands between the two.
        if ty == '%' && template.at(at - 1) == '%' as u32 {
            out.push('%' as u32);
            return Ok(at + 1);
        }
        let value = match keyed {
            Some(value) => value,
            None => arguments.take(self)?,
        };
        self.percent_value(out, &conversion, ty, value, at, arguments.is_bytes)?;
        Ok(at + 1)
    }

    /// A number in the template, or `*` for one among the arguments.
    fn percent_number(
        &mut self,
        template: View<'_>,
        at: &mut usize,
        arguments: &mut Arguments,
        what: &str,
    ) -> PyResult<Option<i64>> {
        if *at < template.len() && template.at(*at) == '*' as u32 {
            *at += 1;
            let value = arguments.take(self)?;
            if !self.is_int_like(value) {
                return Err(self.raise_type("* wants int"));
            }
            return self.index_i64(value).map(Some);
        }
        let mut number: Option<i64> = None;
        while *at < template.len()
            && let Some(digit) = char::from_u32(template.at(*at)).and_then(|c| c.to_digit(10))
        {
            let next = number.unwrap_or(0).checked_mul(10).and_then(|n| n.checked_add(digit as i64));
            match next {
                Some(next) => number = Some(next),
                None => return Err(self.raise_value(&format!("{what} too big"))),
            }
            *at += 1;
        }
        Ok(number)
    }

    fn percent_value(
        &mut self,
        out: &mut Text,
        conversion: &Conversion,
        ty: char,
        value: Value,
        at: usize,
        is_bytes: bool,
    ) -> PyResult<()> {
        match ty {
            's' | 'b' if is_bytes => {
                let data = self.percent_bytes(value)?;
                push_padded_view(out, conversion, View::One(&data));
            }
            's' | 'r' | 'a' => {
                let text = match ty {
                    's' => self.str(value)?,
                    'r' if !is_bytes => self.repr(value)?,
                    _ => self.ascii(value)?,
                };
                push_padded_view(out, conversion, self.str_of(text).view());
            }
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => self.percent_int(out, conversion, ty, value)?,
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let float = self.to_float(value)?;
                let text = float_magnitude(float, ty, conversion.precision.or(Some(6)), conversion.is_alternate);
                push_number(out, conversion, float.is_sign_negative() && !float.is_nan(), "", &text);
            }
            'c' => {
                let point = self.percent_character(value, is_bytes)?;
                let mut text = Text::new();
                text.push(point);
                push_padded_view(
                    out,
                    &Conversion {
                        precision: None,
                        width: conversion.width,
                        is_left: conversion.is_left,
                        ..Conversion::default()
                    },
                    text.view(),
                );
            }
            _ => {
                let message = format!("unsupported format character '{ty}' ({:#x}) at index {at}", ty as u32);
                return Err(self.raise_value(&message));
            }
        }
        Ok(())
    }

    fn percent_int(&mut self, out: &mut Text, conversion: &Conversion, ty: char, value: Value) -> PyResult<()> {
        let (base, prefix) = match ty {
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            _ => (10, ""),
        };
        let int = if self.is_int_like(value) {
            value
        } else if base == 10 && self.is_real(value) {
            self.int_from(value)?
        } else if base != 10 && self.is_index(value) {
            self.index(value)?
        } else {
            return Err(self.raise_percent_type(ty, value));
        };
        let mut digits = self.int_magnitude_digits(int, base)?;
        if ty == 'X' {
            digits.make_ascii_uppercase();
        }
        if let Some(precision) = conversion.precision
            && precision > digits.len()
        {
            digits.insert_str(0, &"0".repeat(precision - digits.len()));
        }
        let prefix = if conversion.is_alternate { prefix } else { "" };
        push_number(out, conversion, self.int_of(int).is_negative(), prefix, &digits);
        Ok(())
    }

    /// Can `int()` make an int of the number?
    fn is_real(&mut self, value: Value) -> bool {
        self.is_float_like(value)
            || self.is_index(value)
            || !self.is_plain(value) && self.lookup_special(value, self.names.__int__).is_some()
    }

    fn raise_percent_type(&mut self, ty: char, value: Value) -> Raised {
        let wanted = if matches!(ty, 'd' | 'i' | 'u') { "a real number" } else { "an integer" };
        let message = format!("%{ty} format: {wanted} is required, not {}", self.class_name(value));
        self.raise_type(&message)
    }

    /// The bytes of `%b`: a bytes-like object's, or those that `__bytes__` gives.
    fn percent_bytes(&mut self, value: Value) -> PyResult<BytesLike> {
        if self.is_bytes_like(value) {
            return BytesLike::of(self, value);
        }
        match self.lookup_special(value, self.names.__bytes__) {
            Some(_) => {
                let bytes = crate::builtins::bytes::as_exact(self, value)?;
                BytesLike::of(self, bytes)
            }
            None => {
                let message = format!(
                    "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
                    self.class_name(value)
                );
                Err(self.raise_type(&message))
            }
        }
    }

    fn percent_character(&mut self, value: Value, is_bytes: bool) -> PyResult<u32> {
        if self.is_index(value) {
            let int = self.index(value)?;
            let limit = if is_bytes { 0x100 } else { 0x11_0000 };
            let point = self.int_to_i64(int).and_then(|word| u32::try_from(word).ok()).filter(|&point| point < limit);
            let message = if is_bytes { "%c arg not in range(256)" } else { "%c arg not in range(0x110000)" };
            return point.ok_or_else(|| self.raise_overflow(message));
        }
        if is_bytes {
            let name = self.full_class_name(value);
            if crate::builtins::bytes::byte_string_name(self, value).is_none() {
                let message = format!("%c requires an integer in range(256) or a single byte, not {name}");
                return Err(self.raise_type(&message));
            }
            return match *BytesLike::of(self, value)? {
                [byte] => Ok(byte as u32),
                ref other => {
                    let len = other.len();
                    let message = format!(
                        "%c requires an integer in range(256) or a single byte, not a {name} object of length {len}"
                    );
                    Err(self.raise_type(&message))
                }
            };
        }
        if self.is_str(value) {
            let view = self.str_of(value).view();
            if view.len() == 1 {
                return Ok(view.at(0));
            }
            let message = format!("%c requires an int or a unicode character, not a string of length {}", view.len());
            return Err(self.raise_type(&message));
        }
        let name = self.full_class_name(value);
        Err(self.raise_type(&format!("%c requires an int or a unicode character, not {name}")))
    }
}

fn push_padded_view(out: &mut Text, conversion: &Conversion, view: View<'_>) {
    let len = conversion.precision.map_or(view.len(), |precision| precision.min(view.len()));
    let padding = conversion.width.saturating_sub(len);
    if !conversion.is_left {
        out.push_repeated(' ' as u32, padding);
    }
    if len == view.len() {
        out.push_view(view)
    } else {
        view.code_points().take(len).for_each(|point| out.push(point))
    }
    if conversion.is_left {
        out.push_repeated(' ' as u32, padding);
    }
}

fn push_number(out: &mut Text, conversion: &Conversion, is_negative: bool, prefix: &str, digits: &str) {
    let sign = match (is_negative, conversion.has_plus, conversion.has_space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    let padding = conversion.width.saturating_sub(sign.len() + prefix.len() + digits.len());
    let is_zero_padded = conversion.is_zero_padded && !conversion.is_left;
    if !conversion.is_left && !is_zero_padded {
        out.push_repeated(' ' as u32, padding);
    }
    out.push_str(sign);
    out.push_str(prefix);
    if is_zero_padded {
        out.push_repeated('0' as u32, padding);
    }
    out.push_str(digits);
    if conversion.is_left {
        out.push_repeated(' ' as u32, padding);
    }
}
