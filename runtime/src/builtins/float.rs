//! `float`.

use crate::object::argument::{Class, ClassOf, OrNone, Receiver, Str, ThisFloat, ThisInt, method};
use crate::object::compare::{hash_float, hash_identity, order_satisfies};
use crate::object::convert::float_repr;
use crate::object::convert::text::Text;
use crate::object::integer::BigInt;
use crate::object::layout::FloatObject;
use crate::object::native::NativeRow;
use crate::object::operate::{float_div_mod, op};
use crate::object::slots::{DIVMOD, Slots, operators, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use malachite_nz::integer::Integer;

pub static FLOAT: TypeSpec = TypeSpec {
    name: "float",
    is_atomic: true,
    is_matched_itself: true,
    doc: "A floating-point number of 64 bits.",
    exact: Some(|vm, value| Ok(ThisFloat::receive(vm, value).map_or(value, |float| Value::float(float.get())))),
    is_base: true,
    slots: Slots {
        repr: slot(|_: &mut Vm, out: &mut Text, this: ThisFloat| {
            out.push_str(&float_repr(this.get()));
            Ok(())
        }),
        hash: slot(|_: &mut Vm, this: ThisFloat| {
            Ok(if this.get().is_nan() { hash_identity(this.value()) } else { hash_float(this.get()) })
        }),
        compare: slot(compare),
        truth: slot(|_: &mut Vm, this: ThisFloat| Ok(this.get() != 0.0)),
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
        negative: slot(|_: &mut Vm, this: ThisFloat| Ok(Value::float(-this.get()))),
        positive: slot(|_: &mut Vm, this: ThisFloat| Ok(Value::float(this.get()))),
        absolute: slot(|_: &mut Vm, this: ThisFloat| Ok(Value::float(this.get().abs()))),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, x=0, /)", new)
            .traced(trace_new)
            .doc("The float of a number, or of the digits in a text."),
    ),
    methods: METHODS,
    class_methods: &[
        method("__getformat__", "($self, typestr, /)", |vm: &mut Vm, _: Value, kind: Str| {
            match vm.string_of(kind.value()).as_str() {
                "double" | "float" => Ok("IEEE, little-endian"),
                _ => Err(vm.raise_value("__getformat__() argument 1 must be 'double' or 'float'")),
            }
        })
        .doc("How floats lie in memory."),
        method("fromhex", "($self, string, /)", fromhex).doc("The float of a text as `hex` makes them."),
        method("from_number", "($self, number, /)", from_number).doc("The float of a number, but of no text."),
    ],
    getters: GETTERS,
    ..TypeSpec::NEW
};

/// With a float or an int on the other side.
fn binary<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    match (vm.number_to_f64(lhs)?, vm.number_to_f64(rhs)?) {
        (Some(x), Some(y)) => Ok(vm.float_binary(OPERATION, x, y)?.unwrap_or(vm.not_implemented)),
        _ => Ok(vm.not_implemented),
    }
}

fn compare(vm: &mut Vm, operation: u32, this: ThisFloat, other: Value) -> PyResult {
    let order = if let Some(other) = ThisFloat::receive(vm, other) {
        this.get().partial_cmp(&other.get())
    } else if let Some(other) = ThisInt::receive(vm, other) {
        other.view().compare_float(this.get()).map(std::cmp::Ordering::reverse)
    } else {
        return Ok(vm.not_implemented);
    };
    Ok(Value::bool(order_satisfies(operation, order)))
}

