//! Floats as mantissa and exponent, and as neighbours.

use crate::object::argument::{ClampedIndex, OrNone, Receiver, ThisInt};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub fn modf(vm: &mut Vm, x: f64) -> Value {
    let (fraction, whole) = if x.is_infinite() { (0f64.copysign(x), x) } else { (x.fract().copysign(x), x.trunc()) };
    vm.new_tuple(&[Value::float(fraction), Value::float(whole)])
}

/// `x = mantissa · 2^exponent` with a mantissa in [0.5, 1).
fn split(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (x, bias) = if x.is_subnormal() { (x * 2f64.powi(64), -64) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64 - 1022;
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), exponent + bias)
}

pub fn frexp(vm: &mut Vm, x: f64) -> Value {
    let (mantissa, exponent) = split(x);
    vm.new_tuple(&[Value::float(mantissa), Value::small_int(exponent)])
}

pub fn ldexp(vm: &mut Vm, x: f64, exponent: Value) -> PyResult<f64> {
    let Some(exponent) = ThisInt::receive(vm, exponent) else {
        return Err(vm.raise_type("Expected an int as second argument to ldexp."));
    };
    let exponent = vm.index_clamped(exponent.value())?;
    if x == 0.0 || !x.is_finite() {
        return Ok(x);
    }
    let (mantissa, own) = split(x);
    let exponent = own.saturating_add(exponent);
    if exponent > 1024 {
        return Err(vm.raise_overflow("math range error"));
    }
    // Two steps, so that a subnormal result is rounded once.
    let result = if exponent < -1021 {
        mantissa * 2f64.powi(-1021) * 2f64.powi((exponent + 1021).max(-200) as i32)
    } else {
        mantissa * 2.0 * 2f64.powi(exponent as i32 - 1)
    };
    if result.is_infinite() {
        return Err(vm.raise_overflow("math range error"));
    }
    Ok(result)
}

pub fn nextafter(vm: &mut Vm, mut x: f64, y: f64, steps: OrNone<ClampedIndex>) -> PyResult<f64> {
    let steps = steps.0.map_or(1, |steps| steps.0);
    if steps < 0 {
        return Err(vm.raise_value("steps must be a non-negative integer"));
    }
    if x.is_nan() || y.is_nan() {
        return Ok(f64::NAN);
    }
    let mut left = steps;
    while left > 0 && x != y {
        x = if x < y { x.next_up() } else { x.next_down() };
        left -= 1;
        if left > 1 << 24 {
            return Err(vm.raise_not_implemented("nextafter() with so many steps"));
        }
    }
    Ok(if steps > 0 && x == y { y } else { x })
}

pub fn ulp(x: f64) -> f64 {
    match x.abs() {
        x if !x.is_finite() => x,
        f64::MAX => f64::MAX - f64::MAX.next_down(),
        x => x.next_up() - x,
    }
}
