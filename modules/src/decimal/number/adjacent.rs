//! The next number up or down.

use super::arithmetic::{remaining, sum};
use super::compare::compare_values;
use super::finish::greatest;
use super::settings::{Rounding, Settings, Status};
use super::{Number, View, nan_of};
use std::cmp::Ordering;

/// The least number above, or the greatest below.
pub fn next(a: View<'_>, is_up: bool, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a], settings, status) {
        return nan;
    }
    if a.is_infinite() {
        // From the infinity that lies behind, the way begins at the greatest number.
        return if a.is_negative == is_up {
            greatest(settings, status).with_sign(a.is_negative)
        } else {
            a.to_number()
        };
    }
    let directed = settings.rounding_by(if is_up { Rounding::Ceiling } else { Rounding::Floor });
    let mut noted = Status::NONE;
    let mut number = a.to_number().finished(&directed, &mut noted);
    if !noted.has(Status::INEXACT | Status::ERRORS) {
        noted = Status::NONE;
        let step = Number::of_word(false, 1, settings.tiny() - 1);
        let operation = if is_up { sum } else { remaining };
        number = operation(a, step.view(), &directed, &mut noted);
    }
    *status |= noted & Status::ERRORS;
    number
}

/// The next number on the way to another.
pub fn next_toward(a: View<'_>, b: View<'_>, settings: &Settings, status: &mut Status) -> Number {
    if let Some(nan) = nan_of(&[a, b], settings, status) {
        return nan;
    }
    let order = compare_values(a, b);
    if order == Ordering::Equal {
        return a.with_sign(b.is_negative).to_number();
    }
    let number = next(a, order == Ordering::Less, settings, status);
    let view = number.view();
    if view.is_infinite() {
        *status |= Status::OVERFLOW | Status::ROUNDED | Status::INEXACT;
    } else if view.is_finite() && view.adjusted() < settings.min_exponent {
        *status |= Status::UNDERFLOW | Status::SUBNORMAL | Status::ROUNDED | Status::INEXACT;
        if view.is_zero() {
            *status |= Status::CLAMPED;
        }
    }
    number
}
