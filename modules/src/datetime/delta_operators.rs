//! Operators of timedeltas.

use super::delta::quotient;
use super::objects::{Delta, new_delta};
use super::span::{Span, SpanFault, nearest, parts_of_float};
use stitch_runtime::object::argument::{Receiver, This, ThisFloat};
use stitch_runtime::object::compare::order_satisfies;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::{PyResult, Raised, Value, Vm};

fn span_of(vm: &Vm, value: Value) -> Option<Span> {
    This::<Delta>::of(vm, value).map(|delta| delta.span)
}

/// `+` and `-`.
pub fn sum(vm: &mut Vm, lhs: Value, rhs: Value, operation: fn(Span, Span) -> Result<Span, SpanFault>) -> PyResult {
    match (span_of(vm, lhs), span_of(vm, rhs)) {
        (Some(lhs), Some(rhs)) => new_delta(vm, operation(lhs, rhs)),
        _ => Ok(vm.not_implemented),
    }
}

pub fn negated(vm: &mut Vm, this: This<Delta>) -> PyResult {
    new_delta(vm, this.span.negated())
}

pub fn absolute(vm: &mut Vm, this: This<Delta>) -> PyResult {
    new_delta(vm, this.span.absolute())
}

pub fn compare(vm: &mut Vm, operation: u32, this: This<Delta>, other: Value) -> PyResult {
    match span_of(vm, other) {
        Some(other) => Ok(Value::bool(order_satisfies(operation, Some(this.span.cmp(&other))))),
        None => Ok(vm.not_implemented),
    }
}

/// What a span is multiplied with or divided by.
enum Factor {
    Int(i128),
    /// Beyond 128 bits.
    FarInt,
    /// `significand * 2^exponent`.
    Float(i64, i32),
    /// A float of a class that says by itself which ratio it is.
    Ratio(i128, i128),
}

/// An int or a float; `None`: another value. Errors for floats that are not finite.
fn factor_of(vm: &mut Vm, value: Value) -> PyResult<Option<Factor>> {
    if let Some(int) = vm.int_view(value) {
        return Ok(Some(int.to_wide().map_or(Factor::FarInt, Factor::Int)));
    }
    let Some(float) = ThisFloat::receive(vm, value) else { return Ok(None) };
    if !value.is_float() {
        return ratio_of(vm, value).map(Some);
    }
    match parts_of_float(float.get()) {
        Some((significand, exponent)) => Ok(Some(Factor::Float(significand, exponent))),
        None if float.get().is_nan() => Err(vm.raise_value("cannot convert NaN to integer ratio")),
        None => Err(vm.raise_overflow("cannot convert Infinity to integer ratio")),
    }
}

/// What `as_integer_ratio` says of a float of a class that derives from the type.
fn ratio_of(vm: &mut Vm, float: Value) -> PyResult<Factor> {
    let method = vm.intern("as_integer_ratio");
    let ratio = vm.call_method(float, method, &[])?;
    let Some(ratio) = This::<TupleObject>::of(vm, ratio) else {
        let given = vm.class_name(ratio);
        let message = format!("unexpected return type from as_integer_ratio(): expected tuple, not '{given}'");
        return Err(vm.raise_type(&message));
    };
    let [numerator, denominator] = *ratio.items() else {
        return Err(vm.raise_value("as_integer_ratio() must return a 2-tuple"));
    };
    match (vm.int_view(numerator), vm.int_view(denominator)) {
        (Some(numerator), Some(denominator)) => match (numerator.to_wide(), denominator.to_wide()) {
            (Some(numerator), Some(denominator)) => Ok(Factor::Ratio(numerator, denominator)),
            _ => {
                let float = vm.to_float(float)?;
                let (significand, exponent) = parts_of_float(float).unwrap_or_default();
                Ok(Factor::Float(significand, exponent))
            }
        },
        _ => Err(vm.raise_type("non-integer arguments in division")),
    }
}

/// Times one int and divided by another, rounded once.
fn by_ratio(vm: &mut Vm, span: Span, factor: i128, divisor: i128) -> PyResult {
    if divisor == 0 {
        return Err(raise_zero(vm));
    }
    let product = span.total_microseconds().checked_mul(factor).ok_or(SpanFault::Far);
    new_delta(vm, product.and_then(|product| Span::from_microseconds(nearest(product, divisor))))
}

