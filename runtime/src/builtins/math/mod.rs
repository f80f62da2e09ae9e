//! The module `math`.

mod integer;
mod special;

use super::receiver::list_of;
use crate::object::integer::{BigInt, int_to_big};
use crate::object::module::{Constant, ModuleSpec};
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::uop::{FloatFunction, Op};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;
use std::f64::consts;

/// A function of the table that compiled code calls too: domain and overflow errors are told apart by the result.
macro_rules! traced {
    ($name:literal, $row:ident) => {
        native($name, "(x, /)", |vm, args| through_table(vm, args[0], FloatFunction::$row))
            .traced(|call| trace_function(call, FloatFunction::$row))
    };
}

/// A function that checks nothing but its argument's type, or the domain that a NaN result shows.
macro_rules! plain {
    ($name:literal, $body:expr) => {
        native($name, "(x, /)", |vm, args| {
            let x = vm.to_float(args[0])?;
            let body: fn(f64) -> f64 = $body;
            finish(vm, x, body(x))
        })
    };
}

const FUNCTIONS: &[NativeRow] = &[
    native("sqrt", "(x, /)", sqrt).traced(trace_sqrt),
    traced!("sin", Sin),
    traced!("cos", Cos),
    traced!("tan", Tan),
    traced!("asin", Asin),
    traced!("acos", Acos),
    traced!("atan", Atan),
    traced!("sinh", Sinh),
    traced!("cosh", Cosh),
    traced!("tanh", Tanh),
    traced!("exp", Exp),
    traced!("fabs", Fabs),
    plain!("exp2", f64::exp2),
    plain!("expm1", f64::exp_m1),
    plain!("asinh", special::asinh),
    plain!("acosh", special::acosh),
    plain!("atanh", special::atanh),
    plain!("cbrt", f64::cbrt),
    plain!("erf", special::erf),
    plain!("erfc", special::erfc),
    plain!("degrees", |x| x * (180.0 / consts::PI)),
    plain!("radians", |x| x * (consts::PI / 180.0)),
    native("log", "(x, base=math.e, /)", log),
    native("log2", "(x, /)", |vm, args| logarithm(vm, args[0], f64::log2, 1.0)),
    native("log10", "(x, /)", |vm, args| logarithm(vm, args[0], f64::log10, consts::LOG10_2)),
    native("log1p", "(x, /)", log1p),
    native("gamma", "(x, /)", gamma),
    native("lgamma", "(x, /)", lgamma),
    native("pow", "(x, y, /)", pow),
    native("atan2", "(y, x, /)", |vm, args| {
        let (y, x) = (vm.to_float(args[0])?, vm.to_float(args[1])?);
        Ok(Value::float(y.atan2(x)))
    }),
    native("copysign", "(x, y, /)", |vm, args| {
        let (x, y) = (vm.to_float(args[0])?, vm.to_float(args[1])?);
        Ok(Value::float(x.copysign(y)))
    }),
    native("fmod", "(x, y, /)", fmod),
    native("remainder", "(x, y, /)", remainder),
    native("fma", "(x, y, z, /)", |vm, args| {
        let (x, y, z) = (vm.to_float(args[0])?, vm.to_float(args[1])?, vm.to_float(args[2])?);
        let result = x.mul_add(y, z);
        if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
            return Err(vm.raise_value("invalid operation in fma"));
        }
        if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
            return Err(vm.raise_overflow("overflow in fma"));
        }
        Ok(Value::float(result))
    }),
    native("hypot", "(*coordinates)", hypot),
    native("dist", "(p, q, /)", dist),
    native("floor", "(x, /)", |vm, args| to_integer(vm, args[0], "__floor__", f64::floor)),
    native("ceil", "(x, /)", |vm, args| to_integer(vm, args[0], "__ceil__", f64::ceil)),
    native("trunc", "(x, /)", trunc),
    native("modf", "(x, /)", modf),
    native("frexp", "(x, /)", frexp),
    native("ldexp", "(x, i, /)", ldexp),
    native("nextafter", "(x, y, /, *, steps=None)", nextafter),
    native("ulp", "(x, /)", |vm, args| {
        let x = vm.to_float(args[0])?.abs();
        let ulp = match x {
            _ if !x.is_finite() => x,
            f64::MAX => x - x.next_down(),
            _ => x.next_up() - x,
        };
        Ok(Value::float(ulp))
    }),
    native("isnan", "(x, /)", |vm, args| Ok(Value::bool(vm.to_float(args[0])?.is_nan()))),
    native("isinf", "(x, /)", |vm, args| Ok(Value::bool(vm.to_float(args[0])?.is_infinite()))),
    native("isfinite", "(x, /)", |vm, args| Ok(Value::bool(vm.to_float(args[0])?.is_finite()))),
    native("isclose", "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose),
    native("fsum", "(seq, /)", fsum),
    native("sumprod", "(p, q, /)", sumprod),
    native("prod", "(iterable, /, *, start=1)", prod),
    native("gcd", "(*integers)", integer::gcd),
    native("lcm", "(*integers)", integer::lcm),
    native("factorial", "(n, /)", integer::factorial),
    native("comb", "(n, k, /)", integer::comb),
    native("perm", "(n, k=None, /)", integer::perm),
    native("isqrt", "(n, /)", integer::isqrt),
];

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "math",
    doc: "Functions of real numbers and of integers.",
    functions: FUNCTIONS,
    constants: &[
        ("pi", Constant::Float(consts::PI)),
        ("e", Constant::Float(consts::E)),
        ("tau", Constant::Float(consts::TAU)),
        ("inf", Constant::Float(f64::INFINITY)),
        ("nan", Constant::Float(f64::NAN)),
    ],
    ..ModuleSpec::NEW
};

