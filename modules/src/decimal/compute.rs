//! Operations on objects: operands taken, the context asked, conditions told, the result made.

use super::context::Context;
use super::number::Number;
use super::number::logarithm::Constants;
use super::number::settings::{Settings, Status};
use super::number::short::Short;
use super::object::{self, Decimal, Operand};
use super::signals::note;
use super::state::State;
use super::{current, number};
use stitch_runtime::object::argument::This;
use stitch_runtime::{PyResult, Value, Vm};

/// The object of a number, once the context has heard of the conditions.
#[inline]
pub fn finish(vm: &mut Vm, context: This<Context>, number: &Number, status: Status) -> PyResult {
    if !status.is_none() {
        note(vm, context, status)?;
    }
    object::new_of_class(vm, context.decimal_class, number)
}

#[inline]
pub fn compute(
    vm: &mut Vm,
    context: This<Context>,
    operation: impl FnOnce(&Settings, &mut Status) -> Number,
) -> PyResult {
    let mut status = Status::NONE;
    let number = operation(&context.settings, &mut status);
    finish(vm, context, &number, status)
}

/// An operation that needs constants.
pub fn compute_with_constants(
    vm: &mut Vm,
    context: This<Context>,
    operation: impl FnOnce(&Settings, &mut Constants, &mut Status) -> Number,
) -> PyResult {
    let mut status = Status::NONE;
    let mut constants = std::mem::take(&mut State::of(vm).constants);
    let number = operation(&context.settings, &mut constants, &mut status);
    State::of(vm).constants = constants;
    finish(vm, context, &number, status)
}

pub type BinaryOperation = fn(number::View<'_>, number::View<'_>, &Settings, &mut Status) -> Number;

/// A binary operator that short operands of the type itself come to quickly, where the result is short, too.
#[inline]
pub fn operate_quickly(
    vm: &mut Vm,
    lhs: Value,
    rhs: Value,
    quick: impl FnOnce(number::View<'_>, number::View<'_>, &Settings) -> Option<(Short, Status)>,
    operation: BinaryOperation,
) -> PyResult {
    if let (Some(a), Some(b)) = (This::<Decimal>::of(vm, lhs), This::<Decimal>::of(vm, rhs)) {
        let context = current::context(vm)?;
        let (a, b) = (Decimal::view(a), Decimal::view(b));
        return match quick(a, b, &context.settings) {
            Some((short, status)) => {
                if !status.is_none() {
                    note(vm, context, status)?;
                }
                object::new_short(vm, context.decimal_class, short)
            }
            None => compute(vm, context, |settings, status| operation(a, b, settings, status)),
        };
    }
    operate(vm, lhs, rhs, operation)
}

/// A binary operator: `NotImplemented` where an operand is neither a decimal nor an int.
#[inline]
pub fn operate(
    vm: &mut Vm,
    lhs: Value,
    rhs: Value,
    operation: impl FnOnce(number::View<'_>, number::View<'_>, &Settings, &mut Status) -> Number,
) -> PyResult {
    let (Some(a), Some(b)) = (Operand::of(vm, lhs), Operand::of(vm, rhs)) else { return Ok(vm.not_implemented) };
    let context = current::context(vm)?;
    compute(vm, context, |settings, status| operation(a.view(), b.view(), settings, status))
}

/// Quotient and remainder, as a tuple.
pub fn divide_with_rest(vm: &mut Vm, context: This<Context>, a: &Operand, b: &Operand) -> PyResult {
    let mut status = Status::NONE;
    let (quotient, rest) = number::remainder::divide_with_rest(a.view(), b.view(), &context.settings, &mut status);
    let quotient = finish(vm, context, &quotient, status)?;
    let rest = object::new(vm, &rest)?;
    Ok(vm.new_tuple(&[quotient, rest]))
}

/// `a ** b`, or `a ** b % modulo`.
pub fn power(vm: &mut Vm, context: This<Context>, a: &Operand, b: &Operand, modulo: Option<&Operand>) -> PyResult {
    match modulo {
        Some(modulo) => compute(vm, context, |settings, status| {
            number::remainder::power_modulo(a.view(), b.view(), modulo.view(), settings, status)
        }),
        None => compute_with_constants(vm, context, |settings, constants, status| {
            number::power::power(a.view(), b.view(), settings, constants, status)
        }),
    }
}

/// One with another sign, without rounding.
pub fn with_sign(vm: &mut Vm, view: number::View<'_>, is_negative: bool) -> PyResult {
    object::new(vm, &view.with_sign(is_negative).to_number())
}

/// TypeError for what is no decimal.
pub fn expect_decimal(vm: &mut Vm, value: Value) -> PyResult<This<Decimal>> {
    This::of(vm, value).ok_or_else(|| vm.raise_type("argument must be a Decimal"))
}

/// The text of a number, in the context's case.
pub fn text(vm: &mut Vm, view: number::View<'_>, is_engineering: bool, is_capital: bool) -> Value {
    let notation = number::text::Notation { is_engineering, is_capital };
    vm.str_from_latin1(&number::text::to_text(view, notation))
}
