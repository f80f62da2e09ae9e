//! `complex`.

use crate::object::argument::{Class, ClassOf, Receiver, Str, This, ThisFloat, ThisInt, method};
use crate::object::compare::{HASH_IMAGINARY, avoid_minus_one, hash_float};
use crate::object::convert::text::Text;
use crate::object::convert::{complex_repr, parse_float};
use crate::object::layout::ComplexObject;
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

type ThisComplex = This<ComplexObject>;

pub static COMPLEX: TypeSpec = TypeSpec {
    name: "complex",
    is_atomic: true,
    doc: "A complex number of two floats.",
    exact: Some(|vm, value| {
        let (re, im) = vm.complex_parts(value).unwrap_or_default();
        Ok(vm.new_complex(re, im))
    }),
    is_base: true,
    slots: Slots {
        repr: slot(|_: &mut Vm, out: &mut Text, this: ThisComplex| {
            out.push_str(&complex_repr(this.real, this.imag));
            Ok(())
        }),
        hash: slot(|_: &mut Vm, this: ThisComplex| {
            let (re, im) = (hash_float(this.real) as u64, hash_float(this.imag) as u64);
            Ok(avoid_minus_one(re.wrapping_add(HASH_IMAGINARY.wrapping_mul(im))))
        }),
        compare: slot(|vm: &mut Vm, operation, this: ThisComplex, other| {
            let is_number = ThisFloat::receive(vm, other).is_some()
                || ThisInt::receive(vm, other).is_some()
                || ThisComplex::receive(vm, other).is_some();
            if !Vm::is_equality(operation) || !is_number {
                return Ok(vm.not_implemented);
            }
            Ok(Vm::equality(operation, vm.complex_equal(this.value(), other)))
        }),
        truth: slot(|_: &mut Vm, this: ThisComplex| Ok((this.real, this.imag) != (0.0, 0.0))),
        binary: operators(&[
            (op::ADD, binary::<{ op::ADD }>),
            (op::SUBTRACT, binary::<{ op::SUBTRACT }>),
            (op::MULTIPLY, binary::<{ op::MULTIPLY }>),
            (op::POWER, binary::<{ op::POWER }>),
            (op::TRUE_DIVIDE, binary::<{ op::TRUE_DIVIDE }>),
        ]),
        negative: slot(|vm: &mut Vm, this: ThisComplex| Ok(vm.new_complex(-this.real, -this.imag))),
        positive: slot(|vm: &mut Vm, this: ThisComplex| Ok(exact(vm, this))),
        absolute: slot(|vm: &mut Vm, this: ThisComplex| {
            let length = this.real.hypot(this.imag);
            if length.is_infinite() && this.real.is_finite() && this.imag.is_finite() {
                return Err(vm.raise_overflow("absolute value too large"));
            }
            Ok(Value::float(length))
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, real=0, imag=0)", new).doc("The complex of one or two numbers, or of a text."),
    ),
    methods: METHODS,
    class_methods: &[method("from_number", "($self, number, /)", |vm: &mut Vm, class: Class, number: Value| {
        let is_exact = class.is_of(&COMPLEX);
        if is_exact && vm.is_exactly::<ComplexObject>(number) {
            return Ok(number);
        }
        let (real, imag) = vm.to_complex(number)?;
        let complex = vm.new_complex(real, imag);
        if is_exact { Ok(complex) } else { vm.call(Value::object(class.0), &[complex]) }
    })
    .doc("The complex number of a number, but of no text.")],
    getters: &[
        field("real", |this: ThisComplex| this.real).doc("The real part."),
        field("imag", |this: ThisComplex| this.imag).doc("The imaginary part."),
    ],
    ..TypeSpec::NEW
};

/// With a number on the other side.
fn binary<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    match (vm.complex_operand(lhs)?, vm.complex_operand(rhs)?) {
        (Some(a), Some(b)) => Ok(vm.complex_binary(OPERATION, a, b)?.unwrap_or(vm.not_implemented)),
        _ => Ok(vm.not_implemented),
    }
}

const METHODS: &[NativeRow] = &[
    method("__getnewargs__", "($self, /)", |vm: &mut Vm, this: ThisComplex| {
        vm.new_tuple(&[Value::float(this.real), Value::float(this.imag)])
    })
    .doc("The arguments that make such a number anew."),
    method("__format__", "($self, format_spec, /)", |vm: &mut Vm, this: ThisComplex, format: Str| {
        super::object::format_exact(vm, this.value(), format)
    })
    .doc("The value as text in a format."),
    method("conjugate", "($self, /)", |vm: &mut Vm, this: ThisComplex| vm.new_complex(this.real, -this.imag))
        .doc("The number with the other imaginary part."),
    method("__complex__", "($self, /)", exact).doc("The number itself."),
];

