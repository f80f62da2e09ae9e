//! Operators of timedeltas.

use super::delta::quotient;
use super::objects::{Delta, new_delta};
use super::span::{Span, SpanFault, parts_of_float};
use stitch_runtime::object::argument::{Receiver, This, ThisFloat};
use stitch_runtime::object::compare::order_satisfies;
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

/// The float that a value is, as significand and exponent; errors for what is not finite.
fn float_parts(vm: &mut Vm, float: ThisFloat) -> PyResult<(i64, i32)> {
    match parts_of_float(float.get()) {
        Some(parts) => Ok(parts),
        None if float.get().is_nan() => Err(vm.raise_value("cannot convert NaN to integer ratio")),
        None => Err(vm.raise_overflow("cannot convert Infinity to integer ratio")),
    }
}

pub fn multiplied(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let (span, factor) = match (span_of(vm, lhs), span_of(vm, rhs)) {
        (Some(span), None) => (span, rhs),
        (None, Some(span)) => (span, lhs),
        _ => return Ok(vm.not_implemented),
    };
    if let Some(int) = vm.int_view(factor) {
        let product = match int.to_wide() {
            Some(wide) => span.times(wide),
            None if span.is_zero() => Ok(span),
            None => Err(SpanFault::Far),
        };
        return new_delta(vm, product);
    }
    let Some(float) = ThisFloat::receive(vm, factor) else { return Ok(vm.not_implemented) };
    let (significand, exponent) = float_parts(vm, float)?;
    new_delta(vm, span.scaled(significand, exponent))
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
    if let Some(int) = vm.int_view(rhs) {
        if int.is_zero() {
            return Err(raise_zero(vm));
        }
        // More than 128 bits are far more than any span has.
        let result = int.to_wide().map_or(Ok(Span::ZERO), |wide| span.divided(wide));
        return new_delta(vm, result);
    }
    let Some(float) = ThisFloat::receive(vm, rhs) else { return Ok(vm.not_implemented) };
    let (significand, exponent) = float_parts(vm, float)?;
    if significand == 0 {
        return Err(raise_zero(vm));
    }
    new_delta(vm, span.divided_by_scaled(significand, exponent))
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
