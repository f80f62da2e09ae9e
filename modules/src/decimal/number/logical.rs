//! Digit by digit operations on numbers whose digits are zeros and ones.

use super::limbs::{LIMB_DIGITS, Limbs, POWERS, trim};
use super::settings::{MAX_DIGITS, Settings, Status};
use super::shift::low_digits;
use super::{Number, View};

fn is_logical(a: View<'_>) -> bool {
    let has_bits_only = |&limb: &u64| {
        let mut rest = limb;
        while rest > 0 && rest % 10 <= 1 {
            rest /= 10;
        }
        rest == 0
    };
    a.is_finite() && !a.is_negative && a.exponent == 0 && a.limbs.iter().all(has_bits_only)
}

/// Both digits of a place, as 0 or 1, to one.
type Operation = fn(bool, bool) -> bool;

fn combine_limb(x: u64, y: u64, operation: Operation) -> u64 {
    POWERS[..LIMB_DIGITS as usize].iter().filter(|&&power| operation(x / power % 10 == 1, y / power % 10 == 1)).sum()
}

pub fn combined(a: View<'_>, b: View<'_>, operation: Operation, settings: &Settings, status: &mut Status) -> Number {
    if !is_logical(a) || !is_logical(b) {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    let limb = |view: View<'_>, i: usize| view.limbs.get(i).copied().unwrap_or(0);
    let n = a.limbs.len().max(b.limbs.len());
    let mut limbs: Limbs = (0..n).map(|i| combine_limb(limb(a, i), limb(b, i), operation)).collect();
    trim(&mut limbs);
    Number::finite(false, low_digits(&limbs, settings.precision), 0)
}

pub fn inverted(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if settings.precision > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    let n_limbs = (settings.precision / LIMB_DIGITS) as usize;
    let mut ones = Limbs::from_elem(POWERS[19] / 9, n_limbs);
    ones.push(POWERS[(settings.precision % LIMB_DIGITS) as usize] / 9);
    trim(&mut ones);
    combined(a, Number::finite(false, ones, 0).view(), |x, y| x != y, settings, status)
}