pub fn multiplied(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let (span, factor) = match (span_of(vm, lhs), span_of(vm, rhs)) {
        (Some(span), None) => (span, rhs),
        (None, Some(span)) => (span, lhs),
        _ => return Ok(vm.not_implemented),
    };
    let product = match factor_of(vm, factor)? {
        None => return Ok(vm.not_implemented),
        Some(Factor::Int(int)) => span.times(int),
        Some(Factor::FarInt) if span.is_zero() => Ok(span),
        Some(Factor::FarInt) => Err(SpanFault::Far),
        Some(Factor::Float(significand, exponent)) => span.scaled(significand, exponent),
        Some(Factor::Ratio(numerator, denominator)) => return by_ratio(vm, span, numerator, denominator),
    };
    new_delta(vm, product)
}

fn raise_zero(vm: &mut Vm) -> Raised {
    vm.raise_zero_division("division by zero")
}

/// `/`: by another the ratio, by a number a timedelta.
pub fn divided(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let Some(span) = span_of(vm, lhs) else { return Ok(vm.not_implemented) };
    if let Some(other) = span_of(vm, rhs) {
        if other.is_zero() {
            return Err(raise_zero(vm));
        }
        let ratio = quotient(vm, span.total_microseconds(), other.total_microseconds())?;
        return Ok(Value::float(ratio));
    }
    let quotient = match factor_of(vm, rhs)? {
        None => return Ok(vm.not_implemented),
        Some(Factor::Int(0) | Factor::Float(0, _)) => return Err(raise_zero(vm)),
        Some(Factor::Int(int)) => span.divided(int),
        // More than any span has.
        Some(Factor::FarInt) => Ok(Span::ZERO),
        Some(Factor::Float(significand, exponent)) => span.divided_by_scaled(significand, exponent),
        Some(Factor::Ratio(numerator, denominator)) => return by_ratio(vm, span, denominator, numerator),
    };
    new_delta(vm, quotient)
}

/// Quotient and rest, rounded down; the divisor is not zero.
fn floor_div_mod(dividend: i128, divisor: i128) -> (i128, i128) {
    let (quotient, rest) = (dividend.wrapping_div(divisor), dividend.wrapping_rem(divisor));
    match rest != 0 && (rest < 0) != (divisor < 0) {
        true => (quotient - 1, rest + divisor),
        false => (quotient, rest),
    }
}

/// Quotient and rest of two timedeltas; `None`: one is none.
fn quotient_and_rest(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult<Option<(i128, i128)>> {
    let (Some(lhs), Some(rhs)) = (span_of(vm, lhs), span_of(vm, rhs)) else { return Ok(None) };
    if rhs.is_zero() {
        return Err(raise_zero(vm));
    }
    Ok(Some(floor_div_mod(lhs.total_microseconds(), rhs.total_microseconds())))
}

/// `//`: by another how often it fits, by an int a timedelta.
pub fn floor_divided(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    if let Some((quotient, _)) = quotient_and_rest(vm, lhs, rhs)? {
        return Ok(vm.new_int_from_i128(quotient));
    }
    let (Some(span), Some(int)) = (span_of(vm, lhs), vm.int_view(rhs)) else { return Ok(vm.not_implemented) };
    if int.is_zero() {
        return Err(raise_zero(vm));
    }
    let total = span.total_microseconds();
    let quotient = match int.to_wide() {
        Some(divisor) => floor_div_mod(total, divisor).0,
        None if total == 0 || (total < 0) == int.is_negative() => 0,
        None => -1,
    };
    new_delta(vm, Span::from_microseconds(quotient))
}

pub fn remainder(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    match quotient_and_rest(vm, lhs, rhs)? {
        Some((_, rest)) => new_delta(vm, Span::from_microseconds(rest)),
        None => Ok(vm.not_implemented),
    }
}

/// `divmod`.
pub fn with_rest(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    match quotient_and_rest(vm, lhs, rhs)? {
        Some((quotient, rest)) => {
            let rest = new_delta(vm, Span::from_microseconds(rest))?;
            let quotient = vm.new_int_from_i128(quotient);
            Ok(vm.new_tuple(&[quotient, rest]))
        }
        None => Ok(vm.not_implemented),
    }
}
