//! Decimals from values of other types.

use super::compute::finish;
use super::context::{Context, given_or_current};
use super::number::limbs::{self, Limbs};
use super::number::parse::parse;
use super::number::settings::{Settings, Status};
use super::number::{Kind, Number, float};
use super::object::{self, Decimal, is_own_class, new_of_class, number_of_int};
use super::signals::note;
use smallvec::SmallVec;
use stitch_runtime::builtins::types::{LIST, TUPLE};
use stitch_runtime::object::argument::{Class, ClassOf, OrNone, Receiver, Str, This, ThisFloat};
use stitch_runtime::object::integer::decimal_digit;
use stitch_runtime::object::string::View as TextView;
use stitch_runtime::{PyResult, Value, Vm};

/// `Decimal(value, context)`.
pub fn new(vm: &mut Vm, class: ClassOf<Decimal>, value: Option<Value>, context: OrNone<Value>) -> PyResult {
    let context = given_or_current(vm, context)?;
    let Some(value) = value else { return new_of_class(vm, class.class, &Number::of_int(0)) };
    if is_own_class(class.class) && vm.is_exactly::<Decimal>(value) {
        return Ok(value);
    }
    let number = exact_number(vm, value, context)?;
    new_of_class(vm, class.class, &number)
}

/// The number of a value, all its digits kept.
fn exact_number(vm: &mut Vm, value: Value, context: This<Context>) -> PyResult<Number> {
    if let Some(text) = Str::of(vm, value) {
        let text = ascii_of(text.view(), true);
        return exact_from_text(vm, &text, context);
    }
    if let Some(view) = Decimal::of(vm, value) {
        return Ok(view.to_number());
    }
    if let Some(int) = vm.int_view(value) {
        return Ok(number_of_int(int));
    }
    if let Some(float) = ThisFloat::receive(vm, value) {
        note(vm, context, Status::FLOAT_OPERATION)?;
        return Ok(float::from_float(float.get()));
    }
    if vm.is_of_spec(value, &TUPLE) || vm.is_of_spec(value, &LIST) {
        let number = number_of_parts(vm, value)?;
        let mut status = Status::NONE;
        let number = kept_exactly(number.finished(&Settings::EXACT, &mut status), &mut status);
        tell_errors(vm, context, status)?;
        return Ok(number);
    }
    let message = format!("conversion from {} to Decimal is not supported", vm.class_name(value));
    Err(vm.raise_type(&message))
}

fn exact_from_text(vm: &mut Vm, text: &[u8], context: This<Context>) -> PyResult<Number> {
    let mut status = Status::NONE;
    let number = kept_exactly(parse(text, &Settings::EXACT, &mut status), &mut status);
    tell_errors(vm, context, status)?;
    Ok(number)
}

