//! Dates and times as `time.struct_time`.

use super::civil::Civil;
use super::clock::Clock;
use crate::time::STRUCT_TIME;
use stitch_runtime::{PyResult, Value, Vm};

/// Is it daylight saving? −1: nobody knows.
pub fn struct_time(vm: &mut Vm, civil: Civil, clock: Clock, is_saving: i64) -> PyResult {
    let [year, month, day] = [civil.year(), civil.month(), civil.day()].map(Value::small_int);
    let [hour, minute, second] = [clock.hour(), clock.minute(), clock.second()].map(Value::small_int);
    let [weekday, year_day, is_saving] = [civil.weekday(), civil.day_of_year(), is_saving].map(Value::small_int);
    let zone = Value::NONE;
    vm.new_struct_sequence(
        &STRUCT_TIME,
        &[year, month, day, hour, minute, second, weekday, year_day, is_saving, zone, zone],
    )
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Thu Jan  2 03:04:05 2020`.
pub fn ctime(civil: Civil, clock: Clock) -> String {
    let (weekday, month) = (DAYS[civil.weekday() as usize], MONTHS[civil.month() as usize - 1]);
    let (day, year) = (civil.day(), civil.year());
    let (hour, minute, second) = (clock.hour(), clock.minute(), clock.second());
    format!("{weekday} {month} {day:2} {hour:02}:{minute:02}:{second:02} {year:04}")
}
