//! Digits moved: shifted, rotated, and by the exponent.

use super::limbs::{self, add, to_word};
use super::settings::{MAX_DIGITS, Settings, Status};
use super::shift::{low_digits, shift_left, shift_right};
use super::{Kind, Number, View, nan_of};

/// A count of places: an integer with exponent zero, within the limits.
fn count_of(b: View<'_>, limit: i64) -> Option<i64> {
    if !b.is_finite() || b.exponent != 0 {
        return None;
    }
    let n = i64::try_from(to_word(b.limbs)?).ok()?;
    (n <= limit).then_some(if b.is_negative { -n } else { n })
}

/// Moves the digits to the left, or to the right; what leaves the precision is lost.
pub fn shifted(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    }
    let Some(n) = count_of(b, settings.precision) else { return Number::failed(Status::INVALID_OPERATION, status) };
    if a.is_infinite() {
        return a.to_number();
    }
    let limbs = if n >= 0 {
        // What is beyond the precision need not be moved there.
        let kept = low_digits(a.limbs, settings.precision - n);
        if !kept.is_empty() && limbs::digits(&kept) + n > MAX_DIGITS {
            return Number::failed(Status::MEMORY, status);
        }
        shift_left(&kept, n)
    } else {
        shift_right(&low_digits(a.limbs, settings.precision), -n).0
    };
    Number::finite(a.is_negative, limbs, a.exponent)
}

/// The same, where the digits that leave come in again at the other end.
pub fn rotated(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    }
    let precision = settings.precision;
    let Some(n) = count_of(b, precision) else { return Number::failed(Status::INVALID_OPERATION, status) };
    if a.is_infinite() {
        return a.to_number();
    }
    let n = if n < 0 { n + precision } else { n };
    let all = low_digits(a.limbs, precision);
    let kept = low_digits(&all, precision - n);
    if !kept.is_empty() && limbs::digits(&kept) + n > MAX_DIGITS {
        return Number::failed(Status::MEMORY, status);
    }
    let (wrapped, _) = shift_right(&all, precision - n);
    Number::finite(a.is_negative, add(&shift_left(&kept, n), &wrapped), a.exponent)
}

/// `a * 10 ** b`.
pub fn scaled(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    }
    let Some(n) = count_of(b, 2 * (settings.max_exponent + settings.precision)) else {
        return Number::failed(Status::INVALID_OPERATION, status);
    };
    let mut number = a.to_number();
    if number.kind == Kind::Finite {
        number.exponent += n;
    }
    number.finished(settings, status)
}

/// The adjusted exponent.
pub fn logb(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return nan;
    }
    if a.is_infinite() {
        return Number::infinite(false);
    }
    if a.is_zero() {
        *status |= Status::DIVISION_BY_ZERO;
        return Number::infinite(true);
    }
    Number::of_int(a.adjusted()).finished(settings, status)
}