/// What cannot be kept as it is, is no number.
fn kept_exactly(number: Number, status: &mut Status) -> Number {
    if status.has(Status::INEXACT | Status::ROUNDED | Status::CLAMPED) {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    number
}

fn tell_errors(vm: &mut Vm, context: This<Context>, status: Status) -> PyResult<()> {
    let errors = status & Status::ERRORS;
    if errors.is_none() { Ok(()) } else { note(vm, context, errors) }
}

/// `Context.create_decimal`: the number of a value as the context has it.
pub fn create(vm: &mut Vm, this: This<Context>, value: Option<Value>) -> PyResult {
    let settings = this.settings;
    let mut status = Status::NONE;
    let number = match value {
        None => Number::of_int(0).finished(&settings, &mut status),
        Some(value) => {
            if let Some(text) = Str::of(vm, value) {
                parse(&ascii_of(text.view(), false), &settings, &mut status)
            } else if let Some(view) = Decimal::of(vm, value) {
                let is_too_long = view.is_nan()
                    && !view.limbs.is_empty()
                    && view.digits() > settings.precision - settings.clamps as i64;
                if is_too_long {
                    Number::failed(Status::CONVERSION_SYNTAX, &mut status)
                } else {
                    view.to_number().finished(&settings, &mut status)
                }
            } else if vm.is_of_spec(value, &TUPLE) || vm.is_of_spec(value, &LIST) {
                number_of_parts(vm, value)?.finished(&settings, &mut status)
            } else {
                exact_number(vm, value, this)?.finished(&settings, &mut status)
            }
        }
    };
    finish(vm, this, &number, status)
}

/// A text's digits and signs in ASCII, so that what is none of them fits nowhere; `is_lenient`: without blanks around it, and
/// without underscores.
fn ascii_of(text: TextView<'_>, is_lenient: bool) -> SmallVec<[u8; 48]> {
    if let TextView::One(bytes) = text
        && bytes.iter().all(|byte| matches!(byte, b'!'..=b'^' | b'a'..=b'~'))
    {
        return SmallVec::from_slice(bytes);
    }
    let is_blank =
        |&point: &u32| char::from_u32(point).is_some_and(char::is_whitespace) || (0x1C..=0x1F).contains(&point);
    let points: Vec<u32> = text.code_points().collect();
    let (mut start, mut end) = (0, points.len());
    if is_lenient {
        start = points.iter().take_while(|point| is_blank(point)).count();
        end -= points[start..].iter().rev().take_while(|point| is_blank(point)).count();
    }
    points[start..end]
        .iter()
        .filter(|&&point| !(is_lenient && point == u32::from(b'_')))
        .map(|&point| match char::from_u32(point) {
            Some(c) if c.is_ascii() => c as u8,
            Some(c) => decimal_digit(c).map_or(b' ', |digit| b'0' + digit as u8),
            None => b' ',
        })
        .collect()
}

/// The number of a sign, digits and an exponent.
fn number_of_parts(vm: &mut Vm, parts: Value) -> PyResult<Number> {
    let parts = items_of(vm, parts)?;
    let &[sign, digits, exponent] = vm.tuple_items(parts) else {
        return Err(vm.raise_value("argument must be a sequence of length 3"));
    };
    let is_negative = match vm.int_view(sign).and_then(|int| int.to_wide()) {
        Some(0) => false,
        Some(1) => true,
        _ => return Err(vm.raise_value("sign must be an integer with the value 0 or 1")),
    };
    let (kind, exponent) = kind_and_exponent(vm, exponent)?;
    if kind == Kind::Infinite {
        return Ok(Number::infinite(is_negative));
    }
    let limbs = limbs_of_digits(vm, digits)?;
    Ok(Number { is_negative, kind, exponent, limbs })
}

fn items_of(vm: &mut Vm, sequence: Value) -> PyResult {
    if vm.is_of_spec(sequence, &LIST) { vm.list_to_tuple(sequence) } else { Ok(sequence) }
}

fn kind_and_exponent(vm: &mut Vm, exponent: Value) -> PyResult<(Kind, i64)> {
    if vm.is_str(exponent) {
        return match vm.string_of(exponent).as_str() {
            "F" => Ok((Kind::Infinite, 0)),
            "n" => Ok((Kind::Quiet, 0)),
            "N" => Ok((Kind::Signaling, 0)),
            _ => Err(vm.raise_value("string argument in the third position must be 'F', 'n' or 'N'")),
        };
    }
    if !vm.is_int_like(exponent) {
        return Err(vm.raise_value("exponent must be an integer"));
    }
    match vm.int_to_i64(exponent) {
        // Out of range by far is out of range.
        Some(word) => Ok((Kind::Finite, word.clamp(-3_000_000_000_000_000_000, 3_000_000_000_000_000_000))),
        None => Err(vm.raise_overflow("Python int too large to convert to C ssize_t")),
    }
}

fn limbs_of_digits(vm: &mut Vm, digits: Value) -> PyResult<Limbs> {
    const MISFIT: &str = "coefficient must be a tuple of digits";
    if !vm.is_of_spec(digits, &TUPLE) && !vm.is_of_spec(digits, &LIST) {
        return Err(vm.raise_value(MISFIT));
    }
    let digits = items_of(vm, digits)?;
    let mut text = Vec::with_capacity(vm.tuple_items(digits).len());
    for &digit in vm.tuple_items(digits) {
        match vm.int_view(digit).and_then(|int| int.to_wide()) {
            Some(digit @ 0..=9) => text.push(b'0' + digit as u8),
            _ => return Err(vm.raise_value(MISFIT)),
        }
    }
    Ok(limbs::from_digits(&text))
}

/// The number of a float or an int.
pub fn number_of_float(vm: &mut Vm, value: Value) -> PyResult<Number> {
    if let Some(int) = vm.int_view(value) {
        return Ok(number_of_int(int));
    }
    match ThisFloat::receive(vm, value) {
        Some(float) => Ok(float::from_float(float.get())),
        None => Err(vm.raise_type("argument must be int or float")),
    }
}

/// `Decimal.from_float`.
pub fn from_float(vm: &mut Vm, class: Class, value: Value) -> PyResult {
    let number = number_of_float(vm, value)?;
    give_to_class(vm, class, &number)
}

/// `Decimal.from_number`.
pub fn from_number(vm: &mut Vm, class: Class, value: Value) -> PyResult {
    if let Some(view) = Decimal::of(vm, value) {
        return give_to_class(vm, class, &view.to_number());
    }
    if !vm.is_int_like(value) && !vm.is_float_like(value) {
        let message = format!("conversion from {} to Decimal is not supported", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    let number = number_of_float(vm, value)?;
    give_to_class(vm, class, &number)
}

/// An object of the type itself; or what a class that derives from it makes of one.
fn give_to_class(vm: &mut Vm, class: Class, number: &Number) -> PyResult {
    let decimal = object::new(vm, number)?;
    if is_own_class(class.0) { Ok(decimal) } else { vm.call(Value::object(class.0), &[decimal]) }
}
