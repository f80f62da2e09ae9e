//! `float`.

use crate::object::compare::{hash_float, hash_identity, order_satisfies};
use crate::object::convert::float_repr;
use crate::object::integer::{BigInt, int_of};
use crate::object::layout::FloatObject;
use crate::object::native::{NativeRow, native};
use crate::object::operate::{float_div_mod, op};
use crate::object::slots::{DIVMOD, Slots, operators};
use crate::object::spec::TypeSpec;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_nz::integer::Integer;

pub static FLOAT: TypeSpec = TypeSpec {
    name: "float",
    is_matched_itself: true,
    doc: "A floating-point number of 64 bits.",
    is_base: true,
    slots: Slots {
        repr: Some(|_, out, float| {
            out.push_str(&float_repr(float_of(float)));
            Ok(())
        }),
        hash: Some(|_, float| {
            Ok(if float_of(float).is_nan() { hash_identity(float) } else { hash_float(float_of(float)) })
        }),
        compare: Some(compare),
        truth: Some(|_, float| Ok(float_of(float) != 0.0)),
        binary: operators(&[
            (op::ADD, binary::<{ op::ADD }>),
            (op::SUBTRACT, binary::<{ op::SUBTRACT }>),
            (op::MULTIPLY, binary::<{ op::MULTIPLY }>),
            (op::REMAINDER, binary::<{ op::REMAINDER }>),
            (op::POWER, binary::<{ op::POWER }>),
            (op::FLOOR_DIVIDE, binary::<{ op::FLOOR_DIVIDE }>),
            (op::TRUE_DIVIDE, binary::<{ op::TRUE_DIVIDE }>),
            (DIVMOD as u32, |vm, lhs, rhs| {
                let (Some(x), Some(y)) = (vm.number_to_f64(lhs)?, vm.number_to_f64(rhs)?) else {
                    return Ok(vm.not_implemented);
                };
                if y == 0.0 {
                    return Err(vm.raise_zero_division("division by zero"));
                }
                let (quotient, rest) = float_div_mod(x, y);
                Ok(vm.new_tuple(&[Value::float(quotient), Value::float(rest)]))
            }),
        ]),
        negative: Some(|_, float| Ok(Value::float(-float_of(float)))),
        positive: Some(|_, float| Ok(Value::float(float_of(float)))),
        absolute: Some(|_, float| Ok(Value::float(float_of(float).abs()))),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

/// With a float or an int on the other side.
fn binary<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    match (vm.number_to_f64(lhs)?, vm.number_to_f64(rhs)?) {
        (Some(x), Some(y)) => Ok(vm.float_binary(OPERATION, x, y)?.unwrap_or(vm.not_implemented)),
        _ => Ok(vm.not_implemented),
    }
}

fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    let order = if vm.is_float_like(rhs) {
        float_of(lhs).partial_cmp(&float_of(rhs))
    } else if vm.is_int_like(rhs) {
        int_of(rhs).compare_float(float_of(lhs)).map(std::cmp::Ordering::reverse)
    } else {
        return Ok(vm.not_implemented);
    };
    Ok(Value::bool(order_satisfies(operation, order)))
}

/// The float that a value of float layout is.
pub fn float_of(value: Value) -> f64 {
    if value.is_float() { value.as_float() } else { super::receiver::object_of::<FloatObject>(value).value }
}

const METHODS: &[NativeRow] = &[
    native("is_integer", "($self, /)", |vm, args| {
        let x = receiver(vm, args)?;
        Ok(Value::bool(x.is_finite() && x.fract() == 0.0))
    }),
    native("conjugate", "($self, /)", |vm, args| receiver(vm, args).map(Value::float)),
    native("hex", "($self, /)", hex),
    native("as_integer_ratio", "($self, /)", as_integer_ratio),
    native("__float__", "($self, /)", |vm, args| receiver(vm, args).map(Value::float)),
    native("__int__", "($self, /)", truncate),
    native("__trunc__", "($self, /)", truncate),
    native("__floor__", "($self, /)", |vm, args| {
        let x = receiver(vm, args)?;
        vm.int_from_float(x.floor())
    }),
    native("__ceil__", "($self, /)", |vm, args| {
        let x = receiver(vm, args)?;
        vm.int_from_float(x.ceil())
    }),
    native("__round__", "($self, ndigits=None, /)", |vm, args| {
        let x = receiver(vm, args)?;
        super::numbers::round(vm, &[Value::float(x), args[1]])
    }),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Float, METHODS);
    vm.add_class_methods(BuiltinType::Float, &[native("fromhex", "($self, string, /)", fromhex)]);
    let class = vm.class(BuiltinType::Float);
    vm.add_new(class, native("__new__", "($type, x=0, /)", new).traced(trace_new));
    vm.add_getters(
        BuiltinType::Float,
        &[("real", |vm, value| receiver(vm, &[value]).map(Value::float)), ("imag", |_, _| Ok(Value::float(0.0)))],
    );
}

fn receiver(vm: &mut Vm, args: &[Value]) -> PyResult<f64> {
    vm.check_receiver(args[0], BuiltinType::Float)?;
    Ok(float_of(args[0]))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Float)?;
    let value = args.get(1).copied().unwrap_or(Value::UNBOUND);
    let float = convert(vm, value)?;
    let exact = if float.is_nan() && !value.is_float() { vm.fresh_nan(float) } else { Value::float(float) };
    vm.derive(class, exact)
}

