//! Sums, products and lengths.

use crate::object::argument::{Rest, This};
use crate::object::layout::{ListObject, TupleObject};
use crate::object::operate::op;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The length of a vector: scaled by its largest member, summed with compensation.
fn length(coordinates: &[f64]) -> f64 {
    if coordinates.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if let [x, y] = coordinates {
        return x.hypot(*y);
    }
    let largest = coordinates.iter().fold(0f64, |largest, x| largest.max(x.abs()));
    if largest == 0.0 || coordinates.iter().any(|x| x.is_nan()) {
        return if coordinates.iter().any(|x| x.is_nan()) { f64::NAN } else { 0.0 };
    }
    let (mut sum, mut low) = (0.0, 0.0);
    for x in coordinates {
        let scaled = x / largest;
        let square = scaled * scaled;
        let total = sum + square;
        low += (sum - total) + square + scaled.mul_add(scaled, -square);
        sum = total;
    }
    largest * (sum + low).sqrt()
}

pub fn hypot(vm: &mut Vm, coordinates: Rest) -> PyResult<f64> {
    let mut magnitudes = Vec::new();
    for &value in coordinates.items() {
        magnitudes.push(vm.to_float(value)?.abs());
    }
    Ok(length(&magnitudes))
}

/// All items of an iterable: a tuple.
fn point(vm: &mut Vm, iterable: Value) -> PyResult<This<TupleObject>> {
    let tuple = vm.collect_tuple(iterable)?;
    Ok(This::of(vm, tuple).expect("a tuple was made"))
}

pub fn dist(vm: &mut Vm, p: Value, q: Value) -> PyResult<f64> {
    let (p, q) = (point(vm, p)?, point(vm, q)?);
    if p.len != q.len {
        return Err(vm.raise_value("both points must have the same number of dimensions"));
    }
    let mut coordinates = Vec::new();
    for (&a, &b) in p.items().iter().zip(q.items()) {
        coordinates.push((vm.to_float(a)? - vm.to_float(b)?).abs());
    }
    Ok(length(&coordinates))
}

/// The exact sum, rounded once: partial sums that do not overlap.
pub fn fsum(vm: &mut Vm, items: Value) -> PyResult<f64> {
    let mut partials: Vec<f64> = Vec::new();
    let mut special = 0.0;
    let iterator = vm.get_iter(items)?;
    while let Some(item) = vm.iter_next(iterator)? {
        let mut x = vm.to_float(item)?;
        if !x.is_finite() {
            special += x;
            continue;
        }
        let mut kept = 0;
        for i in 0..partials.len() {
            let mut y = partials[i];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        if !x.is_finite() {
            return Err(vm.raise_overflow("intermediate overflow in fsum"));
        }
        partials.truncate(kept);
        partials.push(x);
    }
    if special != 0.0 || f64::is_nan(special) {
        return Ok(special);
    }
    let mut total = partials.pop().unwrap_or(0.0);
    let mut low = 0.0;
    while let Some(y) = partials.pop() {
        let x = total;
        total = x + y;
        low = y - (total - x);
        if low != 0.0 {
            break;
        }
    }
    // Halfway cases are decided by what lies below.
    if let Some(&next) = partials.last()
        && (low < 0.0 && next < 0.0 || low > 0.0 && next > 0.0)
    {
        let y = low * 2.0;
        let x = total + y;
        if y == x - total {
            total = x;
        }
    }
    Ok(total)
}

/// All items of an iterable: a new list, which nobody else has.
fn list(vm: &mut Vm, iterable: Value) -> PyResult<This<ListObject>> {
    let list = vm.collect(iterable)?;
    Ok(This::of(vm, list).expect("a list was made"))
}

/// Numbers that are added up as floats.
fn float_sum(p: &[Value], q: &[Value]) -> Option<f64> {
    let number = |value: Value| match value {
        _ if value.is_float() => Some(value.as_float()),
        _ if value.is_int() => Some(value.as_int() as f64),
        _ => None,
    };
    let (mut sum, mut low) = (0f64, 0f64);
    for (&x, &y) in p.iter().zip(q) {
        let (a, b) = (number(x)?, number(y)?);
        if x.is_int() && y.is_int() {
            return None;
        }
        let product = a * b;
        let total = sum + product;
        let carried = if sum.abs() >= product.abs() { (sum - total) + product } else { (product - total) + sum };
        low += carried + a.mul_add(b, -product);
        sum = total;
    }
    Some(if low.is_finite() { sum + low } else { sum })
}

pub fn sumprod(vm: &mut Vm, p: Value, q: Value) -> PyResult {
    let (p, q) = (list(vm, p)?, list(vm, q)?);
    if p.len != q.len {
        return Err(vm.raise_value("Inputs are not the same length"));
    }
    if p.len > 0
        && let Some(sum) = float_sum(p.items(), q.items())
    {
        return Ok(Value::float(sum));
    }
    let mut total = Value::small_int(0);
    for i in 0..p.len {
        let product = vm.binary_op(op::MULTIPLY, p.items()[i], q.items()[i])?;
        total = vm.binary_op(op::ADD, total, product)?;
    }
    Ok(total)
}

pub fn prod(vm: &mut Vm, iterable: Value, start: Option<Value>) -> PyResult {
    let mut total = start.unwrap_or(Value::small_int(1));
    let iterator = vm.get_iter(iterable)?;
    while let Some(item) = vm.iter_next(iterator)? {
        total = vm.binary_op(op::MULTIPLY, total, item)?;
    }
    Ok(total)
}
