//! The type `Decimal`.

use super::compute::{compute, text, with_sign};
use super::context::given_or_current;
use super::number::arithmetic::{absolute, fused, minus, plus};
use super::number::compare::class_name;
use super::number::quantize::quantized;
use super::number::settings::{Rounding, Status};
use super::object::{self, Decimal, LAYOUT, Operand};
use super::{construct, convert, current, format, operators, shared};
use stitch_runtime::object::argument::{OrNone, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{TypeSpec, field, joined};
use stitch_runtime::{PyResult, Value, Vm};

pub static DECIMAL: TypeSpec = TypeSpec {
    name: "Decimal",
    module: "decimal",
    doc: "A decimal number: a sign, digits and an exponent of ten; infinite, or not a number.",
    layout: Some(LAYOUT),
    is_base: true,
    slots: Slots {
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<Decimal>| -> PyResult<()> {
            let context = current::context(vm)?;
            let shown = text(vm, Decimal::view(this), false, context.has_capitals);
            out.push_str("Decimal('");
            out.push_view(vm.str_of(shown).view());
            out.push_str("')");
            Ok(())
        }),
        str: slot(|vm: &mut Vm, this: This<Decimal>| -> PyResult {
            let context = current::context(vm)?;
            Ok(text(vm, Decimal::view(this), false, context.has_capitals))
        }),
        hash: slot(convert::hash),
        compare: slot(operators::compare),
        truth: slot(|_: &mut Vm, this: This<Decimal>| Ok(!Decimal::view(this).is_zero())),
        binary: operators::BINARY,
        negative: slot(|vm: &mut Vm, this: This<Decimal>| operators::unary(vm, this, minus)),
        positive: slot(|vm: &mut Vm, this: This<Decimal>| operators::unary(vm, this, plus)),
        absolute: slot(|vm: &mut Vm, this: This<Decimal>| operators::unary(vm, this, absolute)),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, value=\"0\", context=None)", construct::new).doc("The number of a value, exactly."),
    ),
    power_modulo: Some(|vm, [base, exponent, modulus]| operators::raise_to(vm, base, exponent, Some(modulus))),
    methods: METHODS,
    class_methods: &[
        method("from_float", "($self, f, /)", construct::from_float).doc("The number of a float or an int, exactly."),
        method("from_number", "($self, number, /)", construct::from_number).doc("The number of a number, exactly."),
    ],
    getters: &[
        field("real", |this: This<Decimal>| this.value()).doc("The number itself."),
        field("imag", |vm: &mut Vm, _: This<Decimal>| object::new(vm, &super::number::Number::of_int(0))).doc("Zero."),
    ],
    ..TypeSpec::NEW
};

static METHODS: &[NativeRow] =
    &joined::<_, N_OWN, { shared::COUNT }, { N_OWN + shared::COUNT }>(OWN, shared::OF_DECIMAL);

