//! Dates and spans.

use super::civil::Civil;
use super::clock::{Clock, MICROSECONDS_IN_DAY};
use super::objects::Moment;
use super::span::Span;
use stitch_runtime::{PyResult, Vm};

/// A day so many days later; OverflowError where there is none.
pub fn civil_plus(vm: &mut Vm, civil: Civil, days: i64) -> PyResult<Civil> {
    // The day of a month that goes on needs no counting.
    let day = civil.day() + days;
    if (1..=28).contains(&day) {
        return Ok(civil.with_day(day as u8));
    }
    Civil::from_ordinal(civil.ordinal() + days).ok_or_else(|| vm.raise_overflow("date value out of range"))
}

/// The clock's time of the same zone so much later, not folded.
pub fn moment_plus(vm: &mut Vm, moment: Moment, by: Span) -> PyResult<Moment> {
    let microseconds = moment.clock.microseconds() + by.microseconds_of_day();
    let (days, microseconds) = match microseconds >= MICROSECONDS_IN_DAY {
        true => (by.days() + 1, microseconds - MICROSECONDS_IN_DAY),
        false => (by.days(), microseconds),
    };
    let civil = civil_plus(vm, moment.civil, days)?;
    Ok(Moment { civil, clock: Clock::from_microseconds(microseconds), zone: moment.zone, fold: false })
}

/// The same so much earlier.
pub fn moment_minus(vm: &mut Vm, moment: Moment, by: Span) -> PyResult<Moment> {
    match by.negated() {
        Ok(by) => moment_plus(vm, moment, by),
        // The longest span has no opposite, and no date has one so far from it.
        Err(_) => Err(vm.raise_overflow("date value out of range")),
    }
}

/// From one clock's time to another.
pub fn moments_between(later: Moment, earlier: Moment) -> Span {
    let days = later.civil.ordinal() - earlier.civil.ordinal();
    let microseconds = later.clock.microseconds() - earlier.clock.microseconds();
    Span::normal(days, 0, microseconds).unwrap_or_default()
}
