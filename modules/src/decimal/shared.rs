//! The operations that both a number and a context have as methods: one table, from which the rows of both are made.

use super::compute::{compute, compute_with_constants};
use super::context::{Context, given_or_current};
use super::number::adjacent::{next, next_toward};
use super::number::arithmetic::root;
use super::number::compare::{Choice, chosen, compared, compared_signaling, compared_total};
use super::number::exponential::exponential;
use super::number::logarithm::{decimal_logarithm, natural_logarithm};
use super::number::logical::{combined, inverted};
use super::number::quantize::reduced;
use super::number::remainder::near_remainder;
use super::number::transfer::{logb, rotated, scaled, shifted};
use super::number::{Kind, View};
use super::object::{Decimal, Operand};
use std::cmp::Ordering::{Greater, Less};
use stitch_runtime::object::argument::{OrNone, This, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{Value, Vm};

macro_rules! operations {
    (
        unary { $($unary:literal $unary_function:expr, $unary_doc:literal;)* }
        deep { $($deep:literal $deep_function:expr, $deep_doc:literal;)* }
        binary { $($binary:literal $binary_function:expr, $binary_doc:literal;)* }
        tests { $($test:literal $test_function:expr, $test_doc:literal;)* }
    ) => {
        pub const COUNT: usize = [$($unary,)* $($deep,)* $($binary,)* $($test,)*].len();

        pub const OF_DECIMAL: [NativeRow; COUNT] = [
            $(method($unary, "($self, /, context=None)", |vm: &mut Vm, this: This<Decimal>, context: OrNone<Value>| {
                let context = given_or_current(vm, context)?;
                compute(vm, context, |settings, status| ($unary_function)(Decimal::view(this), settings, status))
            }).doc($unary_doc),)*
            $(method($deep, "($self, /, context=None)", |vm: &mut Vm, this: This<Decimal>, context: OrNone<Value>| {
                let context = given_or_current(vm, context)?;
                compute_with_constants(vm, context, |settings, constants, status| {
                    $deep_function(Decimal::view(this), settings, constants, status)
                })
            }).doc($deep_doc),)*
            $(method(
                $binary,
                "($self, /, other, context=None)",
                |vm: &mut Vm, this: This<Decimal>, other: Value, context: OrNone<Value>| {
                    let context = given_or_current(vm, context)?;
                    let other = Operand::expect(vm, other)?;
                    compute(vm, context, |settings, status| {
                        ($binary_function)(Decimal::view(this), other.view(), settings, status)
                    })
                },
            ).doc($binary_doc),)*
            $(method($test, "($self, /)", |this: This<Decimal>| ($test_function)(Decimal::view(this))).doc($test_doc),)*
        ];

        pub const OF_CONTEXT: [NativeRow; COUNT] = [
            $(method($unary, "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| {
                let x = Operand::expect(vm, x)?;
                compute(vm, this, |settings, status| ($unary_function)(x.view(), settings, status))
            }).doc($unary_doc),)*
            $(method($deep, "($self, x, /)", |vm: &mut Vm, this: This<Context>, x: Value| {
                let x = Operand::expect(vm, x)?;
                compute_with_constants(vm, this, |settings, constants, status| {
                    $deep_function(x.view(), settings, constants, status)
                })
            }).doc($deep_doc),)*
            $(method($binary, "($self, x, y, /)", |vm: &mut Vm, this: This<Context>, x: Value, y: Value| {
                let (x, y) = (Operand::expect(vm, x)?, Operand::expect(vm, y)?);
                compute(vm, this, |settings, status| ($binary_function)(x.view(), y.view(), settings, status))
            }).doc($binary_doc),)*
            $(method($test, "($self, x, /)", |vm: &mut Vm, _: This<Context>, x: Value| {
                let x = Operand::expect(vm, x)?;
                stitch_runtime::PyResult::Ok(($test_function)(x.view()))
            }).doc($test_doc),)*
        ];
    };
}

operations! {
    unary {
        "logb" logb, "The exponent of the first digit.";
        "logical_invert" inverted, "Zeros for ones and ones for zeros, in all digits.";
        "next_minus" |a, settings, status| next(a, false, settings, status), "The greatest number below.";
        "next_plus" |a, settings, status| next(a, true, settings, status), "The least number above.";
        "normalize" reduced, "The number without zeros at its end.";
        "sqrt" root, "The square root.";
    }
    deep {
        "exp" exponential, "The power of e.";
        "ln" natural_logarithm, "The natural logarithm.";
        "log10" decimal_logarithm, "The logarithm to base ten.";
    }
    binary {
        "compare" compared, "-1, 0 or 1, as the number is less, equal or greater.";
        "compare_signal" compared_signaling, "As compare, but what is not a number signals.";
        "compare_total" |a, b, _, _| compared_total(a, b), "The order in which nothing equals what looks different.";
        "compare_total_mag" |a: View<'_>, b: View<'_>, _, _| compared_total(a.absolute(), b.absolute()),
            "As compare_total, without the signs.";
        "copy_sign" |a: View<'_>, b: View<'_>, _, _| a.with_sign(b.is_negative).to_number(),
            "The number with the sign of the other.";
        "logical_and" |a, b, settings, status| combined(a, b, |x, y| x && y, settings, status), "And, digit by digit.";
        "logical_or" |a, b, settings, status| combined(a, b, |x, y| x || y, settings, status), "Or, digit by digit.";
        "logical_xor" |a, b, settings, status| combined(a, b, |x, y| x != y, settings, status),
            "Exclusive or, digit by digit.";
        "max" |a, b, settings, status| chosen(a, b, Choice { wanted: Greater, by_magnitude: false }, settings, status),
            "The greater one.";
        "max_mag" |a, b, settings, status| chosen(a, b, Choice { wanted: Greater, by_magnitude: true }, settings, status),
            "The one of greater magnitude.";
        "min" |a, b, settings, status| chosen(a, b, Choice { wanted: Less, by_magnitude: false }, settings, status),
            "The lesser one.";
        "min_mag" |a, b, settings, status| chosen(a, b, Choice { wanted: Less, by_magnitude: true }, settings, status),
            "The one of lesser magnitude.";
        "next_toward" next_toward, "The next number on the way to the other.";
        "remainder_near" near_remainder, "What is left by the integer nearest to the quotient.";
        "rotate" rotated, "The digits moved around.";
        "scaleb" scaled, "The number times a power of ten.";
        "shift" shifted, "The digits moved to the left, or to the right.";
    }
    tests {
        "is_finite" View::is_finite, "Is it a number, and not infinite?";
        "is_infinite" View::is_infinite, "Is it infinite?";
        "is_nan" View::is_nan, "Is it not a number?";
        "is_qnan" |a: View<'_>| a.kind == Kind::Quiet, "Is it a quiet NaN?";
        "is_signed" |a: View<'_>| a.is_negative, "Is its sign minus?";
        "is_snan" View::is_signaling, "Is it a signaling NaN?";
        "is_zero" View::is_zero, "Is it a zero?";
    }
}