const N_OWN: usize = 31;
const OWN: [NativeRow; N_OWN] = [
    method("adjusted", "($self, /)", |this: This<Decimal>| {
        let a = Decimal::view(this);
        if a.is_finite() { a.adjusted() } else { 0 }
    })
    .doc("The exponent of the first digit."),
    method("as_integer_ratio", "($self, /)", convert::ratio).doc("Numerator and denominator, in lowest terms."),
    method("as_tuple", "($self, /)", convert::to_parts).doc("Sign, digits and exponent."),
    method("canonical", "($self, /)", This::<Decimal>::value).doc("The number itself."),
    method("conjugate", "($self, /)", This::<Decimal>::value).doc("The number itself."),
    method("copy_abs", "($self, /)", |vm: &mut Vm, this: This<Decimal>| with_sign(vm, Decimal::view(this), false))
        .doc("The number without its sign."),
    method("copy_negate", "($self, /)", |vm: &mut Vm, this: This<Decimal>| {
        let a = Decimal::view(this);
        with_sign(vm, a, !a.is_negative)
    })
    .doc("The number with the other sign."),
    method(
        "fma",
        "($self, /, other, third, context=None)",
        |vm: &mut Vm, this: This<Decimal>, other: Value, third: Value, context: OrNone<Value>| {
            let context = given_or_current(vm, context)?;
            let (other, third) = (Operand::expect(vm, other)?, Operand::expect(vm, third)?);
            compute(vm, context, |settings, status| {
                fused(Decimal::view(this), other.view(), third.view(), settings, status)
            })
        },
    )
    .doc("The product with one number plus another, rounded once."),
    method("is_canonical", "($self, /)", |_: This<Decimal>| true).doc("True: all numbers are."),
    method(
        "is_normal",
        "($self, /, context=None)",
        |vm: &mut Vm, this: This<Decimal>, context: OrNone<Value>| -> PyResult<bool> {
            let context = given_or_current(vm, context)?;
            Ok(convert::is_normal(Decimal::view(this), &context.settings))
        },
    )
    .doc("Is it a finite number that is neither zero nor subnormal?"),
    method(
        "is_subnormal",
        "($self, /, context=None)",
        |vm: &mut Vm, this: This<Decimal>, context: OrNone<Value>| -> PyResult<bool> {
            let context = given_or_current(vm, context)?;
            Ok(convert::is_subnormal(Decimal::view(this), &context.settings))
        },
    )
    .doc("Is it below the least normal number, and not zero?"),
    method(
        "number_class",
        "($self, /, context=None)",
        |vm: &mut Vm, this: This<Decimal>, context: OrNone<Value>| -> PyResult<&'static str> {
            let context = given_or_current(vm, context)?;
            Ok(class_name(Decimal::view(this), &context.settings))
        },
    )
    .doc("What kind of number it is."),
    method(
        "quantize",
        "($self, /, exp, rounding=None, context=None)",
        |vm: &mut Vm, this: This<Decimal>, exp: Value, rounding: OrNone<Value>, context: OrNone<Value>| {
            let context = given_or_current(vm, context)?;
            let settings = convert::with_rounding(vm, context, rounding)?;
            let exp = Operand::expect(vm, exp)?;
            let mut status = Status::NONE;
            let number = quantized(Decimal::view(this), exp.view(), &settings, &mut status);
            super::compute::finish(vm, context, &number, status)
        },
    )
    .doc("The number with the exponent of another."),
    method("radix", "($self, /)", |vm: &mut Vm, _: This<Decimal>| convert::ten(vm)).doc("Ten."),
    method(
        "same_quantum",
        "($self, /, other, context=None)",
        |vm: &mut Vm, this: This<Decimal>, other: Value, context: OrNone<Value>| -> PyResult<bool> {
            given_or_current(vm, context)?;
            let other = Operand::expect(vm, other)?;
            Ok(convert::are_of_one_quantum(Decimal::view(this), other.view()))
        },
    )
    .doc("Have both one exponent?"),
    method(
        "to_eng_string",
        "($self, /, context=None)",
        |vm: &mut Vm, this: This<Decimal>, context: OrNone<Value>| -> PyResult {
            let context = given_or_current(vm, context)?;
            Ok(text(vm, Decimal::view(this), true, context.has_capitals))
        },
    )
    .doc("The number as text, with exponents that are multiples of three."),
    method(
        "to_integral",
        "($self, /, rounding=None, context=None)",
        |vm: &mut Vm, this: This<Decimal>, rounding: OrNone<Value>, context: OrNone<Value>| {
            convert::to_integral(vm, this, rounding, context, false)
        },
    )
    .doc("The nearest integer."),
    method(
        "to_integral_value",
        "($self, /, rounding=None, context=None)",
        |vm: &mut Vm, this: This<Decimal>, rounding: OrNone<Value>, context: OrNone<Value>| {
            convert::to_integral(vm, this, rounding, context, false)
        },
    )
    .doc("The nearest integer."),
    method(
        "to_integral_exact",
        "($self, /, rounding=None, context=None)",
        |vm: &mut Vm, this: This<Decimal>, rounding: OrNone<Value>, context: OrNone<Value>| {
            convert::to_integral(vm, this, rounding, context, true)
        },
    )
    .doc("The nearest integer; tells where digits were lost."),
    method("__ceil__", "($self, /)", |vm: &mut Vm, this: This<Decimal>| convert::to_int(vm, this, Rounding::Ceiling))
        .doc("The least int that is not below."),
    method("__floor__", "($self, /)", |vm: &mut Vm, this: This<Decimal>| convert::to_int(vm, this, Rounding::Floor))
        .doc("The greatest int that is not above."),
    method("__trunc__", "($self, /)", |vm: &mut Vm, this: This<Decimal>| convert::to_int(vm, this, Rounding::Down))
        .doc("The int without the fraction."),
    method("__int__", "($self, /)", |vm: &mut Vm, this: This<Decimal>| convert::to_int(vm, this, Rounding::Down))
        .doc("The int without the fraction."),
    method("__round__", "($self, ndigits=None, /)", convert::round).doc("Rounded, to an int or to so many places."),
    method("__float__", "($self, /)", convert::to_float).doc("The nearest float."),
    method("__complex__", "($self, /)", |vm: &mut Vm, this: This<Decimal>| -> PyResult {
        let real = convert::to_float(vm, this)?;
        Ok(vm.new_complex(real, 0.0))
    })
    .doc("The nearest float, as a complex number."),
    method("__copy__", "($self, /)", This::<Decimal>::value).doc("The number itself."),
    method("__deepcopy__", "($self, memo, /)", |this: This<Decimal>, _: Value| this.value()).doc("The number itself."),
    method(
        "__format__",
        "($self, format_spec, override=None, /)",
        |vm: &mut Vm, this: This<Decimal>, spec: Value, conventions: Option<Value>| {
            format::format(vm, this, spec, conventions)
        },
    )
    .doc("The number as text, as a specification wants it."),
    method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<Decimal>| -> PyResult {
        let shown = vm.str(this.value())?;
        let class = Value::object(vm.class_of(this.value()));
        let arguments = vm.new_tuple(&[shown]);
        Ok(vm.new_tuple(&[class, arguments]))
    })
    .doc("How to make it again."),
    method("__sizeof__", "($self, /)", |this: This<Decimal>| object::size_bytes(this)).doc("The bytes of the object."),
];
