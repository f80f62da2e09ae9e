//! `complex`.

use super::receiver::object_of;
use crate::object::compare::{HASH_IMAGINARY, avoid_minus_one, hash_float};
use crate::object::convert::complex_repr;
use crate::object::layout::ComplexObject;
use crate::object::native::{NativeRow, native};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators};
use crate::object::spec::TypeSpec;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static COMPLEX: TypeSpec = TypeSpec {
    name: "complex",
    doc: "A complex number of two floats.",
    is_base: true,
    slots: Slots {
        repr: Some(|_, out, value| {
            let (re, im) = parts_of(value);
            out.push_str(&complex_repr(re, im));
            Ok(())
        }),
        hash: Some(|_, value| {
            let (re, im) = parts_of(value);
            Ok(avoid_minus_one(
                (hash_float(re) as u64).wrapping_add(HASH_IMAGINARY.wrapping_mul(hash_float(im) as u64)),
            ))
        }),
        compare: Some(|vm, operation, lhs, rhs| {
            let is_number = vm.is_float_like(rhs) || vm.is_int_like(rhs) || vm.has_layout(rhs, BuiltinType::Complex);
            if !Vm::is_equality(operation) || !is_number {
                return Ok(vm.not_implemented);
            }
            Ok(Vm::equality(operation, vm.complex_equal(lhs, rhs)))
        }),
        truth: Some(|_, value| Ok(parts_of(value) != (0.0, 0.0))),
        binary: operators(&[
            (op::ADD, binary::<{ op::ADD }>),
            (op::SUBTRACT, binary::<{ op::SUBTRACT }>),
            (op::MULTIPLY, binary::<{ op::MULTIPLY }>),
            (op::POWER, binary::<{ op::POWER }>),
            (op::TRUE_DIVIDE, binary::<{ op::TRUE_DIVIDE }>),
        ]),
        negative: Some(|vm, value| {
            let (re, im) = parts_of(value);
            Ok(vm.new_complex(-re, -im))
        }),
        positive: Some(|vm, value| {
            let (re, im) = parts_of(value);
            Ok(vm.new_complex(re, im))
        }),
        absolute: Some(|vm, value| {
            let (re, im) = parts_of(value);
            let length = re.hypot(im);
            if length.is_infinite() && re.is_finite() && im.is_finite() {
                return Err(vm.raise_overflow("absolute value too large"));
            }
            Ok(Value::float(length))
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

/// Real and imaginary part of a value of complex layout.
fn parts_of(value: Value) -> (f64, f64) {
    let complex: &ComplexObject = object_of(value);
    (complex.real, complex.imag)
}

/// With a number on the other side.
fn binary<const OPERATION: u32>(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    match (vm.number_to_complex(lhs)?, vm.number_to_complex(rhs)?) {
        (Some(a), Some(b)) => Ok(vm.complex_binary(OPERATION, a, b)?.unwrap_or(vm.not_implemented)),
        _ => Ok(vm.not_implemented),
    }
}

const METHODS: &[NativeRow] = &[
    native("conjugate", "($self, /)", |vm, args| {
        let (re, im) = receiver(vm, args[0])?;
        Ok(vm.new_complex(re, -im))
    }),
    native("__complex__", "($self, /)", |vm, args| {
        let (re, im) = receiver(vm, args[0])?;
        Ok(vm.new_complex(re, im))
    }),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::Complex, METHODS);
    let class = vm.class(BuiltinType::Complex);
    vm.add_new(class, native("__new__", "($type, real=0, imag=0)", new));
    vm.add_getters(
        BuiltinType::Complex,
        &[
            ("real", |vm, value| receiver(vm, value).map(|(re, _)| Value::float(re))),
            ("imag", |vm, value| receiver(vm, value).map(|(_, im)| Value::float(im))),
        ],
    );
}

fn receiver(vm: &mut Vm, value: Value) -> PyResult<(f64, f64)> {
    vm.check_receiver(value, BuiltinType::Complex)?;
    let complex: &ComplexObject = object_of(value);
    Ok((complex.real, complex.imag))
}

/// Real and imaginary part of a number.
fn parts(vm: &mut Vm, value: Value) -> PyResult<(f64, f64)> {
    if vm.has_layout(value, BuiltinType::Complex) {
        return receiver(vm, value);
    }
    let name = vm.names.__complex__;
    if let Some(result) = vm.call_special(value, name, &[])? {
        return receiver(vm, result);
    }
    let is_number = vm.is_float_like(value) || vm.is_int_like(value);
    let names = vm.names;
    if !is_number
        && vm.lookup_special(value, names.__float__).is_none()
        && vm.lookup_special(value, names.__index__).is_none()
    {
        let message = format!("complex() argument must be a string or a number, not {}", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    Ok((vm.to_float(value)?, 0.0))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = super::class::class_argument(vm, args[0], BuiltinType::Complex)?;
    let exact = convert(vm, args)?;
    vm.derive(class, exact)
}

/// `complex(real, imag)`.
fn convert(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.is_str(args[1]) {
        if !args[2].is_unbound() {
            return Err(vm.raise_type("complex() can't take second arg if first is a string"));
        }
        let text = str_to_string(args[1]);
        return match parse(text.trim()) {
            Some((re, im)) => Ok(vm.new_complex(re, im)),
            None => Err(vm.raise_value("complex() arg is a malformed string")),
        };
    }
    let (mut re, mut im) = if args[1].is_unbound() { (0.0, 0.0) } else { parts(vm, args[1])? };
    if !args[2].is_unbound() {
        let (a, b) = parts(vm, args[2])?;
        re -= b;
        im += a;
    }
    Ok(vm.new_complex(re, im))
}

/// `1+2j`, `3j`, `4`, with optional parentheses.
fn parse(text: &str) -> Option<(f64, f64)> {
    let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text).trim();
    let Some(body) = text.strip_suffix(['j', 'J']) else { return Some((text.parse().ok()?, 0.0)) };
    // The sign that splits the parts is the last one that belongs to no exponent.
    let split = body
        .char_indices()
        .rev()
        .find(|&(i, c)| (c == '+' || c == '-') && i > 0 && !body[..i].ends_with(['e', 'E']))
        .map(|(i, _)| i);
    let imaginary = |part: &str| match part {
        "" | "+" => Some(1.0),
        "-" => Some(-1.0),
        _ => part.parse::<f64>().ok(),
    };
    match split {
        Some(at) => Some((body[..at].parse().ok()?, imaginary(&body[at..])?)),
        None => Some((0.0, imaginary(body)?)),
    }
}
