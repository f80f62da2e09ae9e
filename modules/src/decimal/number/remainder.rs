//! Quotients that are integers, and remainders.

use super::divide::divide;
use super::limbs::{self, Limbs, add, compare, divide_word, is_odd, multiply_word, subtract};
use super::multiply::multiply;
use super::settings::{MAX_DIGITS, Settings, Status};
use super::shift::shift_left;
use super::{Number, View, nan_of};
use std::cmp::Ordering;

/// The integer quotient, rounded to zero, and the remainder, of finite numbers and a divisor that is not zero.
fn divide_whole(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Option<(Number, Number)> {
    let is_negative = a.is_negative != b.is_negative;
    let ideal = a.exponent.min(b.exponent);
    let zero = Number::of_word(is_negative, 0, 0);
    if a.is_zero() {
        return Some((zero, Number::of_word(a.is_negative, 0, ideal)));
    }
    let apart = a.adjusted() - b.adjusted();
    if apart < 0 {
        let limbs = shift_left(a.limbs, a.exponent - ideal);
        return Some((zero, Number::finite(a.is_negative, limbs, ideal)));
    }
    if apart > settings.precision {
        *status |= Status::DIVISION_IMPOSSIBLE;
        return None;
    }
    let (shift_a, shift_b) = (a.exponent - ideal, b.exponent - ideal);
    if a.digits() + shift_a > MAX_DIGITS || b.digits() + shift_b > MAX_DIGITS {
        *status |= Status::MEMORY;
        return None;
    }
    let (quotient, rest) = divide(&shift_left(a.limbs, shift_a), &shift_left(b.limbs, shift_b));
    if limbs::digits(&quotient) > settings.precision {
        *status |= Status::DIVISION_IMPOSSIBLE;
        return None;
    }
    Some((Number::finite(is_negative, quotient, 0), Number::finite(a.is_negative, rest, ideal)))
}

/// `a // b`, rounded to zero.
pub fn whole_quotient(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    let is_negative = a.is_negative != b.is_negative;
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    }
    if a.is_infinite() && b.is_infinite() {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    if a.is_infinite() {
        return Number::infinite(is_negative);
    }
    if b.is_infinite() {
        return Number::of_word(is_negative, 0, 0);
    }
    if b.is_zero() {
        if a.is_zero() {
            return Number::failed(Status::DIVISION_UNDEFINED, status);
        }
        *status |= Status::DIVISION_BY_ZERO;
        return Number::infinite(is_negative);
    }
    match divide_whole(a, b, settings, status) {
        Some((quotient, _)) => quotient.finished(settings, status),
        None => Number::nan(),
    }
}

/// What a remainder is where there is no division to do.
fn special_remainder(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Option<Number> {
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return Some(nan);
    }
    if a.is_infinite() {
        return Some(Number::failed(Status::INVALID_OPERATION, status));
    }
    if b.is_infinite() {
        return Some(a.to_number().finished(settings, status));
    }
    if b.is_zero() {
        let condition = if a.is_zero() { Status::DIVISION_UNDEFINED } else { Status::INVALID_OPERATION };
        return Some(Number::failed(condition, status));
    }
    None
}

/// `a % b`, with the sign of `a`.
pub fn remainder(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(special) = special_remainder(a, b, settings, status) {
        return special;
    }
    match divide_whole(a, b, settings, status) {
        Some((_, rest)) => rest.finished(settings, status),
        None => Number::nan(),
    }
}

/// `a - n * b`, where `n` is the integer nearest to the quotient.
pub fn near_remainder(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(special) = special_remainder(a, b, settings, status) {
        return special;
    }
    let ideal = a.exponent.min(b.exponent);
    if a.is_zero() {
        return Number::of_word(a.is_negative, 0, ideal).finished(settings, status);
    }
    let apart = a.adjusted() - b.adjusted();
    if apart > settings.precision {
        return Number::failed(Status::DIVISION_IMPOSSIBLE, status);
    }
    let (shift_a, shift_b) = (a.exponent - ideal, b.exponent - ideal);
    if apart <= -2 {
        return Number::finite(a.is_negative, shift_left(a.limbs, shift_a), ideal).finished(settings, status);
    }
    if a.digits() + shift_a > MAX_DIGITS || b.digits() + shift_b > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    let divisor = shift_left(b.limbs, shift_b);
    let (mut quotient, mut rest) = divide(&shift_left(a.limbs, shift_a), &divisor);
    let mut is_negative = a.is_negative;
    let is_further = match compare(&multiply_word(&rest, 2, 0), &divisor) {
        Ordering::Greater => true,
        Ordering::Equal => is_odd(&quotient),
        Ordering::Less => false,
    };
    if is_further {
        rest = subtract(&divisor, &rest);
        quotient = add(&quotient, &[1]);
        is_negative = !is_negative;
    }
    if limbs::digits(&quotient) > settings.precision {
        return Number::failed(Status::DIVISION_IMPOSSIBLE, status);
    }
    Number::finite(is_negative, rest, ideal).finished(settings, status)
}

/// Quotient and remainder.
pub fn divide_with_rest(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> (Number, Number) {
    let is_negative = a.is_negative != b.is_negative;
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return (nan.clone(), nan);
    }
    if a.is_infinite() {
        *status |= Status::INVALID_OPERATION;
        let quotient = if b.is_infinite() { Number::nan() } else { Number::infinite(is_negative) };
        return (quotient, Number::nan());
    }
    if b.is_infinite() {
        return (Number::of_word(is_negative, 0, 0), a.to_number().finished(settings, status));
    }
    if b.is_zero() {
        if a.is_zero() {
            *status |= Status::DIVISION_UNDEFINED;
            return (Number::nan(), Number::nan());
        }
        *status |= Status::DIVISION_BY_ZERO | Status::INVALID_OPERATION;
        return (Number::infinite(is_negative), Number::nan());
    }
    match divide_whole(a, b, settings, status) {
        Some((quotient, rest)) => (quotient.finished(settings, status), rest.finished(settings, status)),
        None => (Number::nan(), Number::nan()),
    }
}

/// An integer's coefficient with exponent zero.
fn whole_limbs(a: View<'_>) -> Limbs {
    if a.exponent >= 0 { shift_left(a.limbs, a.exponent) } else { super::shift::shift_right(a.limbs, -a.exponent).0 }
}

/// Longer exponents would take too long.
const MAX_EXPONENT_DIGITS: i64 = 20_000;

/// `base ** exponent % modulus`, of integers.
pub fn power_modulo(
    base: View<'_>,
    exponent: View<'_>,
    modulus: View<'_>,
    settings: &Settings,
    status: &mut Status,
) -> Number {
    if let Some(nan) = nan_of(&[base, exponent, modulus], settings, status) {
        return nan;
    }
    let operands = [base, exponent, modulus];
    let is_too_long = |view: View<'_>| view.exponent > MAX_DIGITS || view.digits() + view.exponent > MAX_DIGITS;
    if operands.iter().any(|view| !view.is_integer())
        || modulus.is_zero()
        || modulus.digits() + modulus.exponent > settings.precision
        || exponent.is_negative && !exponent.is_zero()
        || base.is_zero() && exponent.is_zero()
    {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    if exponent.digits() + exponent.exponent > MAX_EXPONENT_DIGITS || is_too_long(modulus) {
        return Number::failed(Status::MEMORY, status);
    }
    let is_negative = base.is_negative && exponent.is_odd();
    let modulus = whole_limbs(modulus);
    let modulo = |limbs: &[u64]| divide(limbs, &modulus).1;
    // A base with many zeros is its coefficient times a power of ten.
    let mut square = if is_too_long(base) || base.exponent > 64 {
        let ten = raised(&modulo(&[10]), limbs::from_word(base.exponent as u64), &modulus);
        modulo(&multiply(&modulo(base.limbs), &ten))
    } else {
        modulo(&whole_limbs(base))
    };
    square = raised(&square, whole_limbs(exponent), &modulus);
    Number::finite(is_negative, square, 0)
}

fn raised(base: &[u64], mut exponent: Limbs, modulus: &[u64]) -> Limbs {
    let modulo = |limbs: &[u64]| divide(limbs, modulus).1;
    let (mut result, mut square) = (modulo(&[1]), Limbs::from_slice(base));
    while !exponent.is_empty() {
        if divide_word(&mut exponent, 2) == 1 {
            result = modulo(&multiply(&result, &square));
        }
        square = modulo(&multiply(&square, &square));
    }
    result
}
