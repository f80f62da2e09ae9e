//! Sums, products and quotients.

use super::divide::{divide_only, square_root};
use super::limbs::{self, add, difference, from_word, trailing_zeros};
use super::multiply::multiply;
use super::settings::{MAX_DIGITS, Rounding, Settings, Status};
use super::shift::{shift_left, shift_right};
use super::{Number, View, nan_of, short};
use std::cmp::Ordering;

/// `a + b`.
#[inline]
pub fn sum(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if !a.is_finite() || !b.is_finite() {
        return special_sum(a, b, settings, status);
    }
    sum_of_finite(a, b, settings, status).finished(settings, status)
}

/// `a - b`.
#[inline]
pub fn remaining(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if b.is_nan() { sum(a, b, settings, status) } else { sum(a, b.with_sign(!b.is_negative), settings, status) }
}

#[cold]
fn special_sum(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    }
    if a.is_infinite() && b.is_infinite() && a.is_negative != b.is_negative {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    Number::infinite(if a.is_infinite() { a.is_negative } else { b.is_negative })
}

/// The exact sum; or, of numbers far apart, one that is rounded alike.
fn sum_of_finite(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    let (large, small) = if a.exponent >= b.exponent { (a, b) } else { (b, a) };
    if large.exponent == small.exponent || large.limbs.is_empty() {
        return signed_sum(large, small, small.exponent, settings);
    }
    // Below this place nothing counts but that there is something.
    let room = large.digits() - settings.precision - 1;
    let last = large.exponent - 1 + room.min(0);
    let stand_in: &[u64] = if small.limbs.is_empty() { &[] } else { &[1] };
    let small = if small.adjusted() < last { View { exponent: last, limbs: stand_in, ..small } } else { small };
    let shift = large.exponent - small.exponent;
    if large.digits() + shift > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    let aligned = shift_left(large.limbs, shift);
    signed_sum(View { limbs: &aligned, ..large }, small, small.exponent, settings)
}

/// The sum of numbers of one exponent.
#[inline]
fn signed_sum(a: View<'_>, b: View<'_>, exponent: i64, settings: &Settings) -> Number {
    if a.is_negative == b.is_negative {
        return Number::finite(a.is_negative, add(a.limbs, b.limbs), exponent);
    }
    let (order, limbs) = difference(a.limbs, b.limbs);
    let is_negative = match order {
        Ordering::Less => b.is_negative,
        Ordering::Greater => a.is_negative,
        Ordering::Equal => settings.rounding == Rounding::Floor,
    };
    Number::finite(is_negative, limbs, exponent)
}

/// The product before it is rounded.
fn exact_product(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    let is_negative = a.is_negative != b.is_negative;
    if !a.is_finite() || !b.is_finite() {
        if let Some(nan) = nan_of(&[a, b], settings, status) {
            return nan;
        }
        if a.is_zero() || b.is_zero() {
            return Number::failed(Status::INVALID_OPERATION, status);
        }
        return Number::infinite(is_negative);
    }
    if a.limbs.len() + b.limbs.len() > (MAX_DIGITS / limbs::LIMB_DIGITS) as usize {
        return Number::failed(Status::MEMORY, status);
    }
    Number::finite(is_negative, multiply(a.limbs, b.limbs), a.exponent + b.exponent)
}

/// `a * b`.
#[inline]
pub fn product(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some((short, told)) = short::product(a, b, settings) {
        *status |= told;
        return short.to_number();
    }
    exact_product(a, b, settings, status).finished(settings, status)
}

/// `a * b + c`, rounded once.
pub fn fused(a: View<'_>, b: View<'_>, c: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    let product = exact_product(a, b, settings, status);
    if status.has(Status::INVALID) {
        return product.finished(settings, status);
    }
    sum(product.view(), c, settings, status)
}