/// ValueError for a NaN that the argument did not bring in, OverflowError for such an infinity.
fn finish(vm: &mut Vm, x: f64, result: f64) -> PyResult {
    if result.is_nan() && !x.is_nan() {
        return Err(raise_domain(vm));
    }
    if result.is_infinite() && x.is_finite() {
        return Err(vm.raise_overflow("math range error"));
    }
    Ok(Value::float(result))
}

fn raise_domain(vm: &mut Vm) -> crate::Raised {
    vm.raise_value("math domain error")
}

fn through_table(vm: &mut Vm, value: Value, function: FloatFunction) -> PyResult {
    let x = vm.to_float(value)?;
    if let Some(result) = function.call(x, 0.0) {
        return Ok(Value::float(result));
    }
    if matches!(function, FloatFunction::Exp | FloatFunction::Sinh | FloatFunction::Cosh) {
        return Err(vm.raise_overflow("math range error"));
    }
    let domain = match function {
        FloatFunction::Sin | FloatFunction::Cos | FloatFunction::Tan => "a finite input",
        FloatFunction::Asin | FloatFunction::Acos => "a number in range from -1 up to 1",
        _ => return Err(raise_domain(vm)),
    };
    let message = format!("expected {domain}, got {}", float_text(vm, x)?);
    Err(vm.raise_value(&message))
}

fn float_text(vm: &mut Vm, x: f64) -> PyResult<String> {
    let text = vm.repr(Value::float(x))?;
    Ok(crate::object::string::str_to_string(text))
}

