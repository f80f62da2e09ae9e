//! The system's clock and zone: what time it is, and what time a timestamp is there.

use super::civil::{Civil, DateFault, EPOCH_ORDINAL};
use super::clock::{Clock, MICROSECONDS, SECONDS_IN_DAY};
use super::date::DATE;
use super::objects::{DateTime, Moment, Timezone, make_date, make_datetime, new_timezone};
use super::tzinfo::{self, offset_in_seconds};
use super::{arguments, moment_operators};
use crate::posix::OrRaise;
use crate::time::{Rounding, Timestamp};
use stitch_runtime::host::clock::{self as host_clock, CalendarTime};
use stitch_runtime::object::argument::{Class, Receiver, This, ThisFloat};
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// An instant: seconds since the beginning of 1970 in UTC, and microseconds of the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Instant {
    seconds: i64,
    microseconds: i64,
}

/// How far before or after a time the other one may be that the clocks show alike.
const MAX_FOLD_SECONDS: i64 = SECONDS_IN_DAY;

impl Instant {
    fn now() -> Instant {
        let ns = host_clock::wall_ns();
        Instant { seconds: ns.div_euclid(1_000_000_000), microseconds: ns.rem_euclid(1_000_000_000) / 1000 }
    }

    /// Of a timestamp: an int, or a float, which is rounded half to even.
    fn of(vm: &mut Vm, value: Value) -> PyResult<Instant> {
        let Some(float) = ThisFloat::receive(vm, value) else {
            if !vm.is_index(value) {
                let given = vm.class_name(value);
                return Err(vm.raise_type(&format!("argument must be int or float, not {given}")));
            }
            let seconds = Timestamp::of(vm, value, Rounding::Floor)?.seconds;
            return Ok(Instant { seconds, microseconds: 0 });
        };
        let float = float.get();
        if float.is_nan() {
            return Err(vm.raise_value("Invalid value NaN (not a number)"));
        }
        let mut whole = float.trunc();
        let mut fraction = ((float - whole) * MICROSECONDS as f64).round_ties_even();
        if fraction >= MICROSECONDS as f64 {
            (whole, fraction) = (whole + 1.0, fraction - MICROSECONDS as f64);
        } else if fraction < 0.0 {
            (whole, fraction) = (whole - 1.0, fraction + MICROSECONDS as f64);
        }
        if !(-9.223_372_036_854_776e18..9.223_372_036_854_776e18).contains(&whole) {
            return Err(vm.raise_overflow("timestamp out of range for platform time_t"));
        }
        Ok(Instant { seconds: whole as i64, microseconds: fraction as i64 })
    }
}

fn raise_year(vm: &mut Vm, year: i64) -> Raised {
    vm.raise_value(&DateFault::Year(year).message())
}

/// What a clock in UTC shows.
fn utc_moment(vm: &mut Vm, instant: Instant) -> PyResult<Moment> {
    let (days, seconds) = (instant.seconds.div_euclid(SECONDS_IN_DAY), instant.seconds.rem_euclid(SECONDS_IN_DAY));
    match Civil::from_ordinal(days.saturating_add(EPOCH_ORDINAL)) {
        Some(civil) => {
            let clock = Clock::from_microseconds(seconds * MICROSECONDS + instant.microseconds);
            Ok(Moment { civil, clock, zone: Value::NONE, fold: false })
        }
        None => {
            let time = host_clock::utc_time(instant.seconds).or_raise(vm)?;
            Err(raise_year(vm, i64::from(time.tm_year) + 1900))
        }
    }
}

/// The day of a time in parts.
fn civil_of(vm: &mut Vm, time: &CalendarTime) -> PyResult<Civil> {
    arguments::civil(vm, i64::from(time.tm_year) + 1900, i64::from(time.tm_mon) + 1, time.tm_mday.into())
}

/// The seconds from the beginning of 1970 to what local clocks show after so many seconds.
fn local_seconds(vm: &mut Vm, seconds: i64) -> PyResult<i64> {
    let time = host_clock::local_time(seconds).or_raise(vm)?;
    seconds_shown(vm, &time)
}

fn seconds_shown(vm: &mut Vm, time: &CalendarTime) -> PyResult<i64> {
    let days = civil_of(vm, time)?.ordinal() - EPOCH_ORDINAL;
    let [hour, minute, second] = [time.tm_hour, time.tm_min, time.tm_sec].map(i64::from);
    Ok(days * SECONDS_IN_DAY + (hour * 60 + minute) * 60 + second)
}

