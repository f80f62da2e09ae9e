//! `format()`, f-strings, `%` and `str.format`.

mod fixed;
mod percent;
mod spec;
mod template;

use super::argument::{Receiver, ThisFloat};
use super::convert::float_repr;
use super::convert::text::Text;
use super::layout::ComplexObject;
use crate::Raised;
use crate::object::layout::StrObject;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use fixed::fixed_by_words;
use spec::Spec;

/// Widths beyond this are refused with MemoryError.
const MAX_WIDTH: usize = 1 << 31;
/// Precisions of numbers beyond this are refused with ValueError.
const MAX_PRECISION: usize = i32::MAX as usize;
/// Digits behind the point that a float can have; what is asked for beyond is zeros.
const MAX_FRACTION_DIGITS: usize = 1100;

/// `digits` with a separator before every `group` of them, counted from the right.
fn group_digits(digits: &str, separator: Option<char>, group: usize) -> String {
    let Some(separator) = separator else { return digits.to_string() };
    let mut grouped = String::with_capacity(digits.len() + digits.len() / group + 1);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(group) {
            grouped.push(separator);
        }
        grouped.push(c);
    }
    grouped
}

/// `float` (not negative, finite) with so many digits behind the point.
fn fixed(float: f64, precision: usize, keep_point: bool) -> String {
    let shown = precision.min(MAX_FRACTION_DIGITS);
    let mut text = fixed_by_words(float, shown).unwrap_or_else(|| format!("{float:.shown$}"));
    text.extend(std::iter::repeat_n('0', precision - shown));
    if precision == 0 && keep_point {
        text.push('.');
    }
    text
}

