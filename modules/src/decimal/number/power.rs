//! `a ** b`, by the steps of libmpdec, since its results are not always those that rounding once would give.

use super::arithmetic::{product, quotient, remaining};
use super::compare::{compare_magnitudes, compare_values};
use super::exponential::exponential;
use super::limbs::{divide_word, is_odd, to_word, word_digits};
use super::logarithm::{Constants, natural_logarithm};
use super::settings::{MAX_DIGITS, Rounding, Settings, Status};
use super::shift::{shift_left, shift_right};
use super::{Number, ONE, View, nan_of};
use std::cmp::Ordering;

/// More than every exponent.
const BEYOND: i64 = 2_000_000_000_000_000_001;
/// Digits of an exponent, of which the power of a real exponent computes so many more, and four.
const EXPONENT_DIGITS: i64 = 19;

pub fn power(
    base: View<'_>,
    exponent: View<'_>,
    settings: &Settings,
    constants: &mut Constants,
    status: &mut Status,
) -> Number {
    if let Some(nan) = nan_of(&[base, exponent], settings, status) {
        return nan;
    }
    let is_whole = exponent.is_integer();
    let is_negative = is_whole && base.is_negative && exponent.is_odd();
    if base.is_zero() {
        return match (exponent.is_zero(), exponent.is_negative) {
            (true, _) => Number::failed(Status::INVALID_OPERATION, status),
            (_, true) => Number::infinite(is_negative),
            _ => Number::of_word(is_negative, 0, 0),
        };
    }
    if base.is_negative && (!is_whole || exponent.is_infinite()) {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    if exponent.is_infinite() {
        return match (compare_values(base, ONE), exponent.is_negative) {
            (Ordering::Equal, _) => {
                *status |= Status::INEXACT | Status::ROUNDED;
                one_with_zeros(settings.precision - 1, is_negative, status)
            }
            (Ordering::Greater, false) | (Ordering::Less, true) => Number::infinite(is_negative),
            _ => Number::of_word(is_negative, 0, 0),
        };
    }
    if exponent.is_zero() {
        return Number::of_word(is_negative, 1, 0);
    }
    if base.is_infinite() {
        return if exponent.is_negative { Number::of_word(is_negative, 0, 0) } else { Number::infinite(is_negative) };
    }
    if compare_magnitudes(base, ONE) == Ordering::Equal {
        return power_of_one(base, exponent, is_negative, settings, status);
    }
    if let Some(beyond) = beyond_bounds(base, exponent, is_negative, settings, status) {
        return beyond;
    }
    if is_whole {
        whole_power(base, exponent, is_negative, settings, status)
    } else {
        real_power(base, exponent, settings, constants, status)
    }
}

fn one_with_zeros(n: i64, is_negative: bool, status: &mut Status) -> Number {
    if n > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    Number::finite(is_negative, shift_left(&[1], n), -n)
}

/// `1.00 ** 3` is `1.000000`.
fn power_of_one(
    base: View<'_>,
    exponent: View<'_>,
    is_negative: bool,
    settings: &Settings,
    status: &mut Status,
) -> Number {
    let most = settings.precision - 1;
    if !exponent.is_integer() {
        *status |= Status::INEXACT | Status::ROUNDED;
        return one_with_zeros(most, is_negative, status);
    }
    if exponent.is_negative {
        return Number::of_word(is_negative, 1, 0);
    }
    let wanted = if exponent.adjusted() > EXPONENT_DIGITS || base.exponent == 0 {
        if base.exponent == 0 { Some(0) } else { None }
    } else {
        let (whole, _) = if exponent.exponent >= 0 {
            (shift_left(exponent.limbs, exponent.exponent), super::shift::Rest::Zero)
        } else {
            shift_right(exponent.limbs, -exponent.exponent)
        };
        to_word(&whole).and_then(|word| i64::try_from(word).ok()).and_then(|word| word.checked_mul(-base.exponent))
    };
    match wanted {
        Some(n) if n <= most => one_with_zeros(n.max(0), is_negative, status),
        _ => {
            *status |= Status::ROUNDED;
            one_with_zeros(most, is_negative, status)
        }
    }
}

/// A bound from below of the order of magnitude of `ln |x|`.
fn order_of_logarithm(x: View<'_>, status: &mut Status) -> i64 {
    let adjusted = x.adjusted();
    if adjusted > 0 {
        return word_digits(adjusted as u64) - 1;
    }
    if adjusted < -1 {
        return word_digits(-(adjusted + 1) as u64) - 1;
    }
    let apart = remaining(x.absolute(), ONE, &Settings::EXACT, status);
    apart.view().adjusted() - if adjusted == 0 { 2 } else { 1 }
}

/// A power that is too great or too small by far.
fn beyond_bounds(
    base: View<'_>,
    exponent: View<'_>,
    is_negative: bool,
    settings: &Settings,
    status: &mut Status,
) -> Option<Number> {
    let mut ignored = Status::NONE;
    let order = order_of_logarithm(base, &mut ignored) + exponent.adjusted();
    let shrinks = (base.adjusted() < 0) != exponent.is_negative;
    let (bound, result) =
        if shrinks { (settings.tiny(), settings.tiny() - 1) } else { (settings.max_exponent, BEYOND) };
    let n_digits = word_digits(bound.unsigned_abs());
    (n_digits < order).then(|| Number::of_word(is_negative, 1, result).finished(settings, status))
}

/// By an exponent that is an integer.
fn whole_power(
    base: View<'_>,
    exponent: View<'_>,
    is_negative: bool,
    settings: &Settings,
    status: &mut Status,
) -> Number {
    let mut work = Settings {
        precision: settings.precision + exponent.digits() + exponent.exponent + 2,
        clamps: false,
        ..settings.rounding_by(Rounding::HalfEven)
    };
    let mut base = base.to_number();
    if exponent.is_negative {
        work.precision += 1;
        let mut noted = Status::NONE;
        base = quotient(ONE, base.view(), &work, &mut noted);
        *status |= noted;
        if noted.has(Status::ERRORS) {
            return Number::nan();
        }
    }
    let whole = if exponent.exponent >= 0 {
        shift_left(exponent.limbs, exponent.exponent)
    } else {
        shift_right(exponent.limbs, -exponent.exponent).0
    };
    let result = match to_word(&whole) {
        Some(word) => power_of_word(&base, word, &work, status),
        None => power_of_limbs(base, whole, &work, status),
    };
    let mut result = result.with_sign(is_negative);
    if result.view().is_infinite() {
        // The rounding of the settings may make it finite.
        result = Number::of_word(is_negative, 1, BEYOND);
    }
    result.finished(settings, status)
}

/// Is there nothing that could still change?
fn is_final(number: &Number, noted: Status) -> bool {
    !number.view().is_finite() || number.limbs.is_empty() && noted.has(Status::CLAMPED)
}

fn power_of_word(base: &Number, exponent: u64, work: &Settings, status: &mut Status) -> Number {
    let mut noted = Status::NONE;
    let mut result = base.clone();
    for place in (0..exponent.ilog2()).rev() {
        result = product(result.view(), result.view(), work, &mut noted);
        if exponent >> place & 1 != 0 {
            result = product(result.view(), base.view(), work, &mut noted);
        }
        if is_final(&result, noted) {
            break;
        }
    }
    *status |= noted;
    result
}

fn power_of_limbs(mut base: Number, mut exponent: super::limbs::Limbs, work: &Settings, status: &mut Status) -> Number {
    let mut noted = Status::NONE;
    let mut result = Number::of_word(false, 1, 0);
    while !exponent.is_empty() {
        if is_odd(&exponent) {
            result = product(result.view(), base.view(), work, &mut noted);
            *status |= noted;
            if is_final(&result, noted) {
                break;
            }
        }
        base = product(base.view(), base.view(), work, &mut noted);
        divide_word(&mut exponent, 2);
        if base.view().is_nan() {
            *status |= noted & Status::ERRORS;
            return Number::nan();
        }
    }
    result
}

fn real_power(
    base: View<'_>,
    exponent: View<'_>,
    settings: &Settings,
    constants: &mut Constants,
    status: &mut Status,
) -> Number {
    let work = Settings { precision: base.digits().max(settings.precision) + 4 + EXPONENT_DIGITS, ..Settings::EXACT };
    let mut ignored = Status::NONE;
    let logarithm = natural_logarithm(base, &work, constants, &mut ignored);
    let scaled = product(logarithm.view(), exponent, &work, &mut ignored);
    *status |= ignored & Status::MEMORY;
    let mut result = exponential(scaled.view(), &work, constants, status);
    if result.view().is_finite() && compare_values(result.view(), ONE) == Ordering::Equal {
        result = one_with_zeros(settings.precision - 1, false, status);
    }
    if result.view().is_infinite() {
        result = Number::of_word(false, 1, BEYOND);
    }
    result.finished(settings, status)
}