/// What local clocks show.
fn local_moment(vm: &mut Vm, instant: Instant) -> PyResult<Moment> {
    let time = host_clock::local_time(instant.seconds).or_raise(vm)?;
    let civil = civil_of(vm, &time)?;
    let shown = seconds_shown(vm, &time)?;
    // Was the same shown before?
    let mut fold = false;
    let transition = match instant.seconds.checked_sub(MAX_FOLD_SECONDS) {
        Some(before) => shown - local_seconds(vm, before)? - MAX_FOLD_SECONDS,
        None => 0,
    };
    if transition < 0 {
        fold = local_seconds(vm, instant.seconds + transition)? == shown;
    }
    // A leap second is shown as the one before it.
    let second = time.tm_sec.min(59);
    let parts = [time.tm_hour.into(), time.tm_min.into(), second.into(), instant.microseconds];
    let clock = arguments::clock(vm, parts)?;
    Ok(Moment { civil, clock, zone: Value::NONE, fold })
}

/// The seconds since the beginning of 1970 in UTC when local clocks show a time; of two the second where it is folded.
pub fn seconds_of_local(vm: &mut Vm, moment: Moment) -> PyResult<i64> {
    let shown = (moment.civil.ordinal() - EPOCH_ORDINAL) * SECONDS_IN_DAY + moment.clock.seconds();
    let offset = local_seconds(vm, shown)? - shown;
    let first = shown - offset;
    let is_first_right = local_seconds(vm, first)? == shown;
    let other_offset = if is_first_right {
        let beyond = if moment.fold { first + MAX_FOLD_SECONDS } else { first - MAX_FOLD_SECONDS };
        local_seconds(vm, beyond)? - beyond
    } else {
        local_seconds(vm, first)? - first
    };
    if is_first_right && other_offset == offset {
        return Ok(first);
    }
    let second = shown - other_offset;
    if local_seconds(vm, second)? == shown {
        return Ok(second);
    }
    if is_first_right {
        return Ok(first);
    }
    // No clock ever shows it: it lies in a gap.
    Ok(if moment.fold { first.min(second) } else { first.max(second) })
}

/// A time in a zone, from what it is in UTC.
fn in_zone(vm: &mut Vm, zone: Value, utc: Value) -> PyResult {
    if let (Some(fixed), Some(time)) = (This::<Timezone>::of(vm, zone), This::<DateTime>::of(vm, utc)) {
        let offset = This::<super::objects::Delta>::expect(vm, fixed.offset).span;
        return tzinfo::later(vm, time, offset);
    }
    let method = vm.intern("fromutc");
    vm.call_method(zone, method, &[utc])
}

fn moment_in_zone(vm: &mut Vm, class: Class, instant: Instant, zone: Option<Value>) -> PyResult {
    let zone = arguments::zone_or_none(vm, zone)?;
    if zone.is_none() {
        let moment = local_moment(vm, instant)?;
        return make_datetime(vm, class.0, moment);
    }
    let moment = utc_moment(vm, instant)?;
    let utc = make_datetime(vm, class.0, Moment { zone, ..moment })?;
    in_zone(vm, zone, utc)
}

/// `datetime.now`.
pub fn now(vm: &mut Vm, class: Class, zone: Option<Value>) -> PyResult {
    moment_in_zone(vm, class, Instant::now(), zone)
}

/// `datetime.fromtimestamp`.
pub fn moment_of_timestamp(vm: &mut Vm, class: Class, timestamp: Value, zone: Option<Value>) -> PyResult {
    let zone = arguments::zone_or_none(vm, zone)?;
    let instant = Instant::of(vm, timestamp)?;
    moment_in_zone(vm, class, instant, Some(zone))
}

fn warn(vm: &mut Vm, function: &str, instead: &str) -> PyResult<()> {
    let message = format!(
        "datetime.datetime.{function}() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.{instead}."
    );
    vm.warn(vm.exceptions.DeprecationWarning, &message)
}

/// `datetime.utcnow`.
pub fn utc_now(vm: &mut Vm, class: Class) -> PyResult {
    warn(vm, "utcnow", "now(datetime.UTC)")?;
    let moment = utc_moment(vm, Instant::now())?;
    make_datetime(vm, class.0, moment)
}