/// `a / b`.
pub fn quotient(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    let is_negative = a.is_negative != b.is_negative;
    if !a.is_finite() || !b.is_finite() {
        if let Some(nan) = nan_of(&[a, b], settings, status) {
            return nan;
        }
        return match (a.is_infinite(), b.is_infinite()) {
            (true, true) => Number::failed(Status::INVALID_OPERATION, status),
            (true, false) => Number::infinite(is_negative),
            _ => {
                *status |= Status::CLAMPED;
                Number::of_word(is_negative, 0, settings.tiny())
            }
        };
    }
    if b.is_zero() {
        if a.is_zero() {
            return Number::failed(Status::DIVISION_UNDEFINED, status);
        }
        *status |= Status::DIVISION_BY_ZERO;
        return Number::infinite(is_negative);
    }
    if a.is_zero() {
        return Number::of_word(is_negative, 0, a.exponent - b.exponent).finished(settings, status);
    }
    if let Some((short, told)) = short::quotient(a, b, settings) {
        *status |= told;
        return short.to_number();
    }
    // An exact quotient has no more digits than this: those of `a`, and of 1 over powers of two and five.
    let bound = a.digits() + 4 * b.digits();
    if settings.precision > MAX_DIGITS / 2 && bound < settings.precision {
        let mut tried = Status::NONE;
        let result = finite_quotient(a, b, is_negative, &Settings { precision: bound, ..*settings }, &mut tried);
        if tried.has(Status::INEXACT) {
            return Number::failed(Status::MEMORY, status);
        }
        *status |= tried;
        return result;
    }
    finite_quotient(a, b, is_negative, settings, status)
}

fn finite_quotient(a: View<'_>, b: View<'_>, is_negative: bool, settings: &Settings, status: &mut Status) -> Number {
    let ideal = a.exponent - b.exponent;
    let shift = b.digits() - a.digits() + settings.precision + 1;
    if a.digits().max(b.digits()) + shift.abs() > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    let mut exponent = ideal - shift;
    let (mut limbs, is_exact) = if shift > 0 {
        divide_only(&shift_left(a.limbs, shift), b.limbs)
    } else {
        divide_only(a.limbs, &shift_left(b.limbs, -shift))
    };
    if !is_exact {
        if limbs.first().is_none_or(|low| low % 5 == 0) {
            // So that it is no half, and nothing that ends there.
            match limbs.first_mut() {
                Some(low) => *low += 1,
                None => limbs.push(1),
            }
        }
    } else if exponent < ideal {
        let n = trailing_zeros(&limbs).min(ideal - exponent);
        (limbs, _) = shift_right(&limbs, n);
        exponent += n;
    }
    Number::finite(is_negative, limbs, exponent).finished(settings, status)
}

/// The square root, rounded half to even.
pub fn root(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return nan;
    }
    if a.is_zero() {
        return Number::of_word(a.is_negative, 0, a.exponent >> 1).finished(settings, status);
    }
    if a.is_negative {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    if a.is_infinite() {
        return Number::infinite(false);
    }
    let settings = settings.rounding_by(Rounding::HalfEven);
    if settings.precision > MAX_DIGITS / 4 && a.digits() + 2 < settings.precision {
        let mut tried = Status::NONE;
        let narrow = Settings { precision: a.digits() + 2, ..settings };
        let result = finite_root(a, &narrow, &mut tried);
        if tried.has(Status::INEXACT) {
            return Number::failed(Status::MEMORY, status);
        }
        *status |= tried;
        return result;
    }
    finite_root(a, &settings, status)
}

fn finite_root(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    let ideal = a.exponent >> 1;
    let is_odd = a.exponent & 1;
    // So many pairs of digits are wanted, and so many are there.
    let wanted = settings.precision + 1;
    let there = (a.digits() + is_odd + 1) >> 1;
    let shift = wanted - there;
    if 2 * wanted.max(there) > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    let n = 2 * shift + is_odd;
    let (radicand, is_whole) = if n >= 0 {
        (shift_left(a.limbs, n), true)
    } else {
        let (kept, rest) = shift_right(a.limbs, -n);
        (kept, rest.is_zero())
    };
    let (mut root, is_square) = square_root(&radicand);
    let mut exponent = ideal - shift;
    if is_whole && is_square {
        if shift >= 0 {
            (root, _) = shift_right(&root, shift);
        } else {
            root = shift_left(&root, -shift);
        }
        exponent = ideal;
    } else if root.first().is_none_or(|low| low % 5 == 0) {
        root = add(&root, &from_word(1));
    }
    Number::finite(false, root, exponent).finished(settings, status)
}

/// `+a`: rounded, a zero without its sign.
pub fn plus(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    with_changed_sign(a, a.is_negative, settings, status)
}

/// `-a`, likewise.
pub fn minus(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    with_changed_sign(a, !a.is_negative, settings, status)
}

/// `abs(a)`.
pub fn absolute(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if a.is_negative { minus(a, settings, status) } else { plus(a, settings, status) }
}

fn with_changed_sign(a: View<'_>, is_negative: bool, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return nan;
    }
    let is_negative = if a.is_zero() && settings.rounding != Rounding::Floor { false } else { is_negative };
    a.with_sign(is_negative).to_number().finished(settings, status)
}
