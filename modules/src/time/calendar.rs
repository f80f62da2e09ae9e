//! Times in parts.

use super::timestamp::{Rounding, Timestamp};
use crate::posix::OrRaise;
use stitch_runtime::host::HostResult;
use stitch_runtime::host::clock::{self, CalendarTime};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{NamedItems, fields, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("gmtime", "(seconds=None, /)", |vm: &mut Vm, seconds: Option<Value>| {
        broken_down(vm, seconds, clock::utc_time)
    })
    .doc("A time, or the one that it is, in UTC."),
    method("localtime", "(seconds=None, /)", |vm: &mut Vm, seconds: Option<Value>| {
        broken_down(vm, seconds, clock::local_time)
    })
    .doc("A time, or the one that it is, in the local zone."),
    method("mktime", "(tuple, /)", make).doc("The seconds of a time in the local zone."),
    method("tzset", "()", |vm: &mut Vm| -> PyResult<()> {
        let module = vm.import_dotted("time")?;
        super::set_zone(vm, module)
    })
    .doc("Takes the local zone from the environment's TZ anew."),
];

pub static STRUCT_TIME: TypeSpec = TypeSpec {
    named_items: Some(NamedItems { n_items: 9, n_unnamed: 0 }),
    ..struct_sequence("struct_time", "time", "A time in parts.", TIME_FIELDS)
};
const TIME_FIELDS: &[GetSetRow] = &fields([
    "tm_year",
    "tm_mon",
    "tm_mday",
    "tm_hour",
    "tm_min",
    "tm_sec",
    "tm_wday",
    "tm_yday",
    "tm_isdst",
    "tm_zone",
    "tm_gmtoff",
]);

/// The seconds of an optional argument, or those that it is now.
pub fn seconds_of(vm: &mut Vm, seconds: Option<Value>) -> PyResult<i64> {
    match seconds.filter(|seconds| !seconds.is_none()) {
        Some(seconds) => Ok(Timestamp::of(vm, seconds, Rounding::Floor)?.seconds),
        None => Ok(clock::wall_ns().div_euclid(1_000_000_000)),
    }
}

fn broken_down(vm: &mut Vm, seconds: Option<Value>, call: fn(i64) -> HostResult<CalendarTime>) -> PyResult {
    let seconds = seconds_of(vm, seconds)?;
    let time = call(seconds).or_raise(vm)?;
    struct_time(vm, &time)
}

fn struct_time(vm: &mut Vm, time: &CalendarTime) -> PyResult {
    let zone = vm.fs_decode(&clock::zone_name(time));
    let number = |number: i32| Value::small_int(number.into());
    let values = [
        Value::small_int(i64::from(time.tm_year) + 1900),
        number(time.tm_mon + 1),
        number(time.tm_mday),
        number(time.tm_hour),
        number(time.tm_min),
        number(time.tm_sec),
        number((time.tm_wday + 6) % 7),
        number(time.tm_yday + 1),
        number(time.tm_isdst),
        zone,
        Value::small_int(time.tm_gmtoff),
    ];
    vm.new_struct_sequence(&STRUCT_TIME, &values)
}

/// The parts of a tuple or struct_time, as C has them, not looked at yet. `zone` keeps the name of a zone that the parts refer
/// to.
pub fn parts_of(
    vm: &mut Vm,
    function: &str,
    tuple: Value,
    zone: &mut Option<std::ffi::CString>,
) -> PyResult<CalendarTime> {
    let Some(items) = This::<TupleObject>::of(vm, tuple) else {
        return Err(vm.raise_type("Tuple or struct_time argument required"));
    };
    let items = items.items();
    let [year, month, day, hour, minute, second, weekday, year_day, summer] = *items else {
        return Err(vm.raise_type(&format!("{function}(): illegal time tuple argument")));
    };
    let mut numbers = [0; 9];
    for (number, value) in numbers.iter_mut().zip([year, month, day, hour, minute, second, weekday, year_day, summer]) {
        if !vm.is_index(value) {
            let message = format!("'{}' object cannot be interpreted as an integer", vm.class_name(value));
            return Err(vm.raise_type(&message));
        }
        let int = vm.index(value)?;
        *number = match vm.int_to_i64(int).map(i32::try_from) {
            Some(Ok(number)) => number,
            _ => return Err(vm.raise_overflow("Python int too large to convert to C int")),
        };
    }
    let [year, month, day, hour, minute, second, weekday, year_day, summer] = numbers;
    let Some(years) = year.checked_sub(1900) else { return Err(vm.raise_overflow("year out of range")) };
    // SAFETY: zeros are a `tm`.
    let mut time: CalendarTime = unsafe { std::mem::zeroed() };
    time.tm_year = years;
    time.tm_mon = month.wrapping_sub(1);
    time.tm_mday = day;
    time.tm_hour = hour;
    time.tm_min = minute;
    time.tm_sec = second;
    time.tm_wday = weekday.wrapping_add(1) % 7;
    time.tm_yday = year_day.wrapping_sub(1);
    time.tm_isdst = summer;
    if std::ptr::eq(vm.spec_of(tuple), &STRUCT_TIME) {
        let (zone_name, offset) = (vm.intern("tm_zone"), vm.intern("tm_gmtoff"));
        let (zone_name, offset) = (vm.get_attr(tuple, zone_name)?, vm.get_attr(tuple, offset)?);
        if vm.is_index(offset) {
            time.tm_gmtoff = vm.index_i64(offset)?;
        }
        if vm.is_str(zone_name) {
            *zone = Some(vm.fs_c_string(zone_name)?);
        }
    }
    time.tm_zone = zone.as_ref().map_or(std::ptr::null(), |zone| zone.as_ptr());
    Ok(time)
}

/// ValueError of parts that no time has. Months, days and days of the year may be 0, for the first.
pub fn check_parts(vm: &mut Vm, time: &mut CalendarTime) -> PyResult<()> {
    if time.tm_mon == -1 {
        time.tm_mon = 0;
    }
    if time.tm_mday == 0 {
        time.tm_mday = 1;
    }
    if time.tm_yday == -1 {
        time.tm_yday = 0;
    }
    let checks = [
        ((0..=11).contains(&time.tm_mon), "month out of range"),
        ((1..=31).contains(&time.tm_mday), "day of month out of range"),
        ((0..=23).contains(&time.tm_hour), "hour out of range"),
        ((0..=59).contains(&time.tm_min), "minute out of range"),
        ((0..=61).contains(&time.tm_sec), "seconds out of range"),
        (time.tm_wday >= 0, "day of week out of range"),
        ((0..=365).contains(&time.tm_yday), "day of year out of range"),
    ];
    match checks.into_iter().find(|(is_right, _)| !is_right) {
        Some((_, message)) => Err(vm.raise_value(message)),
        None => Ok(()),
    }
}

fn make(vm: &mut Vm, tuple: Value) -> PyResult<f64> {
    let mut zone = None;
    let time = parts_of(vm, "mktime", tuple, &mut zone)?;
    match clock::seconds_of_local(time) {
        Some(seconds) => Ok(seconds as f64),
        None => Err(vm.raise_overflow("mktime argument out of range")),
    }
}