/// `datetime.utcfromtimestamp`.
pub fn utc_of_timestamp(vm: &mut Vm, class: Class, timestamp: Value) -> PyResult {
    warn(vm, "utcfromtimestamp", "fromtimestamp(timestamp, datetime.UTC)")?;
    let instant = Instant::of(vm, timestamp)?;
    let moment = utc_moment(vm, instant)?;
    make_datetime(vm, class.0, moment)
}

/// `date.fromtimestamp`.
pub fn date_of_timestamp(vm: &mut Vm, class: Class, timestamp: Value) -> PyResult {
    let seconds = Timestamp::of(vm, timestamp, Rounding::Floor)?.seconds;
    date_of_seconds(vm, class, seconds)
}

fn date_of_seconds(vm: &mut Vm, class: Class, seconds: i64) -> PyResult {
    let time = host_clock::local_time(seconds).or_raise(vm)?;
    let civil = civil_of(vm, &time)?;
    make_date(vm, class.0, civil)
}

/// `today`, of dates and of what derives from them.
pub fn today(vm: &mut Vm, class: Class) -> PyResult {
    let now = Instant::now();
    if class.is_of(&DATE) {
        return date_of_seconds(vm, class, now.seconds);
    }
    let (module, clock) = (vm.import_dotted("time")?, vm.intern("time"));
    let timestamp = vm.call_method(module, clock, &[])?;
    let method = vm.intern("fromtimestamp");
    vm.call_method(Value::object(class.0), method, &[timestamp])
}

/// The local zone as it is after so many seconds.
fn local_zone(vm: &mut Vm, seconds: i64) -> PyResult {
    let time = host_clock::local_time(seconds).or_raise(vm)?;
    let offset = offset_in_seconds(vm, time.tm_gmtoff)?;
    let name = vm.fs_decode(&host_clock::zone_name(&time));
    new_timezone(vm, offset, name)
}

/// The local zone as it is when local clocks show a time.
fn zone_of_local(vm: &mut Vm, moment: Moment) -> PyResult {
    let seconds = seconds_of_local(vm, moment)?;
    let other = seconds_of_local(vm, Moment { fold: !moment.fold, ..moment })?;
    // In a gap the fold tells which side the time is taken for: the one where it is not.
    let is_gap = seconds != other && (other > seconds) == moment.fold;
    local_zone(vm, if is_gap { other } else { seconds })
}

/// `datetime.astimezone`.
pub fn as_zone(vm: &mut Vm, this: This<DateTime>, zone: Option<Value>) -> PyResult {
    let zone = arguments::zone_or_none(vm, zone)?;
    let mut own = this.zone;
    let mut offset = None;
    if !own.is_none() {
        if own == zone {
            return Ok(this.value());
        }
        offset = tzinfo::offset_of(vm, own, this.value())?;
    }
    if offset.is_none() {
        own = zone_of_local(vm, this.moment())?;
        if own == zone {
            return Ok(this.value());
        }
        offset = tzinfo::offset_of(vm, own, this.value())?;
    }
    let moment = super::arithmetic::moment_minus(vm, this.moment(), offset.unwrap_or_default())?;
    let zone = if zone.is_none() {
        let seconds = (moment.civil.ordinal() - EPOCH_ORDINAL) * SECONDS_IN_DAY + moment.clock.seconds();
        local_zone(vm, seconds)?
    } else {
        zone
    };
    let class = vm.class_of(this.value());
    let utc = make_datetime(vm, class, moment)?;
    if let Some(time) = This::<DateTime>::of(vm, utc) {
        DateTime::set_zone(vm, time, zone);
    }
    in_zone(vm, zone, utc)
}

/// `datetime.timestamp`.
pub fn timestamp(vm: &mut Vm, this: This<DateTime>) -> PyResult<f64> {
    let microsecond = this.clock.microsecond() as f64 / MICROSECONDS as f64;
    if let Some(offset) = tzinfo::offset_of(vm, this.zone, this.value())? {
        let since = moment_operators::since_epoch(this.moment(), offset);
        return super::delta::total_seconds(vm, since);
    }
    if this.zone.is_none() {
        return Ok(seconds_of_local(vm, this.moment())? as f64 + microsecond);
    }
    Err(vm.raise_type("can't subtract offset-naive and offset-aware datetimes"))
}
