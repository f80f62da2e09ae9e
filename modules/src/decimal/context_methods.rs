//! The methods by which a context computes.

use super::compute::{compute, divide_with_rest, expect_decimal, finish, power, text};
use super::construct;
use super::context::Context;
use super::number::arithmetic::{absolute, fused, minus, plus, product, quotient, remaining, sum};
use super::number::compare::class_name;
use super::number::quantize::{integral, quantized};
use super::number::remainder::{remainder, whole_quotient};
use super::number::settings::Status;
use super::object::{self, Operand};
use super::{convert, shared};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::joined;
use stitch_runtime::{PyResult, Value, Vm};

macro_rules! unary {
    ($name:literal, $function:expr, $doc:literal) => {
        method($name, "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| {
            let x = Operand::expect(vm, x)?;
            compute(vm, this, |settings, status| ($function)(x.view(), settings, status))
        })
        .doc($doc)
    };
}

macro_rules! binary {
    ($name:literal, $function:expr, $doc:literal) => {
        method($name, "($self, x, y, /)", |vm: &mut Vm, this: This<Context>, x: Value, y: Value| {
            let (x, y) = (Operand::expect(vm, x)?, Operand::expect(vm, y)?);
            compute(vm, this, |settings, status| ($function)(x.view(), y.view(), settings, status))
        })
        .doc($doc)
    };
}

const N_OWN: usize = 32;
pub const COUNT: usize = N_OWN + shared::COUNT;
pub const METHODS: [NativeRow; COUNT] = joined(OWN, shared::OF_CONTEXT);

const OWN: [NativeRow; N_OWN] = [
    unary!("abs", absolute, "The magnitude, rounded."),
    unary!("minus", minus, "The negative, rounded."),
    unary!("plus", plus, "The number, rounded."),
    unary!("_apply", plus_as_it_is, "The number, rounded, with the sign of a zero."),
    unary!(
        "to_integral_exact",
        |a, settings, status| integral(a, true, settings, status),
        "The nearest integer; tells where digits were lost."
    ),
    unary!("to_integral_value", |a, settings, status| integral(a, false, settings, status), "The nearest integer."),
    unary!("to_integral", |a, settings, status| integral(a, false, settings, status), "The nearest integer."),
    binary!("add", sum, "The sum."),
    binary!("divide", quotient, "The quotient."),
    binary!("divide_int", whole_quotient, "The quotient without its fraction."),
    binary!("multiply", product, "The product."),
    binary!("quantize", quantized, "The first number with the exponent of the second."),
    binary!("remainder", remainder, "The remainder."),
    binary!("subtract", remaining, "The difference."),
    method("divmod", "($self, x, y, /)", |vm: &mut Vm, this: This<Context>, x: Value, y: Value| {
        let (x, y) = (Operand::expect(vm, x)?, Operand::expect(vm, y)?);
        divide_with_rest(vm, this, &x, &y)
    })
    .doc("The quotient without its fraction, and the remainder."),
    method("fma", "($self, x, y, z, /)", |vm: &mut Vm, this: This<Context>, x: Value, y: Value, z: Value| {
        let (x, y, z) = (Operand::expect(vm, x)?, Operand::expect(vm, y)?, Operand::expect(vm, z)?);
        compute(vm, this, |settings, status| fused(x.view(), y.view(), z.view(), settings, status))
    })
    .doc("The product plus the third, rounded once."),
    method(
        "power",
        "($self, /, a, b, modulo=None)",
        |vm: &mut Vm,
         this: This<Context>,
         a: Value,
         b: Value,
         modulo: stitch_runtime::object::argument::OrNone<Value>| {
            let (a, b) = (Operand::expect(vm, a)?, Operand::expect(vm, b)?);
            let modulo = modulo.0.map(|modulo| Operand::expect(vm, modulo)).transpose()?;
            power(vm, this, &a, &b, modulo.as_ref())
        },
    )
    .doc("The power, modulo the third where it is given."),
    method("radix", "($self, /)", |vm: &mut Vm, _: This<Context>| convert::ten(vm)).doc("Ten."),
    method("is_normal", "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| -> PyResult<bool> {
        let x = Operand::expect(vm, x)?;
        Ok(convert::is_normal(x.view(), &this.settings))
    })
    .doc("Is it a finite number that is neither zero nor subnormal?"),
    method("is_subnormal", "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| -> PyResult<bool> {
        let x = Operand::expect(vm, x)?;
        Ok(convert::is_subnormal(x.view(), &this.settings))
    })
    .doc("Is it below the least normal number, and not zero?"),
    method("is_canonical", "($self, x, /)", |vm: &mut Vm, _: This<Context>, x: Value| -> PyResult<bool> {
        expect_decimal(vm, x).map(|_| true)
    })
    .doc("True: all numbers are."),
    method("canonical", "($self, x, /)", |vm: &mut Vm, _: This<Context>, x: Value| -> PyResult {
        expect_decimal(vm, x).map(This::value)
    })
    .doc("The number itself."),
    method("copy_abs", "($self, x, /)", |vm: &mut Vm, _: This<Context>, x: Value| {
        let x = Operand::expect(vm, x)?;
        object::new(vm, &x.view().absolute().to_number())
    })
    .doc("The number without its sign."),
    method("copy_negate", "($self, x, /)", |vm: &mut Vm, _: This<Context>, x: Value| {
        let x = Operand::expect(vm, x)?;
        object::new(vm, &x.view().with_sign(!x.view().is_negative).to_number())
    })
    .doc("The number with the other sign."),
    method("copy_decimal", "($self, x, /)", |vm: &mut Vm, _: This<Context>, x: Value| {
        Operand::expect(vm, x)?.object(vm)
    })
    .doc("The number as it is."),
    method("number_class", "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| -> PyResult<&'static str> {
        let x = Operand::expect(vm, x)?;
        Ok(class_name(x.view(), &this.settings))
    })
    .doc("What kind of number it is."),
    method("same_quantum", "($self, x, y, /)", |vm: &mut Vm, _: This<Context>, x: Value, y: Value| -> PyResult<bool> {
        let (x, y) = (Operand::expect(vm, x)?, Operand::expect(vm, y)?);
        Ok(convert::are_of_one_quantum(x.view(), y.view()))
    })
    .doc("Have both one exponent?"),
    method("to_sci_string", "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| {
        let x = Operand::expect(vm, x)?;
        PyResult::Ok(text(vm, x.view(), false, this.has_capitals))
    })
    .doc("The number as text."),
    method("to_eng_string", "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| {
        let x = Operand::expect(vm, x)?;
        PyResult::Ok(text(vm, x.view(), true, this.has_capitals))
    })
    .doc("The number as text, with exponents that are multiples of three."),
    method("create_decimal", "($self, num=\"0\", /)", construct::create).doc("The number of a value, rounded."),
    method("create_decimal_from_float", "($self, f, /)", |vm: &mut Vm, this: This<Context>, float: Value| {
        let number = construct::number_of_float(vm, float)?;
        let mut status = Status::NONE;
        let number = number.finished(&this.settings, &mut status);
        finish(vm, this, &number, status)
    })
    .doc("The number of a float, rounded."),
    method("__sizeof__", "($self, /)", |_: This<Context>| size_of::<Context>()).doc("The bytes of the object."),
];

/// Rounded as any result is.
fn plus_as_it_is(
    a: super::number::View<'_>,
    settings: &super::number::settings::Settings,
    status: &mut Status,
) -> super::number::Number {
    a.to_number().finished(settings, status)
}