fn sqrt(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_float(args[0])?;
    if x < 0.0 {
        let message = format!("expected a nonnegative input, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    Ok(Value::float(x.sqrt()))
}

/// A logarithm of a float, or of an int of any size: `per_bit` is the logarithm of 2.
fn logarithm(vm: &mut Vm, value: Value, function: fn(f64) -> f64, per_bit: f64) -> PyResult {
    if vm.is_int_like(value) && crate::object::integer::int_to_i64(value).is_none() {
        let BigInt(big) = int_to_big(value);
        if big < 0 {
            return Err(vm.raise_value("expected a positive input"));
        }
        let shift = big.significant_bits().saturating_sub(64);
        let head = &big >> shift;
        let head = u64::try_from(&head).unwrap_or(u64::MAX) as f64;
        return Ok(Value::float(function(head) + shift as f64 * per_bit));
    }
    let x = vm.to_float(value)?;
    if x <= 0.0 {
        let message = if vm.is_int_like(value) {
            "expected a positive input".to_string()
        } else {
            format!("expected a positive input, got {}", float_text(vm, x)?)
        };
        return Err(vm.raise_value(&message));
    }
    Ok(Value::float(function(x)))
}

fn log(vm: &mut Vm, args: &[Value]) -> PyResult {
    let numerator = logarithm(vm, args[0], f64::ln, consts::LN_2)?;
    let base = args.get(1).copied().unwrap_or(Value::UNBOUND);
    if base.is_unbound() {
        return Ok(numerator);
    }
    let denominator = logarithm(vm, base, f64::ln, consts::LN_2)?;
    if denominator.as_float() == 0.0 {
        return Err(vm.raise_zero_division("division by zero"));
    }
    Ok(Value::float(numerator.as_float() / denominator.as_float()))
}

fn log1p(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_float(args[0])?;
    if x <= -1.0 {
        let message = format!("expected argument value > -1, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    Ok(Value::float(x.ln_1p()))
}

fn gamma(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_float(args[0])?;
    if x == f64::NEG_INFINITY || x <= 0.0 && x.fract() == 0.0 {
        let message = format!("expected a noninteger or positive integer, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    finish(vm, x, special::gamma(x))
}

fn lgamma(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_float(args[0])?;
    if x <= 0.0 && x.is_finite() && x.fract() == 0.0 {
        let message = format!("expected a noninteger or positive integer, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    finish(vm, x, special::lgamma(x))
}

fn pow(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = (vm.to_float(args[0])?, vm.to_float(args[1])?);
    let result = x.powf(y);
    if result.is_nan() && !x.is_nan() && !y.is_nan() || x == 0.0 && y < 0.0 && y.is_finite() {
        return Err(raise_domain(vm));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(vm.raise_overflow("math range error"));
    }
    Ok(Value::float(result))
}

fn fmod(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = (vm.to_float(args[0])?, vm.to_float(args[1])?);
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(raise_domain(vm));
    }
    Ok(Value::float(result))
}

/// IEEE 754 remainder.
fn remainder(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (x, y) = (vm.to_float(args[0])?, vm.to_float(args[1])?);
    if x.is_nan() || y.is_nan() {
        return Ok(Value::float(f64::NAN));
    }
    if x.is_infinite() || y == 0.0 {
        return Err(raise_domain(vm));
    }
    if y.is_infinite() {
        return Ok(Value::float(x));
    }
    let (magnitude, divisor) = (x.abs(), y.abs());
    let rest = magnitude % divisor;
    let complement = divisor - rest;
    let nearest = if rest < complement {
        rest
    } else if rest > complement {
        -complement
    } else {
        rest - 2.0 * ((0.5 * (magnitude - rest)) % divisor)
    };
    Ok(Value::float(1f64.copysign(x) * nearest))
}

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

fn hypot(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut coordinates = Vec::new();
    for &value in super::tuple_of(args[0]).items() {
        coordinates.push(vm.to_float(value)?.abs());
    }
    Ok(Value::float(length(&coordinates)))
}

fn dist(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (p, q) = (super::tuple::from_iterable(vm, args[0])?, super::tuple::from_iterable(vm, args[1])?);
    let (p, q) = (super::tuple_of(p).items(), super::tuple_of(q).items());
    if p.len() != q.len() {
        return Err(vm.raise_value("both points must have the same number of dimensions"));
    }
    let mut coordinates = Vec::new();
    for (&a, &b) in p.iter().zip(q) {
        coordinates.push((vm.to_float(a)? - vm.to_float(b)?).abs());
    }
    Ok(Value::float(length(&coordinates)))
}

fn to_integer(vm: &mut Vm, value: Value, method: &str, round: fn(f64) -> f64) -> PyResult {
    if value.is_float() {
        return vm.int_from_float(round(value.as_float()));
    }
    if value.is_int() {
        return Ok(value);
    }
    let name = vm.intern(method);
    if let Some(result) = vm.call_special(value, name, &[])? {
        return Ok(result);
    }
    let x = vm.to_float(value)?;
    vm.int_from_float(round(x))
}

fn trunc(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[0].is_float() {
        return vm.int_from_float(args[0].as_float());
    }
    let name = vm.names.__trunc__;
    match vm.call_special(args[0], name, &[])? {
        Some(result) => Ok(result),
        None => {
            let message = format!("type {} doesn't define __trunc__ method", vm.class_name(args[0]));
            Err(vm.raise_type(&message))
        }
    }
}

fn modf(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_float(args[0])?;
    let (fraction, whole) = if x.is_infinite() { (0f64.copysign(x), x) } else { (x.fract().copysign(x), x.trunc()) };
    Ok(vm.new_tuple(&[Value::float(fraction), Value::float(whole)]))
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

fn frexp(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (mantissa, exponent) = split(vm.to_float(args[0])?);
    Ok(vm.new_tuple(&[Value::float(mantissa), Value::small_int(exponent)]))
}

fn ldexp(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = vm.to_float(args[0])?;
    if !vm.is_int_like(args[1]) {
        return Err(vm.raise_type("Expected an int as second argument to ldexp."));
    }
    let exponent = vm.index_clamped(args[1])?;
    if x == 0.0 || !x.is_finite() {
        return Ok(Value::float(x));
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
    Ok(Value::float(result))
}

fn nextafter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (mut x, y) = (vm.to_float(args[0])?, vm.to_float(args[1])?);
    let steps = match vm.optional(args[2]) {
        None => 1,
        Some(steps) => vm.index_clamped(steps)?,
    };
    if steps < 0 {
        return Err(vm.raise_value("steps must be a non-negative integer"));
    }
    if x.is_nan() || y.is_nan() {
        return Ok(Value::float(f64::NAN));
    }
    let mut left = steps;
    while left > 0 && x != y {
        x = if x < y { x.next_up() } else { x.next_down() };
        left -= 1;
        if left > 1 << 24 {
            return Err(vm.raise_not_implemented("nextafter() with so many steps"));
        }
    }
    Ok(Value::float(if steps > 0 && x == y { y } else { x }))
}

fn isclose(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b) = (vm.to_float(args[0])?, vm.to_float(args[1])?);
    let relative = if args[2].is_unbound() { 1e-9 } else { vm.to_float(args[2])? };
    let absolute = if args[3].is_unbound() { 0.0 } else { vm.to_float(args[3])? };
    if relative < 0.0 || absolute < 0.0 {
        return Err(vm.raise_value("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(Value::TRUE);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(Value::FALSE);
    }
    let difference = (b - a).abs();
    Ok(Value::bool(difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute))
}

/// The exact sum, rounded once: partial sums that do not overlap.
fn fsum(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut partials: Vec<f64> = Vec::new();
    let mut special = 0.0;
    let iterator = vm.get_iter(args[0])?;
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
        return Ok(Value::float(special));
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
    Ok(Value::float(total))
}

fn sumprod(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (p, q) = (vm.collect(args[0])?, vm.collect(args[1])?);
    if list_of(p).len != list_of(q).len {
        return Err(vm.raise_value("Inputs are not the same length"));
    }
    let pairs = list_of(p).items().iter().zip(list_of(q).items());
    if list_of(p).len > 0
        && pairs.clone().all(|(a, b)| {
            (a.is_float() || a.is_int()) && (b.is_float() || b.is_int()) && (a.is_float() || b.is_float())
        })
    {
        let number = |v: &Value| if v.is_float() { v.as_float() } else { v.as_int() as f64 };
        let (mut sum, mut low) = (0f64, 0f64);
        for (a, b) in pairs {
            let (a, b) = (number(a), number(b));
            let product = a * b;
            let total = sum + product;
            let carried = if sum.abs() >= product.abs() { (sum - total) + product } else { (product - total) + sum };
            low += carried + a.mul_add(b, -product);
            sum = total;
        }
        return Ok(Value::float(if low.is_finite() { sum + low } else { sum }));
    }
    let mut total = Value::small_int(0);
    for i in 0..list_of(p).len {
        let product =
            vm.binary_op(crate::object::operate::op::MULTIPLY, list_of(p).items()[i], list_of(q).items()[i])?;
        total = vm.binary_op(crate::object::operate::op::ADD, total, product)?;
    }
    Ok(total)
}

fn prod(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut total = if args[1].is_unbound() { Value::small_int(1) } else { args[1] };
    let iterator = vm.get_iter(args[0])?;
    while let Some(item) = vm.iter_next(iterator)? {
        total = vm.binary_op(crate::object::operate::op::MULTIPLY, total, item)?;
    }
    Ok(total)
}

/// An int argument as a big integer.
fn big_argument(vm: &mut Vm, value: Value) -> PyResult<Integer> {
    let index = vm.index(value)?;
    debug_assert!(index.is_int() || vm.has_layout(index, BuiltinType::Int) || index.is_bool());
    Ok(int_to_big(index).0)
}

fn trace_function(call: &mut NativeCall<'_>, function: FloatFunction) -> Traced {
    let &[argument] = call.arguments() else { return Ok(None) };
    let Some(float) = call.number(argument)? else { return Ok(None) };
    let result = call.compute(Op::FloatCall1 { function }, &[float])?;
    Ok(Some(call.boxed(result)))
}

fn trace_sqrt(call: &mut NativeCall<'_>) -> Traced {
    match *call.arguments() {
        [argument] if argument.now.is_float() && argument.now.as_float() >= 0.0 => {
            let float = call.recorder.float(argument.uop)?;
            let result = call.compute(Op::FloatSqrt {}, &[float])?;
            Ok(Some(call.boxed(result)))
        }
        _ => Ok(None),
    }
}
