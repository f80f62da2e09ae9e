//! Numbers brought to an exponent: that of another, zero, or the greatest.

use super::limbs::trailing_zeros;
use super::settings::{MAX_DIGITS, Settings, Status};
use super::shift::{shift_left, shift_right};
use super::{Number, View, nan_of};

/// `a` with the exponent of `b`.
pub fn quantized(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    }
    match (a.is_infinite(), b.is_infinite()) {
        (true, true) => return a.to_number(),
        (false, false) => {}
        _ => return Number::failed(Status::INVALID_OPERATION, status),
    }
    if b.exponent > settings.max_exponent || b.exponent < settings.tiny() {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    if a.is_zero() {
        return Number::of_word(a.is_negative, 0, b.exponent).finished(settings, status);
    }
    let apart = a.exponent - b.exponent;
    if a.digits() + apart > settings.precision {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    let mut noted = Status::NONE;
    let result = if apart >= 0 {
        if a.digits() + apart > MAX_DIGITS {
            return Number::failed(Status::MEMORY, status);
        }
        Number::finite(a.is_negative, shift_left(a.limbs, apart), b.exponent)
    } else {
        let mut number = a.to_number();
        let rest = number.drop_digits(-apart, settings.rounding);
        noted |= Status::ROUNDED;
        if !rest.is_zero() {
            noted |= Status::INEXACT;
        }
        number
    };
    let view = result.view();
    if view.digits() > settings.precision || view.adjusted() > settings.max_exponent {
        return Number::failed(Status::INVALID_OPERATION, status);
    }
    *status |= noted;
    result.finished(settings, status)
}

/// Rounded to an integer; `is_exact`: says so where something was lost.
pub fn integral(a: View<'_>, is_exact: bool, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return nan;
    }
    if a.is_infinite() || a.exponent >= 0 {
        return a.to_number();
    }
    if a.is_zero() {
        return Number::of_word(a.is_negative, 0, 0);
    }
    let mut number = a.to_number();
    let rest = number.drop_digits(-a.exponent, settings.rounding);
    if is_exact {
        *status |= Status::ROUNDED;
        if !rest.is_zero() {
            *status |= Status::INEXACT;
        }
    }
    number
}

/// Without zeros at the end.
pub fn reduced(a: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return nan;
    }
    let mut number = a.to_number().finished(settings, status);
    if !number.view().is_finite() {
        return number;
    }
    if number.limbs.is_empty() {
        return Number::of_word(number.is_negative, 0, 0);
    }
    let greatest = if settings.clamps { settings.top() } else { settings.max_exponent };
    let n = trailing_zeros(&number.limbs).min(greatest - number.exponent);
    if n > 0 {
        (number.limbs, _) = shift_right(&number.limbs, n);
        number.exponent += n;
    }
    number
}
