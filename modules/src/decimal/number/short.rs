//! Sums, products and quotients of numbers of up to 38 digits whose result is as short: in double words, without any memory of their own.
//! What is not, or lies where exponents end, is left to the operations that can do everything.

use super::finish::rounds_up;
use super::limbs::{self, LIMB_DIGITS, Limbs, RADIX, split};
use super::multiply::four_limbs;
use super::settings::{Rounding, Settings, Status};
use super::shift::{Rest, against_half, divide_by_power};
use super::{Number, View};
use std::cmp::Ordering;

/// A finite number of two limbs, which may be zeros.
#[derive(Clone, Copy)]
pub struct Short {
    pub is_negative: bool,
    pub limbs: [u64; 2],
    pub exponent: i64,
}

impl Short {
    pub fn to_number(self) -> Number {
        let n_limbs = if self.limbs[1] > 0 { 2 } else { (self.limbs[0] > 0) as usize };
        Number::finite(self.is_negative, Limbs::from_slice(&self.limbs[..n_limbs]), self.exponent)
    }
}

/// Digits that two limbs hold.
const MAX_DIGITS: usize = 38;

/// Powers of ten.
static POWERS: [u128; MAX_DIGITS + 1] = {
    let mut powers = [1; MAX_DIGITS + 1];
    let mut i = 1;
    while i <= MAX_DIGITS {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

#[inline(always)]
fn coefficient(a: View<'_>) -> Option<u128> {
    match *a.limbs {
        _ if !a.is_finite() => None,
        [] => Some(0),
        [word] => Some(word as u128),
        [low, high] => Some(high as u128 * RADIX as u128 + low as u128),
        _ => None,
    }
}

/// The number, where it needs no rounding.
#[inline(always)]
fn fitted(is_negative: bool, coefficient: u128, exponent: i64, settings: &Settings) -> Option<Short> {
    let limit = POWERS[(settings.precision as usize).min(MAX_DIGITS)];
    // A margin of 38 keeps clear of what digits add to the exponent.
    let is_in_range = exponent >= settings.min_exponent
        && exponent <= settings.max_exponent - MAX_DIGITS as i64
        && (!settings.clamps || exponent <= settings.top());
    if coefficient >= limit || !is_in_range {
        return None;
    }
    let (high, low) = split(coefficient);
    Some(Short { is_negative, limbs: [low, high], exponent })
}

/// `coefficient * 10^n`, where it is short.
#[inline(always)]
fn widened(coefficient: u128, n: i64) -> Option<u128> {
    let power = *POWERS.get(usize::try_from(n).ok()?)?;
    coefficient.checked_mul(power).filter(|&wide| wide < POWERS[MAX_DIGITS])
}

/// `a + b`, or `a - b`.
#[inline(always)]
pub fn sum(a: View<'_>, b: View<'_>, is_difference: bool, settings: &Settings) -> Option<(Short, Status)> {
    let (mut x, mut y) = (coefficient(a)?, coefficient(b)?);
    let y_is_negative = b.is_negative != is_difference;
    let exponent = a.exponent.min(b.exponent);
    if a.exponent != b.exponent {
        if a.exponent > exponent {
            x = widened(x, a.exponent - exponent)?;
        } else {
            y = widened(y, b.exponent - exponent)?;
        }
    }
    if a.is_negative == y_is_negative {
        return rounded(y_is_negative, x + y, exponent, settings);
    }
    match x.cmp(&y) {
        Ordering::Greater => rounded(a.is_negative, x - y, exponent, settings),
        Ordering::Less => rounded(y_is_negative, y - x, exponent, settings),
        Ordering::Equal => rounded(settings.rounding == Rounding::Floor, 0, exponent, settings),
    }
}

/// `a * b`, and what there is to tell of its rounding.
#[inline(always)]
pub fn product(a: View<'_>, b: View<'_>, settings: &Settings) -> Option<(Short, Status)> {
    let is_negative = a.is_negative != b.is_negative;
    let exponent = a.exponent + b.exponent;
    if let Some(product) = coefficient(a)?.checked_mul(coefficient(b)?)
        && let Some(short) = fitted(is_negative, product, exponent, settings)
    {
        return Some((short, Status::NONE));
    }
    rounded_product(a, b, exponent, settings)
}

fn rounded_product(a: View<'_>, b: View<'_>, exponent: i64, settings: &Settings) -> Option<(Short, Status)> {
    let limb = |limbs: &[u64], at: usize| limbs.get(at).copied().unwrap_or(0);
    let pair = |view: View<'_>| [limb(view.limbs, 0), limb(view.limbs, 1)];
    let product = four_limbs(pair(a), pair(b));
    without_excess(a.is_negative != b.is_negative, &product, exponent, settings)
}

/// `a / b` of numbers that are not zero, and what there is to tell of its rounding.
pub fn quotient(a: View<'_>, b: View<'_>, settings: &Settings) -> Option<(Short, Status)> {
    let (dividend, divisor) = (coefficient(a)?, u64::try_from(coefficient(b)?).ok()? as u128);
    let (ideal, shift) = (a.exponent - b.exponent, b.digits() - a.digits() + settings.precision + 1);
    let dividend = widened(dividend, shift)?;
    let (mut quotient, mut exponent) = (dividend / divisor, ideal - shift);
    if quotient * divisor != dividend {
        // So that it is no half, and nothing that ends there.
        quotient += u128::from(quotient.is_multiple_of(5));
    } else {
        let (high, low) = split(quotient);
        let n_zeros = limbs::trailing_zeros(limbs::trimmed(&[low, high])).min(shift);
        quotient /= *POWERS.get(usize::try_from(n_zeros).ok()?)?;
        exponent += n_zeros;
    }
    rounded(a.is_negative != b.is_negative, quotient, exponent, settings)
}

/// A number of up to 38 digits, rounded, and what there is to tell of that.
#[inline(always)]
fn rounded(is_negative: bool, coefficient: u128, exponent: i64, settings: &Settings) -> Option<(Short, Status)> {
    if let Some(short) = fitted(is_negative, coefficient, exponent, settings) {
        return Some((short, Status::NONE));
    }
    if coefficient >= POWERS[MAX_DIGITS] {
        return None;
    }
    let (high, low) = split(coefficient);
    without_excess(is_negative, &[low, high, 0, 0], exponent, settings)
}

/// A number that has more digits than there may be, rounded.
fn without_excess(is_negative: bool, number: &[u64; 4], exponent: i64, settings: &Settings) -> Option<(Short, Status)> {
    let excess = limbs::digits(limbs::trimmed(number)) - settings.precision;
    if excess <= 0 || settings.precision > MAX_DIGITS as i64 {
        return None;
    }
    let (mut kept, rest) = without_last(number, excess);
    let mut exponent = exponent + excess;
    if rounds_up(settings.rounding, is_negative, &[(kept % 10) as u64], rest) {
        kept += 1;
        if kept == POWERS[settings.precision as usize] {
            (kept, exponent) = (kept / 10, exponent + 1);
        }
    }
    let told = if rest.is_zero() { Status::ROUNDED } else { Status::ROUNDED | Status::INEXACT };
    fitted(is_negative, kept, exponent, settings).map(|short| (short, told))
}

/// A number without its last `n` digits, of which no more than 38 are left.
fn without_last(number: &[u64; 4], n: i64) -> (u128, Rest) {
    let (whole, part) = ((n / LIMB_DIGITS) as usize, (n % LIMB_DIGITS) as usize);
    let limb = |at: usize| number.get(at).copied().unwrap_or(0) as u128;
    if part == 0 {
        let rest = against_half(number[whole - 1], limbs::POWERS[19] / 2, &number[..whole - 1]);
        return (limb(whole) + limb(whole + 1) * RADIX as u128, rest);
    }
    let (low, out) = divide_by_power(number[whole], part);
    let scale = limbs::POWERS[19 - part] as u128;
    let kept = low as u128 + (limb(whole + 1) + limb(whole + 2) * RADIX as u128) * scale;
    (kept, against_half(out, limbs::POWERS[part] / 2, &number[..whole]))
}
