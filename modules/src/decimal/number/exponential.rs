//! `e ** x`, rounded half to even.
//!
//! Computed in fixed point, `value * RADIX^width`, to more digits than are wanted; where what is off by its error might be rounded
//! otherwise, again with more.

use super::compare::compare_magnitudes;
use super::divide::divide;
use super::limbs::{LIMB_DIGITS, Limbs, add, compare, divide_word, subtract};
use super::logarithm::Constants;
use super::multiply::multiply;
use super::settings::{MAX_DIGITS, Rounding, Settings, Status};
use super::shift::{drop_limbs, shift_left, shift_right};
use super::{Number, View, nan_of};
use std::cmp::Ordering;

/// `limbs * 10^n`, rounded down.
pub fn shifted_by(limbs: &[u64], n: i64) -> Limbs {
    if n >= 0 { shift_left(limbs, n) } else { shift_right(limbs, -n).0 }
}

/// How often an argument is halved, for so many digits: a square each, for terms that are saved.
fn halvings(digits: i64) -> u32 {
    ((digits as f64 * 3.33).sqrt() * 0.8) as u32
}

/// How many of the last digits of `power_of_e` may be wrong.
pub fn lost_digits(digits: i64) -> i64 {
    // The error of the series doubles with each square; there are fewer terms than digits.
    (halvings(digits) as f64 * 0.302) as i64 + digits.ilog10() as i64 + 4
}

/// A width for so many right digits.
pub fn width_for(digits: i64) -> usize {
    let lost = lost_digits(digits + 40);
    ((digits + lost) / LIMB_DIGITS + 1) as usize
}

/// `e ** x` for `x` from 0 to 2.4, in fixed point; all but its last `lost_digits` are right.
pub fn power_of_e(x: &[u64], width: usize) -> Limbs {
    let n_halvings = halvings(width as i64 * LIMB_DIGITS);
    let mut argument = Limbs::from_slice(x);
    let mut left = n_halvings;
    while left > 0 {
        let step = left.min(63);
        divide_word(&mut argument, 1 << step);
        left -= step;
    }
    let mut one = Limbs::from_elem(0, width);
    one.push(1);
    let mut sum = add(&one, &argument);
    let mut term = argument.clone();
    for n in 2u64.. {
        term = Limbs::from_slice(drop_limbs(&multiply(&term, &argument), width));
        divide_word(&mut term, n);
        if term.is_empty() {
            break;
        }
        sum = add(&sum, &term);
    }
    for _ in 0..n_halvings {
        sum = Limbs::from_slice(drop_limbs(&multiply(&sum, &sum), width));
    }
    sum
}

/// The number that an approximation stands for, where its last digits do not matter.
pub fn settle(
    approximation: &[u64],
    lost: i64,
    is_negative: bool,
    exponent: i64,
    settings: &Settings,
    status: &mut Status,
) -> Option<Number> {
    let error = shift_left(&[1], lost);
    if compare(approximation, &error) != Ordering::Greater {
        return None;
    }
    let mut ignored = Status::NONE;
    let low = Number::finite(is_negative, subtract(approximation, &error), exponent).finished(settings, &mut ignored);
    let high = Number::finite(is_negative, add(approximation, &error), exponent).finished(settings, &mut ignored);
    if low.kind != high.kind || low.exponent != high.exponent || low.limbs != high.limbs {
        return None;
    }
    // Of the three the approximation itself is nearest to what is told of.
    let mut told = Status::NONE;
    let result = Number::finite(is_negative, Limbs::from_slice(approximation), exponent).finished(settings, &mut told);
    *status |= told | Status::INEXACT | Status::ROUNDED;
    Some(result)
}

/// Is the magnitude `9 * 10^-places` or less?
fn is_near_zero(a: View<'_>, places: i64) -> bool {
    let limit = Number::of_word(false, 9, -places);
    compare_magnitudes(a, limit.view()) != Ordering::Greater
}

/// `e ** a`.
pub fn exponential(a: View<'_>, settings: &Settings, constants: &mut Constants, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return nan;
    }
    if a.is_infinite() {
        return if a.is_negative { Number::of_word(false, 0, 0) } else { Number::infinite(false) };
    }
    if a.is_zero() {
        return Number::of_word(false, 1, 0);
    }
    let settings = settings.rounding_by(Rounding::HalfEven);
    if a.digits() + a.exponent > LIMB_DIGITS {
        // Beyond every exponent.
        let exponent = if a.is_negative { settings.tiny() - 1 } else { settings.max_exponent + 1 };
        return Number::of_word(false, 1, exponent).finished(&settings, status);
    }
    if a.adjusted() < -(settings.precision + 4) || is_near_zero(a, settings.precision + 4) {
        // One, as far as can be seen.
        *status |= Status::INEXACT | Status::ROUNDED;
        let zeros = settings.precision - 1;
        if zeros > MAX_DIGITS {
            return Number::failed(Status::MEMORY, status);
        }
        return Number::finite(false, shift_left(&[1], zeros), -zeros).finished(&settings, status);
    }
    if settings.precision > MAX_DIGITS / 4 {
        return Number::failed(Status::MEMORY, status);
    }
    let mut extra = 6;
    loop {
        let width = width_for(settings.precision + extra);
        // Room for the multiple of ln 10, of up to 19 digits.
        let wide = width + 1;
        let ln_10 = constants.ln_10(wide);
        let argument = shifted_by(a.limbs, a.exponent + LIMB_DIGITS * wide as i64);
        let (multiple, mut rest) = divide(&argument, &ln_10);
        let mut exponent = super::limbs::to_word(&multiple).unwrap_or(0) as i64;
        if a.is_negative && !rest.is_empty() {
            exponent = -exponent - 1;
            rest = subtract(&ln_10, &rest);
        } else if a.is_negative {
            exponent = -exponent;
        }
        let power = power_of_e(drop_limbs(&rest, 1), width);
        let lost = lost_digits(width as i64 * LIMB_DIGITS);
        let place = exponent - LIMB_DIGITS * width as i64;
        if let Some(result) = settle(&power, lost, false, place, &settings, status) {
            return result;
        }
        extra += settings.precision / 2 + LIMB_DIGITS;
    }
}