impl Vm {
    /// A NaN that is no other's object, of the same sign.
    pub fn fresh_nan(&mut self, nan: f64) -> Value {
        self.n_nans += 1;
        Value::fresh_nan(self.n_nans, nan.is_sign_negative())
    }
}

/// `float(value)`.
fn convert(vm: &mut Vm, value: Value) -> PyResult<f64> {
    if value.is_unbound() {
        return Ok(0.0);
    }
    if value.is_float() {
        return Ok(value.as_float());
    }
    if vm.has_layout(value, BuiltinType::Str) {
        return vm.float_from_str(value);
    }
    let names = vm.names;
    if vm.is_int_like(value)
        || vm.lookup_special(value, names.__float__).is_some()
        || vm.lookup_special(value, names.__index__).is_some()
    {
        return vm.to_float(value);
    }
    if vm.is_bytes_like(value) {
        return vm.float_from_bytes(value);
    }
    let message = format!("float() argument must be a string or a real number, not '{}'", vm.class_name(value));
    Err(vm.raise_type(&message))
}

fn truncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = receiver(vm, args)?;
    vm.int_from_float(x)
}

/// `(mantissa, exponent)` with `x = ±mantissa · 2^exponent`, for finite `x`.
fn decompose(x: f64) -> (u64, i64) {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

fn as_integer_ratio(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = receiver(vm, args)?;
    if x.is_nan() {
        return Err(vm.raise_value("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(vm.raise_overflow("cannot convert Infinity to integer ratio"));
    }
    let (mut mantissa, mut exponent) = decompose(x);
    if mantissa == 0 {
        return Ok(vm.new_tuple(&[Value::small_int(0), Value::small_int(1)]));
    }
    let shift = mantissa.trailing_zeros() as i64;
    mantissa >>= shift;
    exponent += shift;
    let signed = Integer::from(mantissa) * Integer::from(if x < 0.0 { -1 } else { 1 });
    let numerator = vm.new_big(BigInt(signed << exponent.max(0) as u64));
    let denominator = vm.new_big(BigInt(Integer::from(1) << (-exponent).max(0) as u64));
    Ok(vm.new_tuple(&[numerator, denominator]))
}

fn hex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let x = receiver(vm, args)?;
    if !x.is_finite() {
        return vm.repr(Value::float(x));
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7FF) as i64, bits & ((1 << 52) - 1));
    let text = match (exponent, fraction) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (0, _) => format!("{sign}0x0.{fraction:013x}p-1022"),
        _ => format!("{sign}0x1.{fraction:013x}p{:+}", exponent - 1023),
    };
    Ok(vm.new_str(&text))
}

fn fromhex(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !vm.is_str(args[1]) {
        return Err(vm.raise_type("fromhex() argument must be str"));
    }
    let text = str_to_string(args[1]);
    match parse_hex(text.trim()) {
        Some(x) if x.is_infinite() && !text.to_ascii_lowercase().contains("inf") => {
            Err(vm.raise_overflow("hexadecimal value too large to represent as a float"))
        }
        Some(x) if x.is_nan() => Ok(vm.fresh_nan(x)),
        Some(x) => Ok(Value::float(x)),
        None => Err(vm.raise_value("invalid hexadecimal floating-point string")),
    }
}

/// Hexadecimal floats of up to 64 significant bits exactly, longer ones with the rest as a sticky bit.
fn parse_hex(text: &str) -> Option<f64> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = rest.to_ascii_lowercase();
    let magnitude = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => {
            let digits = lower.strip_prefix("0x").unwrap_or(&lower);
            let (digits, exponent) = match digits.split_once('p') {
                Some((digits, exponent)) => (digits, exponent.parse::<i64>().ok()?.clamp(-100_000, 100_000)),
                None => (digits, 0),
            };
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            if whole.is_empty() && fraction.is_empty() {
                return None;
            }
            let mut mantissa = Integer::from(0);
            for c in whole.chars().chain(fraction.chars()) {
                mantissa = (mantissa << 4u64) + Integer::from(c.to_digit(16)?);
            }
            scale(mantissa, exponent - 4 * fraction.len() as i64)
        }
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// `mantissa · 2^exponent`, rounded to nearest, ties to even.
fn scale(mantissa: Integer, exponent: i64) -> f64 {
    use malachite_base::num::logic::traits::SignificantBits;
    let bits = mantissa.significant_bits() as i64;
    if bits == 0 {
        return 0.0;
    }
    // The exponent of the last bit that is kept.
    let last = (bits + exponent - 53).max(-1074);
    let drop = last - exponent;
    let kept = if drop <= 0 {
        mantissa << (-drop) as u64
    } else {
        let quotient = &mantissa >> drop as u64;
        let rest = &mantissa - (&quotient << drop as u64);
        let half = Integer::from(1) << (drop - 1) as u64;
        let is_odd = &quotient % Integer::from(2) != 0;
        if rest > half || rest == half && is_odd { quotient + Integer::from(1) } else { quotient }
    };
    let kept = u64::try_from(&kept).unwrap_or(u64::MAX) as f64;
    let scaled = kept * 2f64.powi((last.clamp(-1074, 2000) / 2) as i32);
    let rest = last.clamp(-1074, 2000) - last.clamp(-1074, 2000) / 2;
    scaled * 2f64.powi(rest as i32)
}

/// `float(x)` of a float or a small int.
fn trace_new(call: &mut NativeCall<'_>) -> Traced {
    match *call.arguments() {
        [class, x] if class.now == Value::object(call.vm.class(BuiltinType::Float)) => {
            Ok(call.number(x)?.map(|float| call.boxed(float)))
        }
        _ => Ok(None),
    }
}
