//! Dates and times as the bytes that pickles have of them, as CPython has them too.
//!
//! ```text
//!   date  | year, 2 bytes | month | day |
//!   time  | hour | minute | second | microsecond, 3 bytes |
//! ```
//!
//! A datetime is both, one after the other. The fold is the highest bit of the hour, or of a datetime's month.

use super::civil::Civil;
use super::clock::Clock;
use super::tzinfo::TZINFO;
use smallvec::SmallVec;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::{PyResult, Value, Vm};

const N_DATE: usize = 4;
const N_TIME: usize = 6;
const FOLD: u8 = 0x80;
/// The first protocol whose pickles tell of the fold.
pub const FOLD_PROTOCOL: i64 = 4;

pub fn bytes_of_date(civil: Civil) -> [u8; N_DATE] {
    let [_, _, high, low] = (civil.year() as u32).to_be_bytes();
    [high, low, civil.month() as u8, civil.day() as u8]
}

pub fn bytes_of_time(clock: Clock, fold: bool) -> [u8; N_TIME] {
    let [_, micro @ ..] = (clock.microsecond() as u32).to_be_bytes();
    let hour = clock.hour() as u8 | if fold { FOLD } else { 0 };
    [hour, clock.minute() as u8, clock.second() as u8, micro[0], micro[1], micro[2]]
}

pub fn bytes_of_moment(civil: Civil, clock: Clock, fold: bool) -> [u8; N_DATE + N_TIME] {
    let mut bytes = [0; N_DATE + N_TIME];
    bytes[..N_DATE].copy_from_slice(&bytes_of_date(civil));
    bytes[N_DATE..].copy_from_slice(&bytes_of_time(clock, false));
    if fold {
        bytes[2] |= FOLD;
    }
    bytes
}

fn date_of(bytes: &[u8]) -> Option<Civil> {
    let &[high, low, month, day] = bytes else { return None };
    Civil::new(u16::from_be_bytes([high, low]).into(), month.into(), day.into()).ok()
}

fn time_of(bytes: &[u8]) -> Option<(Clock, bool)> {
    let &[hour, minute, second, high, middle, low] = bytes else { return None };
    let microsecond = u32::from_be_bytes([0, high, middle, low]);
    let clock = Clock::new((hour & !FOLD).into(), minute.into(), second.into(), microsecond.into()).ok()?;
    Some((clock, hour & FOLD != 0))
}

/// The state of an argument: bytes of this length, or the str that Python 2's become; `telling` is the byte that a state is known by.
fn state_of(
    vm: &mut Vm,
    argument: Value,
    len: usize,
    telling: (usize, fn(u8) -> bool),
    what: &str,
) -> PyResult<Option<SmallVec<[u8; N_DATE + N_TIME]>>> {
    let (at, is_sane) = telling;
    if let Some(bytes) = This::<BytesObject>::of(vm, argument) {
        let data = bytes.data();
        return Ok((data.len() == len && is_sane(data[at])).then(|| SmallVec::from_slice(data)));
    }
    let Some(text) = Str::of(vm, argument) else { return Ok(None) };
    let view = text.view();
    if view.len() != len || !u8::try_from(view.at(at)).is_ok_and(is_sane) {
        return Ok(None);
    }
    let bytes: Option<SmallVec<_>> = view.code_points().map(|point| u8::try_from(point).ok()).collect();
    bytes.map(Some).ok_or_else(|| {
        vm.raise_value(&format!(
            "Failed to encode latin1 string when unpickling a {what} object. pickle.load(data, encoding='latin1') is assumed."
        ))
    })
}

fn is_month(byte: u8) -> bool {
    (1..=12).contains(&byte)
}

/// The date of a pickle, if an argument is one.
pub fn date_state(vm: &mut Vm, argument: Value) -> PyResult<Option<Civil>> {
    let bytes = state_of(vm, argument, N_DATE, (2, is_month), "date")?;
    Ok(bytes.and_then(|bytes| date_of(&bytes)))
}

/// The time of a pickle, if an argument is one.
pub fn time_state(vm: &mut Vm, argument: Value) -> PyResult<Option<(Clock, bool)>> {
    let bytes = state_of(vm, argument, N_TIME, (0, |hour| hour & !FOLD < 24), "time")?;
    Ok(bytes.and_then(|bytes| time_of(&bytes)))
}

/// The datetime of a pickle, if an argument is one.
pub fn moment_state(vm: &mut Vm, argument: Value) -> PyResult<Option<(Civil, Clock, bool)>> {
    let bytes = state_of(vm, argument, N_DATE + N_TIME, (2, |month| is_month(month & !FOLD)), "datetime")?;
    Ok(bytes.and_then(|mut bytes| {
        let fold = bytes[2] & FOLD != 0;
        bytes[2] &= !FOLD;
        let (date, time) = bytes.split_at(N_DATE);
        let (clock, _) = time_of(time)?;
        Some((date_of(date)?, clock, fold))
    }))
}

/// The zone that stands beside a state.
pub fn zone_of_state(vm: &mut Vm, zone: Option<Value>) -> PyResult {
    let zone = zone.unwrap_or(Value::NONE);
    if zone.is_none() || vm.is_of_spec(zone, &TZINFO) {
        return Ok(zone);
    }
    Err(vm.raise_type("bad tzinfo state arg"))
}

/// What `__reduce__` gives: the class and its arguments, the state and a zone if there is one.
pub fn reduction(vm: &mut Vm, owner: Value, bytes: &[u8], zone: Value) -> PyResult {
    let state = vm.new_bytes(bytes)?;
    let arguments = [state, zone];
    let n = if zone.is_none() { 1 } else { 2 };
    let arguments = vm.new_tuple(&arguments[..n]);
    let class = Value::object(vm.class_of(owner));
    Ok(vm.new_tuple(&[class, arguments]))
}