/// Mantissa digits (with point) and exponent of `float` (not negative, finite) in scientific notation.
fn scientific_parts(float: f64, precision: usize) -> (String, i32) {
    let shown = precision.min(MAX_FRACTION_DIGITS);
    let text = format!("{float:.shown$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut mantissa = mantissa.to_string();
    mantissa.extend(std::iter::repeat_n('0', precision - shown));
    (mantissa, exponent.parse().unwrap_or(0))
}

fn with_exponent(mantissa: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn scientific(float: f64, precision: usize, keep_point: bool) -> String {
    let (mut mantissa, exponent) = scientific_parts(float, precision);
    if precision == 0 && keep_point {
        mantissa.push('.');
    }
    with_exponent(&mantissa, exponent)
}

/// The `g` form; `adds_zero`: the form without a type, which always shows a fraction.
fn general(float: f64, precision: usize, keep_point: bool, adds_zero: bool) -> String {
    let precision = precision.max(1);
    let (mantissa, exponent) = scientific_parts(float, precision - 1);
    let limit = precision as i64 - adds_zero as i64;
    let trim = |text: &str| {
        if keep_point || !text.contains('.') {
            return text.to_string();
        }
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    };
    if exponent < -4 || exponent as i64 >= limit.max(if adds_zero { 0 } else { 1 }) {
        let mut mantissa = trim(&mantissa);
        if keep_point && !mantissa.contains('.') {
            mantissa.push('.');
        }
        return with_exponent(&mantissa, exponent);
    }
    let text = trim(&fixed(float, (precision as i64 - 1 - exponent as i64).max(0) as usize, keep_point));
    if adds_zero && !text.contains('.') { format!("{text}.0") } else { text }
}

/// The magnitude of a float in a presentation type (0: none), in the type's case.
fn float_magnitude(float: f64, ty: char, precision: Option<usize>, keep_point: bool) -> String {
    let magnitude = float.abs();
    let digits = precision.unwrap_or(6);
    let scaled = if ty == '%' { magnitude * 100.0 } else { magnitude };
    let mut text = if scaled.is_nan() {
        "nan".to_string()
    } else if scaled.is_infinite() {
        "inf".to_string()
    } else {
        match ty.to_ascii_lowercase() {
            'f' | '%' => fixed(scaled, digits, keep_point),
            'e' => scientific(scaled, digits, keep_point),
            'g' | 'n' => general(scaled, digits, keep_point, false),
            _ => match precision {
                Some(precision) => general(scaled, precision, keep_point, true),
                None => float_repr(scaled),
            },
        }
    };
    if ty == '%' {
        text.push('%');
    }
    if ty.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

/// By whose rules a value is formatted.
enum Formatted {
    Text,
    Integer,
    Float(f64),
    Complex,
}

impl Vm {
    /// `format(value, spec)`: a str.
    pub fn format(&mut self, value: Value, spec: Value) -> PyResult {
        if self.str_of(spec).len == 0 && (self.is_plain(value) || self.is_exactly::<StrObject>(value)) {
            return self.str(value);
        }
        if self.is_plain(value) {
            return self.native_format(value, spec);
        }
        self.check_native_stack()?;
        match self.call_special(value, self.names.__format__, &[spec])? {
            Some(result) if self.is_str(result) => Ok(result),
            Some(result) => {
                let message = format!("__format__ must return a str, not {}", self.class_name(result));
                Err(self.raise_type(&message))
            }
            None => self.native_format(value, spec),
        }
    }

    /// `format` by built-in layout.
    pub fn native_format(&mut self, value: Value, spec: Value) -> PyResult {
        if self.str_of(spec).len == 0 {
            return self.str(value);
        }
        let kind = match self.kind_of_format(value) {
            Some(kind) => kind,
            None => {
                let message = format!("unsupported format string passed to {}.__format__", self.class_name(value));
                return Err(self.raise_type(&message));
            }
        };
        let default_type = match kind {
            Formatted::Text => 's',
            Formatted::Integer => 'd',
            Formatted::Float(_) | Formatted::Complex => '\0',
        };
        let parsed = match Spec::parse(self.str_of(spec).view(), default_type) {
            Ok(parsed) => parsed,
            Err(spec::SpecError::Invalid) => {
                let (shown, name) = (self.string_of(spec), self.class_name(value));
                let message = format!("Invalid format specifier '{shown}' for object of type '{name}'");
                return Err(self.raise_value(&message));
            }
            Err(spec::SpecError::Message(message)) => return Err(self.raise_value(&message)),
        };
        if parsed.width.unwrap_or(0) > MAX_WIDTH {
            return Err(self.raise_memory());
        }
        match kind {
            Formatted::Text => self.format_str(value, &parsed),
            Formatted::Float(float) => self.format_float(value, float, &parsed),
            Formatted::Complex => self.format_complex(value, &parsed),
            Formatted::Integer => self.format_int(value, &parsed),
        }
    }

    /// How a value of a built-in type is formatted; `None`: only without a specification.
    fn kind_of_format(&self, value: Value) -> Option<Formatted> {
        if let Some(float) = ThisFloat::receive(self, value) {
            Some(Formatted::Float(float.get()))
        } else if self.is_int_like(value) {
            Some(Formatted::Integer)
        } else if self.is_str(value) {
            Some(Formatted::Text)
        } else {
            self.is_a::<ComplexObject>(value).then_some(Formatted::Complex)
        }
    }

    fn check_precision(&mut self, precision: Option<usize>) -> PyResult<()> {
        match precision {
            Some(precision) if precision > MAX_PRECISION => Err(self.raise_value("precision too big")),
            _ => Ok(()),
        }
    }

    fn raise_format_code(&mut self, ty: char, value: Value) -> Raised {
        let name = self.class_name(value);
        let shown = if (' '..='\x7f').contains(&ty) { ty.to_string() } else { format!("\\x{:x}", ty as u32) };
        self.raise_value(&format!("Unknown format code '{shown}' for object of type '{name}'"))
    }

    fn format_str(&mut self, value: Value, spec: &Spec) -> PyResult {
        if spec.sign != '\0' {
            let what = if spec.sign == ' ' { "Space" } else { "Sign" };
            return Err(self.raise_value(&format!("{what} not allowed in string format specifier")));
        }
        if spec.coerces_zero {
            return Err(self.raise_value("Negative zero coercion (z) not allowed in string format specifier"));
        }
        if spec.is_alternate {
            return Err(self.raise_value("Alternate form (#) not allowed in string format specifier"));
        }
        if spec.align == '=' {
            return Err(self.raise_value("'=' alignment not allowed in string format specifier"));
        }
        if spec.ty != 's' {
            return Err(self.raise_format_code(spec.ty, value));
        }
        let view = self.str_of(value).view();
        let len = spec.precision.map_or(view.len(), |precision| precision.min(view.len()));
        let padding = spec.width.unwrap_or(0).saturating_sub(len);
        let before = match spec.align {
            '>' => padding,
            '^' => padding / 2,
            _ => 0,
        };
        let mut out = Text::new();
        out.push_repeated(spec.fill, before);
        if len == view.len() {
            out.push_view(view)
        } else {
            view.code_points().take(len).for_each(|point| out.push(point))
        }
        out.push_repeated(spec.fill, padding - before);
        Ok(out.finish(self))
    }

    fn format_int(&mut self, value: Value, spec: &Spec) -> PyResult {
        let (base, prefix) = match spec.ty {
            'd' | 'n' => (10, ""),
            'b' => (2, "0b"),
            'o' => (8, "0o"),
            'x' => (16, "0x"),
            'X' => (16, "0X"),
            'c' => return self.format_int_character(value, spec),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
                let float = self.int_value_to_f64(value)?;
                return self.format_float(value, float, spec);
            }
            ty => return Err(self.raise_format_code(ty, value)),
        };
        if spec.precision.is_some() {
            return Err(self.raise_value("Precision not allowed in integer format specifier"));
        }
        if spec.coerces_zero {
            return Err(self.raise_value("Negative zero coercion (z) not allowed in integer format specifier"));
        }
        let mut digits = self.int_magnitude_digits(value, base)?;
        if spec.ty == 'X' {
            digits.make_ascii_uppercase();
        }
        let sign = spec.sign_text(self.int_of(value).is_negative());
        let prefix = if spec.is_alternate { prefix } else { "" };
        let group = if base == 10 { 3 } else { 4 };
        Ok(self.finish_number(spec, &format!("{sign}{prefix}"), &digits, "", group))
    }

    fn format_int_character(&mut self, value: Value, spec: &Spec) -> PyResult {
        if spec.precision.is_some() {
            return Err(self.raise_value("Precision not allowed in integer format specifier"));
        }
        if spec.sign != '\0' {
            return Err(self.raise_value("Sign not allowed with integer format specifier 'c'"));
        }
        if spec.is_alternate {
            return Err(self.raise_value("Alternate form (#) not allowed with integer format specifier 'c'"));
        }
        let Some(point) =
            self.int_to_i64(value).and_then(|word| u32::try_from(word).ok()).filter(|&point| point < 0x11_0000)
        else {
            return Err(self.raise_overflow("%c arg not in range(0x110000)"));
        };
        let string = self.str_from_code_point(point);
        let align = if spec.align == '\0' { '>' } else { spec.align };
        self.format_str(string, &Spec { ty: 's', align, precision: None, ..*spec })
    }

    fn format_float(&mut self, value: Value, float: f64, spec: &Spec) -> PyResult {
        if !matches!(spec.ty, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') {
            return Err(self.raise_format_code(spec.ty, value));
        }
        self.check_precision(spec.precision)?;
        let magnitude = float_magnitude(float, spec.ty, spec.precision, spec.is_alternate);
        let is_zero =
            magnitude.bytes().take_while(|b| !matches!(b, b'e' | b'E')).all(|b| matches!(b, b'0' | b'.' | b'%'));
        let is_negative = float.is_sign_negative() && !float.is_nan() && !(spec.coerces_zero && is_zero);
        let sign = spec.sign_text(is_negative);
        let n_digits = magnitude.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = magnitude.split_at(n_digits);
        let rest = spec.group_fraction(rest);
        Ok(self.finish_number(spec, sign, digits, &rest, 3))
    }

    fn format_complex(&mut self, value: Value, spec: &Spec) -> PyResult {
        if !matches!(spec.ty, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n') {
            return Err(self.raise_format_code(spec.ty, value));
        }
        self.check_precision(spec.precision)?;
        if spec.has_zero_padding() {
            return Err(self.raise_value("Zero padding is not allowed in complex format specifier"));
        }
        if spec.align == '=' {
            return Err(self.raise_value("'=' alignment flag is not allowed in complex format specifier"));
        }
        let (re, im) = self.complex_parts(value).unwrap_or_default();
        let part = |float: f64| {
            let text = match (spec.ty, spec.precision) {
                ('\0', None) => float_magnitude(float, '\0', None, false).trim_end_matches(".0").to_string(),
                ('\0', precision) => float_magnitude(float, 'g', precision, spec.is_alternate),
                (ty, precision) => float_magnitude(float, ty, precision, spec.is_alternate),
            };
            let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
            format!("{}{}", group_digits(&text[..n_digits], spec.separator, 3), &text[n_digits..])
        };
        let is_negative = |float: f64| float.is_sign_negative() && !float.is_nan();
        let hides_real = spec.ty == '\0' && re == 0.0 && !is_negative(re);
        let body = if hides_real {
            format!("{}{}j", spec.sign_text(is_negative(im)), part(im))
        } else {
            let im_sign = if is_negative(im) { "-" } else { "+" };
            let inner = format!("{}{}{im_sign}{}j", spec.sign_text(is_negative(re)), part(re), part(im));
            if spec.ty == '\0' { format!("({inner})") } else { inner }
        };
        let string = self.new_str(&body);
        let align = if spec.align == '\0' { '>' } else { spec.align };
        self.format_str(string, &Spec { ty: 's', sign: '\0', is_alternate: false, precision: None, align, ..*spec })
    }

    /// Puts sign, grouped digits and rest together in the spec's width.
    fn finish_number(&mut self, spec: &Spec, prefix: &str, digits: &str, rest: &str, group: usize) -> Value {
        let width = spec.width.unwrap_or(0);
        let align = if spec.align == '\0' { '>' } else { spec.align };
        let mut digits = std::borrow::Cow::Borrowed(digits);
        if spec.separator.is_some() && align == '=' && spec.fill == '0' as u32 && !digits.is_empty() {
            // Padding zeros are grouped like digits.
            let room = width.saturating_sub(prefix.len() + rest.len());
            let grouped_len = |n: usize| n + (n - 1) / group;
            let mut n = digits.len().max(room.saturating_sub(room / group));
            while n > digits.len() && grouped_len(n - 1) >= room {
                n -= 1;
            }
            while grouped_len(n) < room {
                n += 1;
            }
            digits = format!("{}{digits}", "0".repeat(n - digits.len())).into();
        }
        let grouped = group_digits(&digits, spec.separator, group);
        let padding = width.saturating_sub(prefix.len() + grouped.len() + rest.len());
        let (before, inside, after) = match align {
            '<' => (0, 0, padding),
            '^' => (padding / 2, 0, padding - padding / 2),
            '=' => (0, padding, 0),
            _ => (padding, 0, 0),
        };
        let mut out = Text::new();
        out.push_repeated(spec.fill, before);
        out.push_str(prefix);
        out.push_repeated(spec.fill, inside);
        out.push_str(&grouped);
        out.push_str(rest);
        out.push_repeated(spec.fill, after);
        out.finish(self)
    }
}
