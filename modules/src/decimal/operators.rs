//! Operators and comparisons.

use super::compute::{compute, divide_with_rest, operate, operate_quickly, power};
use super::context::Context;
use super::current;
use super::number::arithmetic::{product, quotient, remaining, sum};
use super::number::compare::compare_values;
use super::number::remainder::{remainder, whole_quotient};
use super::number::settings::{Settings, Status};
use super::number::{Number, float, short};
use super::object::{Decimal, Operand};
use super::signals::note;
use super::state::State;
use std::cmp::Ordering;
use stitch_runtime::object::argument::{Receiver, This, ThisFloat};
use stitch_runtime::object::compare::{cmp, order_satisfies};
use stitch_runtime::object::layout::ComplexObject;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::slots::{Binary, DIVMOD, N_OPERATIONS, operators};
use stitch_runtime::{PyResult, Value, Vm};

pub const BINARY: [Option<Binary>; N_OPERATIONS + 1] = operators(&[
    (op::ADD, |vm, lhs, rhs| operate_quickly(vm, lhs, rhs, |a, b, settings| short::sum(a, b, false, settings), sum)),
    (op::SUBTRACT, |vm, lhs, rhs| {
        operate_quickly(vm, lhs, rhs, |a, b, settings| short::sum(a, b, true, settings), remaining)
    }),
    (op::MULTIPLY, |vm, lhs, rhs| operate_quickly(vm, lhs, rhs, short::product, product)),
    (op::TRUE_DIVIDE, |vm, lhs, rhs| operate(vm, lhs, rhs, quotient)),
    (op::FLOOR_DIVIDE, |vm, lhs, rhs| operate(vm, lhs, rhs, whole_quotient)),
    (op::REMAINDER, |vm, lhs, rhs| operate(vm, lhs, rhs, remainder)),
    (op::POWER, |vm, lhs, rhs| raise_to(vm, lhs, rhs, None)),
    (DIVMOD as u32, |vm, lhs, rhs| {
        let (Some(a), Some(b)) = (Operand::of(vm, lhs), Operand::of(vm, rhs)) else { return Ok(vm.not_implemented) };
        let context = current::context(vm)?;
        divide_with_rest(vm, context, &a, &b)
    }),
]);

/// `pow`, with or without a modulus.
pub fn raise_to(vm: &mut Vm, base: Value, exponent: Value, modulus: Option<Value>) -> PyResult {
    let (Some(a), Some(b)) = (Operand::of(vm, base), Operand::of(vm, exponent)) else { return Ok(vm.not_implemented) };
    let modulus = match modulus.filter(|modulus| !modulus.is_none()) {
        None => None,
        Some(modulus) => match Operand::of(vm, modulus) {
            None => return Ok(vm.not_implemented),
            known => known,
        },
    };
    let context = current::context(vm)?;
    power(vm, context, &a, &b, modulus.as_ref())
}

/// A unary operator.
pub fn unary(
    vm: &mut Vm,
    this: This<Decimal>,
    operation: fn(super::number::View<'_>, &Settings, &mut Status) -> Number,
) -> PyResult {
    let context = current::context(vm)?;
    compute(vm, context, |settings, status| operation(Decimal::view(this), settings, status))
}

/// What a decimal is compared with, and by what it is to be multiplied first.
struct Other {
    operand: Operand,
    scale: Option<Number>,
}

fn is_equality(operation: u32) -> bool {
    operation == cmp::EQ || operation == cmp::NE
}

/// `None`: what is no number that could be compared.
fn other_of(vm: &mut Vm, operation: u32, value: Value, context: This<Context>) -> PyResult<Option<Other>> {
    let plain = |operand| Ok(Some(Other { operand, scale: None }));
    if let Some(operand) = Operand::of(vm, value) {
        return plain(operand);
    }
    if let Some(float) = ThisFloat::receive(vm, value) {
        tell_of_float(vm, operation, context)?;
        return plain(Operand::Number(float::from_float(float.get())));
    }
    if vm.is_a::<ComplexObject>(value) {
        let (real, imaginary) = vm.to_complex(value)?;
        if !is_equality(operation) || imaginary != 0.0 {
            return Ok(None);
        }
        tell_of_float(vm, operation, context)?;
        return plain(Operand::Number(float::from_float(real)));
    }
    let rational = State::of(vm).rational;
    if !vm.is_instance_of(value, rational)? {
        return Ok(None);
    }
    let part = |vm: &mut Vm, name: &str| -> PyResult<Number> {
        let name = vm.intern(name);
        let part = vm.get_attr(value, name)?;
        match vm.int_view(part) {
            Some(int) => Ok(super::object::number_of_int(int)),
            None => Err(vm.raise_type("numerator and denominator of a rational must be integers")),
        }
    };
    let denominator = part(vm, "denominator")?;
    let numerator = part(vm, "numerator")?;
    Ok(Some(Other { operand: Operand::Number(numerator), scale: Some(denominator) }))
}

/// Equality with a float is only noted.
fn tell_of_float(vm: &mut Vm, operation: u32, mut context: This<Context>) -> PyResult<()> {
    if is_equality(operation) {
        context.flags |= Status::FLOAT_OPERATION;
        return Ok(());
    }
    note(vm, context, Status::FLOAT_OPERATION)
}

pub fn compare(vm: &mut Vm, operation: u32, this: This<Decimal>, value: Value) -> PyResult {
    let context = current::context(vm)?;
    let Some(other) = other_of(vm, operation, value, context)? else { return Ok(vm.not_implemented) };
    let (a, b) = (Decimal::view(this), other.operand.view());
    if a.is_nan() || b.is_nan() {
        if !is_equality(operation) || a.is_signaling() || b.is_signaling() {
            note(vm, context, Status::INVALID_OPERATION)?;
        }
        return Ok(Value::bool(operation == cmp::NE));
    }
    let order: Ordering = match other.scale {
        Some(scale) if a.is_finite() => {
            let scaled = product(a, scale.view(), &Settings::EXACT, &mut Status::default());
            compare_values(scaled.view(), b)
        }
        _ => compare_values(a, b),
    };
    Ok(Value::bool(order_satisfies(operation, Some(order))))
}