const METHODS: &[NativeRow] = &[
    method("__getnewargs__", "($self, /)", |vm: &mut Vm, this: ThisFloat| vm.new_tuple(&[Value::float(this.get())]))
        .doc("The arguments that make such a number anew."),
    method("__format__", "($self, format_spec, /)", |vm: &mut Vm, this: ThisFloat, format: Str| {
        super::object::format_exact(vm, this.value(), format)
    })
    .doc("The value as text in a format."),
    method("is_integer", "($self, /)", |this: ThisFloat| this.get().is_finite() && this.get().fract() == 0.0)
        .doc("Has it no fraction?"),
    method("conjugate", "($self, /)", ThisFloat::get).doc("The float itself."),
    method("hex", "($self, /)", hex).doc("The exact value, in hexadecimal digits."),
    method("as_integer_ratio", "($self, /)", as_integer_ratio)
        .doc("Two ints without a common divisor, the second above 0, whose ratio is the float."),
    method("__float__", "($self, /)", ThisFloat::get).doc("The float itself."),
    method("__int__", "($self, /)", truncate).doc("The int towards 0."),
    method("__trunc__", "($self, /)", truncate).doc("The int towards 0."),
    method("__floor__", "($self, /)", |vm: &mut Vm, this: ThisFloat| vm.int_from_float(this.get().floor()))
        .doc("The largest int that is not above."),
    method("__ceil__", "($self, /)", |vm: &mut Vm, this: ThisFloat| vm.int_from_float(this.get().ceil()))
        .doc("The smallest int that is not below."),
    method("__round__", "($self, ndigits=None, /)", |vm: &mut Vm, this: ThisFloat, digits: OrNone<Value>| {
        vm.round(Value::float(this.get()), digits.0)
    })
    .doc("The nearest int, or float of so many decimals, halves to even."),
];

const GETTERS: &[GetSetRow] =
    &[field("real", ThisFloat::get).doc("The float itself."), field("imag", |_: ThisFloat| 0.0).doc("0.0")];

fn new(vm: &mut Vm, class: ClassOf<FloatObject>, value: Option<Value>) -> PyResult {
    let exact = match value {
        None => Value::float(0.0),
        Some(value) => {
            let float = convert(vm, value)?;
            if float.is_nan() && !value.is_float() { vm.fresh_nan(float) } else { Value::float(float) }
        }
    };
    vm.derive(class.class, exact)
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
    if value.is_float() {
        return Ok(value.as_float());
    }
    if vm.is_str(value) {
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

fn truncate(vm: &mut Vm, this: ThisFloat) -> PyResult {
    vm.int_from_float(this.get())
}

/// `(mantissa, exponent)` with `x = ±mantissa · 2^exponent`, for finite `x`.
fn decompose(x: f64) -> (u64, i64) {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

fn as_integer_ratio(vm: &mut Vm, this: ThisFloat) -> PyResult {
    let x = this.get();
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

fn hex(this: ThisFloat) -> String {
    let x = this.get();
    if !x.is_finite() {
        return float_repr(x);
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52 & 0x7FF) as i64, bits & ((1 << 52) - 1));
    match (exponent, fraction) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (0, _) => format!("{sign}0x0.{fraction:013x}p-1022"),
        _ => format!("{sign}0x1.{fraction:013x}p{:+}", exponent - 1023),
    }
}

fn from_number(vm: &mut Vm, class: Class, number: Value) -> PyResult {
    let is_exact = class.is_of(&FLOAT);
    if is_exact && number.is_float() {
        return Ok(number);
    }
    let float = Value::float(vm.to_float(number)?);
    if is_exact { Ok(float) } else { vm.call(Value::object(class.0), &[float]) }
}

fn fromhex(vm: &mut Vm, class: Class, text: Value) -> PyResult {
    let Some(text) = Str::of(vm, text) else {
        return Err(vm.raise_type("bad argument type for built-in operation"));
    };
    let text = text.text();
    let float = match parse_hex(text.trim()) {
        Some(x) if x.is_infinite() && !text.to_ascii_lowercase().contains("inf") => {
            return Err(vm.raise_overflow("hexadecimal value too large to represent as a float"));
        }
        Some(x) if x.is_nan() => vm.fresh_nan(x),
        Some(x) => Value::float(x),
        None => return Err(vm.raise_value("invalid hexadecimal floating-point string")),
    };
    if class.is_of(&FLOAT) { Ok(float) } else { vm.call(Value::object(class.0), &[float]) }
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
        [class, x] if call.vm.is_class(class.now, &FLOAT) => Ok(call.number(x)?.map(|float| call.boxed(float))),
        _ => Ok(None),
    }
}
