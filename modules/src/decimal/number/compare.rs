//! Orders: by value, total, and which of two is greater.

use super::limbs;
use super::settings::{Settings, Status};
use super::shift::shift_left;
use super::{Number, View, nan_of};
use std::cmp::Ordering;

/// The order of magnitudes; infinities are above all numbers.
pub fn compare_magnitudes(a: View<'_>, b: View<'_>) -> Ordering {
    match (a.is_infinite(), b.is_infinite()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        _ => {}
    }
    match (a.limbs.is_empty(), b.limbs.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        _ => {}
    }
    if a.exponent == b.exponent {
        return limbs::compare(a.limbs, b.limbs);
    }
    a.adjusted().cmp(&b.adjusted()).then_with(|| compare_aligned(a, b))
}

/// Of one adjusted exponent: the lesser exponent has more digits, so that the shift is no longer than that.
fn compare_aligned(a: View<'_>, b: View<'_>) -> Ordering {
    let apart = a.exponent - b.exponent;
    if apart > 0 {
        limbs::compare(&shift_left(a.limbs, apart), b.limbs)
    } else {
        limbs::compare(a.limbs, &shift_left(b.limbs, -apart))
    }
}

/// The order by value of what is a number.
pub fn compare_values(a: View<'_>, b: View<'_>) -> Ordering {
    if a.is_zero() && b.is_zero() {
        return Ordering::Equal;
    }
    if a.is_zero() {
        return if b.is_negative { Ordering::Greater } else { Ordering::Less };
    }
    if b.is_zero() || a.is_negative != b.is_negative {
        return if a.is_negative { Ordering::Less } else { Ordering::Greater };
    }
    let order = compare_magnitudes(a, b);
    if a.is_negative { order.reverse() } else { order }
}

/// An order as a number.
fn number_of(order: Ordering) -> Number {
    Number::of_int(order as i64)
}

/// -1, 0 or 1.
pub fn compared(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    nan_of(&[a, b], settings, status).unwrap_or_else(|| number_of(compare_values(a, b)))
}

/// The same, where quiet ones signal, too.
pub fn compared_signaling(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    let nan = nan_of(&[a, b], settings, status);
    if nan.is_some() {
        *status |= Status::INVALID_OPERATION;
    }
    nan.unwrap_or_else(|| number_of(compare_values(a, b)))
}

/// The order of all there is, in which no two are equal that look different.
pub fn total_order(a: View<'_>, b: View<'_>) -> Ordering {
    if a.is_negative != b.is_negative {
        return b.is_negative.cmp(&a.is_negative);
    }
    let order = match (a.is_nan(), b.is_nan()) {
        (true, true) if a.kind == b.kind => limbs::compare(a.limbs, b.limbs),
        (true, true) => b.is_signaling().cmp(&a.is_signaling()),
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => compare_magnitudes(a, b).then_with(|| a.exponent.cmp(&b.exponent)),
    };
    if a.is_negative { order.reverse() } else { order }
}

pub fn compared_total(a: View<'_>, b: View<'_>) -> Number {
    number_of(total_order(a, b))
}

/// By which of two equals one is the greater.
fn break_tie(a: View<'_>, b: View<'_>) -> Ordering {
    if a.is_negative != b.is_negative {
        return b.is_negative.cmp(&a.is_negative);
    }
    let order = a.exponent.cmp(&b.exponent);
    if a.is_negative { order.reverse() } else { order }
}

/// What chooses one of two.
#[derive(Clone, Copy)]
pub struct Choice {
    /// The one that is in this order to the other.
    pub wanted: Ordering,
    pub by_magnitude: bool,
}

pub fn chosen(a: View<'_>, b: View<'_>, choice: Choice, settings: &Settings, status: &mut Status) -> Number {
    use super::Kind::Quiet;
    let number = if a.kind == Quiet && !b.is_nan() {
        b
    } else if b.kind == Quiet && !a.is_nan() {
        a
    } else if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    } else {
        let order = if choice.by_magnitude { compare_magnitudes(a, b) } else { compare_values(a, b) };
        let order = order.then_with(|| break_tie(a, b));
        if order == Ordering::Equal || order == choice.wanted { a } else { b }
    };
    number.to_number().finished(settings, status)
}

/// What a number is, as text.
pub fn class_name(a: View<'_>, settings: &Settings) -> &'static str {
    if a.is_nan() {
        return if a.is_signaling() { "sNaN" } else { "NaN" };
    }
    let names = if a.is_infinite() {
        ["+Infinity", "-Infinity"]
    } else if a.is_zero() {
        ["+Zero", "-Zero"]
    } else if a.adjusted() < settings.min_exponent {
        ["+Subnormal", "-Subnormal"]
    } else {
        ["+Normal", "-Normal"]
    };
    names[a.is_negative as usize]
}
