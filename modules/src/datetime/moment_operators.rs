//! Comparison, difference, sum and hash of datetimes.

use super::arithmetic::{moment_minus, moment_plus, moments_between};
use super::civil::{Civil, EPOCH_ORDINAL};
use super::clock::Clock;
use super::delta::hash_span;
use super::objects::{DateTime, Delta, Moment, known_hash, make_datetime, new_datetime, new_delta};
use super::pickle::bytes_of_moment;
use super::span::Span;
use super::tzinfo::offset_of;
use std::cmp::Ordering;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::compare::{cmp, order_satisfies};
use stitch_runtime::{PyResult, Value, Vm};

fn order_of(a: Moment, b: Moment) -> Ordering {
    a.civil.packed().cmp(&b.civil.packed()).then_with(|| a.clock.packed().cmp(&b.clock.packed()))
}

/// The difference of two times whose offsets from UTC are these.
fn difference(a: Moment, a_offset: Span, b: Moment, b_offset: Span) -> Span {
    let shown = moments_between(a, b);
    shown.minus(a_offset).and_then(|span| span.plus(b_offset)).unwrap_or_default()
}

/// How long after the beginning of 1970 in UTC a time is whose offset is this.
pub fn since_epoch(moment: Moment, offset: Span) -> Span {
    let civil = Civil::from_ordinal(EPOCH_ORDINAL).unwrap_or(Civil::MIN);
    let epoch = Moment { civil, clock: Clock::default(), zone: Value::NONE, fold: false };
    difference(moment, offset, epoch, Span::ZERO)
}

/// Is the offset another one for the other fold? Such times are equal to none of other zones.
fn depends_on_fold(vm: &mut Vm, this: This<DateTime>, offset: Option<Span>) -> PyResult<bool> {
    let class = vm.class_of(this.value());
    let moment = this.moment();
    let other = new_datetime(vm, class, Moment { fold: !moment.fold, ..moment })?;
    Ok(offset_of(vm, moment.zone, other)? != offset)
}

pub fn compare(vm: &mut Vm, operation: u32, this: This<DateTime>, other: Value) -> PyResult {
    let Some(other) = This::<DateTime>::of(vm, other) else { return Ok(vm.not_implemented) };
    let answer = |order| Ok(Value::bool(order_satisfies(operation, Some(order))));
    let (a, b) = (this.moment(), other.moment());
    if a.zone == b.zone {
        return answer(order_of(a, b));
    }
    let a_offset = offset_of(vm, a.zone, this.value())?;
    let b_offset = offset_of(vm, b.zone, other.value())?;
    let is_equality = operation == cmp::EQ || operation == cmp::NE;
    let order = match (a_offset, b_offset) {
        _ if a_offset == b_offset => order_of(a, b),
        (Some(a_offset), Some(b_offset)) => difference(a, a_offset, b, b_offset).cmp(&Span::ZERO),
        _ if is_equality => Ordering::Less,
        _ => return Err(vm.raise_type("can't compare offset-naive and offset-aware datetimes")),
    };
    if is_equality && order.is_eq() {
        let is_told_apart = depends_on_fold(vm, this, a_offset)? || depends_on_fold(vm, other, b_offset)?;
        return answer(if is_told_apart { Ordering::Less } else { Ordering::Equal });
    }
    answer(order)
}

pub fn add(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let (time, by) = if vm.is_a::<DateTime>(lhs) { (lhs, rhs) } else { (rhs, lhs) };
    let (Some(time), Some(by)) = (This::<DateTime>::of(vm, time), This::<Delta>::of(vm, by)) else {
        return Ok(vm.not_implemented);
    };
    let moment = moment_plus(vm, time.moment(), by.span)?;
    let class = vm.class_of(time.value());
    make_datetime(vm, class, moment)
}

pub fn subtract(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult {
    let Some(time) = This::<DateTime>::of(vm, lhs) else { return Ok(vm.not_implemented) };
    if let Some(by) = This::<Delta>::of(vm, rhs) {
        let moment = moment_minus(vm, time.moment(), by.span)?;
        let class = vm.class_of(lhs);
        return make_datetime(vm, class, moment);
    }
    let Some(other) = This::<DateTime>::of(vm, rhs) else { return Ok(vm.not_implemented) };
    let (a, b) = (time.moment(), other.moment());
    if a.zone == b.zone {
        return new_delta(vm, Ok(moments_between(a, b)));
    }
    match (offset_of(vm, a.zone, lhs)?, offset_of(vm, b.zone, rhs)?) {
        (None, None) => new_delta(vm, Ok(moments_between(a, b))),
        (Some(a_offset), Some(b_offset)) => new_delta(vm, Ok(difference(a, a_offset, b, b_offset))),
        _ => Err(vm.raise_type("can't subtract offset-naive and offset-aware datetimes")),
    }
}

/// Of times that are equal the same, whatever their zones.
pub fn hash(vm: &mut Vm, mut this: This<DateTime>) -> PyResult<i64> {
    if let Some(hash) = known_hash(this.hash) {
        return Ok(hash);
    }
    let moment = Moment { fold: false, ..this.moment() };
    let offset = match moment.zone.is_none() {
        true => None,
        false => {
            let unfolded = match this.fold {
                true => new_datetime(vm, vm.class_of(this.value()), moment)?,
                false => this.value(),
            };
            offset_of(vm, moment.zone, unfolded)?
        }
    };
    this.hash = match offset {
        None => vm.hash_data(&bytes_of_moment(moment.civil, moment.clock, false)),
        Some(offset) => {
            let since = Span::normal(moment.civil.ordinal(), 0, moment.clock.microseconds());
            hash_span(vm, since.and_then(|since| since.minus(offset)).unwrap_or_default())
        }
    };
    Ok(this.hash)
}