/// The number as one of the type itself.
fn exact(vm: &mut Vm, this: ThisComplex) -> Value {
    vm.new_complex(this.real, this.imag)
}

/// Real and imaginary part of a number; `wanted` is what the message says of others.
fn parts(vm: &mut Vm, value: Value, wanted: &str) -> PyResult<(f64, f64)> {
    if let Some(complex) = ThisComplex::of(vm, value) {
        return Ok((complex.real, complex.imag));
    }
    if let Some(result) = vm.call_special(value, vm.names.__complex__, &[])? {
        return match ThisComplex::of(vm, result) {
            Some(complex) => {
                vm.warn_of_derived(result, "__complex__", "complex")?;
                Ok((complex.real, complex.imag))
            }
            None => {
                let got = vm.class_name(result);
                Err(vm.raise_type(&format!("__complex__ returned non-complex (type {got})")))
            }
        };
    }
    Ok((real_part(vm, value, wanted)?, 0.0))
}

/// The float that a real number is; `wanted` is what the message says of others.
fn real_part(vm: &mut Vm, value: Value, wanted: &str) -> PyResult<f64> {
    let names = vm.names;
    let is_number = ThisFloat::receive(vm, value).is_some() || ThisInt::receive(vm, value).is_some();
    if !is_number
        && vm.lookup_special(value, names.__float__).is_none()
        && vm.lookup_special(value, names.__index__).is_none()
    {
        let message = format!("{wanted}, not {}", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    vm.to_float(value)
}

impl Vm {
    /// Real and imaginary part of a number.
    pub fn to_complex(&mut self, value: Value) -> PyResult<(f64, f64)> {
        parts(self, value, "must be real number")
    }
}

fn new(vm: &mut Vm, class: ClassOf<ComplexObject>, real: Option<Value>, imag: Option<Value>) -> PyResult {
    let exact = convert(vm, real, imag)?;
    vm.derive(class.class, exact)
}

/// Real and imaginary part of what is given as one of two parts, and whether it has both; to have them is not well seen.
fn part(vm: &mut Vm, value: Value, name: &str) -> PyResult<(f64, f64, bool)> {
    let wanted = format!("complex() argument '{name}' must be a real number");
    let is_complex = ThisComplex::of(vm, value).is_some();
    let names = vm.names;
    let has_parts = is_complex || name == "real" && vm.lookup_special(value, names.__complex__).is_some();
    if has_parts {
        let (re, im) = parts(vm, value, &wanted)?;
        let is_number = [names.__float__, names.__index__].iter().any(|&name| vm.lookup_special(value, name).is_some());
        if !is_number || name == "imag" {
            let message = format!("{wanted}, not {}", vm.class_name(value));
            vm.warn(vm.exceptions.DeprecationWarning, &message)?;
        }
        return Ok((re, im, true));
    }
    real_part(vm, value, &wanted).map(|real| (real, 0.0, false))
}

/// `complex(real, imag)`.
fn convert(vm: &mut Vm, real: Option<Value>, imag: Option<Value>) -> PyResult {
    if imag.is_none()
        && let Some(text) = real.and_then(|real| Str::of(vm, real))
    {
        return match parse(text.text().trim()) {
            Some((re, im)) => Ok(vm.new_complex(re, im)),
            None => Err(vm.raise_value("complex() arg is a malformed string")),
        };
    }
    let Some(imag) = imag else {
        let wanted = "complex() argument must be a string or a number";
        let (re, im) = real.map_or(Ok((0.0, 0.0)), |real| parts(vm, real, wanted))?;
        return Ok(vm.new_complex(re, im));
    };
    // What is no complex number takes nothing from the other part: the sign of a zero stays.
    let (re, im, is_complex) = real.map_or(Ok((0.0, 0.0, false)), |real| part(vm, real, "real"))?;
    let (a, b, is_imag_complex) = part(vm, imag, "imag")?;
    Ok(vm.new_complex(if is_imag_complex { re - b } else { re }, if is_complex { im + a } else { a }))
}

/// `1+2j`, `3j`, `4`, with optional parentheses.
fn parse(text: &str) -> Option<(f64, f64)> {
    let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text).trim();
    let Some(body) = text.strip_suffix(['j', 'J']) else { return Some((parse_float(text)?, 0.0)) };
    // The sign that splits the parts is the last one that belongs to no exponent.
    let split = body
        .char_indices()
        .rev()
        .find(|&(i, c)| (c == '+' || c == '-') && i > 0 && !body[..i].ends_with(['e', 'E']))
        .map(|(i, _)| i);
    let imaginary = |part: &str| match part {
        "" | "+" => Some(1.0),
        "-" => Some(-1.0),
        _ => parse_float(part),
    };
    match split {
        Some(at) => Some((parse_float(&body[..at])?, imaginary(&body[at..])?)),
        None => Some((0.0, imaginary(body)?)),
    }
}
