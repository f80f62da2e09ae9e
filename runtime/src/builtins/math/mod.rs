//! The module `math`.

mod integer;
mod representation;
mod special;
mod sums;

use crate::object::argument::{Parameter, Place, method};
use crate::object::integer::BigInt;
use crate::object::module::{Constant, ModuleSpec};
use crate::object::native::NativeRow;
use crate::trace::{NativeCall, Traced};
use crate::uop::{FloatFunction, Op};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_base::num::logic::traits::SignificantBits;
use malachite_nz::integer::Integer;
use std::f64::consts;

/// A function of the table that compiled code calls too: domain and overflow errors are told apart by the result.
macro_rules! traced {
    ($name:literal, $row:ident, $doc:literal) => {
        method($name, "(x, /)", |vm: &mut Vm, x: f64| through_table(vm, x, FloatFunction::$row))
            .traced(|call| trace_function(call, FloatFunction::$row))
            .doc($doc)
    };
}

/// A function that checks nothing but its argument's type, or the domain that a NaN result shows.
const fn plain<F: Fn(f64) -> f64 + Copy + 'static>(name: &'static str, function: F) -> NativeRow {
    method(name, "(x, /)", move |vm: &mut Vm, x: f64| finish(vm, x, function(x)))
}

const FUNCTIONS: &[NativeRow] = &[
    method("sqrt", "(x, /)", sqrt).traced(trace_sqrt).doc("The square root."),
    traced!("sin", Sin, "The sine of an angle in radians."),
    traced!("cos", Cos, "The cosine of an angle in radians."),
    traced!("tan", Tan, "The tangent of an angle in radians."),
    traced!("asin", Asin, "The angle in radians that has this sine."),
    traced!("acos", Acos, "The angle in radians that has this cosine."),
    traced!("atan", Atan, "The angle in radians that has this tangent."),
    traced!("sinh", Sinh, "The hyperbolic sine."),
    traced!("cosh", Cosh, "The hyperbolic cosine."),
    traced!("tanh", Tanh, "The hyperbolic tangent."),
    traced!("exp", Exp, "`e` to the power of a number."),
    traced!("fabs", Fabs, "The magnitude as a float."),
    plain("exp2", f64::exp2).doc("2 to the power of a number."),
    plain("expm1", f64::exp_m1).doc("`exp(x) - 1`, exact near 0."),
    plain("asinh", special::asinh).doc("The number that has this hyperbolic sine."),
    plain("acosh", special::acosh).doc("The number that has this hyperbolic cosine."),
    plain("atanh", special::atanh).doc("The number that has this hyperbolic tangent."),
    plain("cbrt", f64::cbrt).doc("The cube root."),
    plain("erf", special::erf).doc("The error function."),
    plain("erfc", special::erfc).doc("What the error function lacks to 1."),
    plain("degrees", |x| x * (180.0 / consts::PI)).doc("An angle in radians as degrees."),
    plain("radians", |x| x * (consts::PI / 180.0)).doc("An angle in degrees as radians."),
    method("log", "(x, base=math.e, /)", log).doc("The logarithm to a base, which is `e` if not given."),
    method("log2", "(x, /)", |vm: &mut Vm, x: Value| logarithm(vm, x, f64::log2, 1.0))
        .doc("The logarithm to the base 2."),
    method("log10", "(x, /)", |vm: &mut Vm, x: Value| logarithm(vm, x, f64::log10, consts::LOG10_2))
        .doc("The logarithm to the base 10."),
    method("log1p", "(x, /)", log1p).doc("`log(1 + x)`, exact near 0."),
    method("gamma", "(x, /)", gamma).doc("The gamma function."),
    method("lgamma", "(x, /)", lgamma).doc("The logarithm of the gamma function's magnitude."),
    method("pow", "(x, y, /)", pow).doc("`x ** y` of floats."),
    method("atan2", "(y, x, /)", f64::atan2).doc("The angle in radians of the point (x, y)."),
    method("copysign", "(x, y, /)", f64::copysign).doc("`x` with the sign of `y`."),
    method("fmod", "(x, y, /)", fmod).doc("The rest of `x / y`, with the sign of `x`."),
    method("remainder", "(x, y, /)", remainder).doc("How far `x` is from the nearest multiple of `y`."),
    method("fma", "(x, y, z, /)", fma).doc("`x * y + z`, rounded once."),
    method("hypot", "(*coordinates)", sums::hypot).doc("The length of a vector."),
    method("dist", "(p, q, /)", sums::dist).doc("How far two points are apart."),
    method("floor", "(x, /)", |vm: &mut Vm, x: Value| to_integer(vm, x, "__floor__", f64::floor))
        .doc("The largest int that is not above."),
    method("ceil", "(x, /)", |vm: &mut Vm, x: Value| to_integer(vm, x, "__ceil__", f64::ceil))
        .doc("The smallest int that is not below."),
    method("trunc", "(x, /)", trunc).doc("The int towards 0."),
    method("modf", "(x, /)", representation::modf).doc("What is behind the point, and before it."),
    method("frexp", "(x, /)", representation::frexp).doc("`m` and `e` with `x == m * 2 ** e` and `m` from 0.5 to 1."),
    method("ldexp", "(x, i, /)", representation::ldexp).doc("`x * 2 ** i`."),
    method("nextafter", "(x, y, /, *, steps=None)", representation::nextafter)
        .doc("The float that is so many steps from `x` towards `y`."),
    method("ulp", "(x, /)", representation::ulp).doc("What the last bit is worth."),
    method("isnan", "(x, /)", f64::is_nan).doc("Is it a NaN?"),
    method("isinf", "(x, /)", f64::is_infinite).doc("Is it infinite?"),
    method("isfinite", "(x, /)", f64::is_finite).doc("Is it neither infinite nor a NaN?"),
    method("isclose", "(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose)
        .doc("Are they nearly equal, by a part of the larger or by a distance?"),
    method("fsum", "(seq, /)", sums::fsum).doc("The exact sum, rounded once."),
    method("sumprod", "(p, q, /)", sums::sumprod).doc("The sum of the products of two sequences' items."),
    method("prod", "(iterable, /, *, start=1)", sums::prod).doc("The product of a start and all items."),
    method("gcd", "(*integers)", integer::gcd).doc("The greatest divisor that they have in common."),
    method("lcm", "(*integers)", integer::lcm).doc("The least multiple that they have in common."),
    method("factorial", "(n, /)", integer::factorial).doc("The product of all ints from 1 up to this one."),
    method("comb", "(n, k, /)", integer::comb).doc("How many ways there are to choose `k` of `n` things."),
    method("perm", "(n, k=None, /)", integer::perm)
        .doc("How many ways there are to choose `k` of `n` things, in order; without `k` all."),
    method("isqrt", "(n, /)", integer::isqrt).doc("The square root of an int, rounded down."),
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
fn finish(vm: &mut Vm, x: f64, result: f64) -> PyResult<f64> {
    if result.is_nan() && !x.is_nan() {
        return Err(raise_domain(vm));
    }
    if result.is_infinite() && x.is_finite() {
        return Err(vm.raise_overflow("math range error"));
    }
    Ok(result)
}

fn raise_domain(vm: &mut Vm) -> crate::Raised {
    vm.raise_value("math domain error")
}

fn through_table(vm: &mut Vm, x: f64, function: FloatFunction) -> PyResult<f64> {
    if let Some(result) = function.call(x, 0.0) {
        return Ok(result);
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
    Ok(vm.string_of(text))
}

fn sqrt(vm: &mut Vm, x: f64) -> PyResult<f64> {
    if x < 0.0 {
        let message = format!("expected a nonnegative input, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    Ok(x.sqrt())
}

/// A logarithm of a float, or of an int of any size: `per_bit` is the logarithm of 2.
fn logarithm(vm: &mut Vm, value: Value, function: fn(f64) -> f64, per_bit: f64) -> PyResult<f64> {
    if vm.is_int_like(value) && vm.int_to_i64(value).is_none() {
        let BigInt(big) = vm.int_to_big(value);
        if big < 0 {
            return Err(vm.raise_value("expected a positive input"));
        }
        let shift = big.significant_bits().saturating_sub(64);
        let head = &big >> shift;
        let head = u64::try_from(&head).unwrap_or(u64::MAX) as f64;
        return Ok(function(head) + shift as f64 * per_bit);
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
    Ok(function(x))
}

fn log(vm: &mut Vm, x: Value, base: Option<Value>) -> PyResult<f64> {
    let numerator = logarithm(vm, x, f64::ln, consts::LN_2)?;
    let Some(base) = base else { return Ok(numerator) };
    let denominator = logarithm(vm, base, f64::ln, consts::LN_2)?;
    if denominator == 0.0 {
        return Err(vm.raise_zero_division("division by zero"));
    }
    Ok(numerator / denominator)
}

fn log1p(vm: &mut Vm, x: f64) -> PyResult<f64> {
    if x <= -1.0 {
        let message = format!("expected argument value > -1, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    Ok(x.ln_1p())
}

fn gamma(vm: &mut Vm, x: f64) -> PyResult<f64> {
    if x == f64::NEG_INFINITY || x <= 0.0 && x.fract() == 0.0 {
        let message = format!("expected a noninteger or positive integer, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    finish(vm, x, special::gamma(x))
}

fn lgamma(vm: &mut Vm, x: f64) -> PyResult<f64> {
    if x <= 0.0 && x.is_finite() && x.fract() == 0.0 {
        let message = format!("expected a noninteger or positive integer, got {}", float_text(vm, x)?);
        return Err(vm.raise_value(&message));
    }
    finish(vm, x, special::lgamma(x))
}

fn pow(vm: &mut Vm, x: f64, y: f64) -> PyResult<f64> {
    let result = x.powf(y);
    if result.is_nan() && !x.is_nan() && !y.is_nan() || x == 0.0 && y < 0.0 && y.is_finite() {
        return Err(raise_domain(vm));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(vm.raise_overflow("math range error"));
    }
    Ok(result)
}

fn fmod(vm: &mut Vm, x: f64, y: f64) -> PyResult<f64> {
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(raise_domain(vm));
    }
    Ok(result)
}

fn fma(vm: &mut Vm, x: f64, y: f64, z: f64) -> PyResult<f64> {
    let result = x.mul_add(y, z);
    if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(vm.raise_value("invalid operation in fma"));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(vm.raise_overflow("overflow in fma"));
    }
    Ok(result)
}

/// IEEE 754 remainder.
fn remainder(vm: &mut Vm, x: f64, y: f64) -> PyResult<f64> {
    if x.is_nan() || y.is_nan() {
        return Ok(f64::NAN);
    }
    if x.is_infinite() || y == 0.0 {
        return Err(raise_domain(vm));
    }
    if y.is_infinite() {
        return Ok(x);
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
    Ok(1f64.copysign(x) * nearest)
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

fn trunc(vm: &mut Vm, x: Value) -> PyResult {
    if x.is_float() {
        return vm.int_from_float(x.as_float());
    }
    match vm.call_special(x, vm.names.__trunc__, &[])? {
        Some(result) => Ok(result),
        None => {
            let message = format!("type {} doesn't define __trunc__ method", vm.class_name(x));
            Err(vm.raise_type(&message))
        }
    }
}

fn isclose(vm: &mut Vm, a: f64, b: f64, relative: Option<f64>, absolute: Option<f64>) -> PyResult<bool> {
    let (relative, absolute) = (relative.unwrap_or(1e-9), absolute.unwrap_or(0.0));
    if relative < 0.0 || absolute < 0.0 {
        return Err(vm.raise_value("tolerances must be non-negative"));
    }
    if a == b || a.is_infinite() || b.is_infinite() {
        return Ok(a == b);
    }
    let difference = (b - a).abs();
    Ok(difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute)
}

/// An int, or what `__index__` gives, of any size.
struct AnyInt(Integer);

impl Parameter for AnyInt {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<AnyInt> {
        any_int(vm, argument).map(AnyInt)
    }
}

fn any_int(vm: &mut Vm, value: Value) -> PyResult<Integer> {
    let index = vm.index(value)?;
    Ok(vm.int_to_big(index).0)
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
