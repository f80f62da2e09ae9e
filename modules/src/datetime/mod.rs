//! `_datetime`: dates, times and spans of time, under the module `datetime`.
//!
//! ```text
//!   civil, clock, span, parse         days, times of day, spans, and ISO 8601's text as values: no VM
//!   objects                           what the objects have in memory, and how they are made
//!   date, time_of_day, moment, delta  the types date, time, datetime and timedelta
//!   tzinfo, timezone                  the types of zones, and what zones are asked
//!   local                             the system's clock and zone
//! ```

mod arguments;
mod arithmetic;
mod civil;
mod clock;
mod date;
mod delta;
mod delta_operators;
mod iso_calendar;
mod isoformat;
mod local;
mod moment;
mod moment_operators;
mod objects;
mod parse;
mod pickle;
mod span;
mod state;
mod strftime;
mod time_of_day;
mod timetuple;
mod timezone;
mod tzinfo;

use civil::{Civil, MAX_YEAR, MIN_YEAR};
use clock::{Clock, SECONDS_IN_DAY};
use objects::{Moment, new_date, new_datetime, new_delta, new_time, new_timezone};
use span::Span;
use state::State;
use stitch_runtime::object::class::class_ref;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_datetime",
    doc: "Dates, times of day, spans of time, and zones.",
    constants: &[("MINYEAR", Constant::Int(MIN_YEAR)), ("MAXYEAR", Constant::Int(MAX_YEAR))],
    types: &[
        &date::DATE,
        &time_of_day::TIME,
        &moment::DATETIME,
        &delta::TIMEDELTA,
        &tzinfo::TZINFO,
        &timezone::TIMEZONE,
    ],
    exec: Some(fill),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

/// Gives the classes their least and greatest objects.
fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    if State::of(vm).utc.is_unbound() {
        let zero = new_delta(vm, Ok(Span::ZERO))?;
        let utc = new_timezone(vm, zero, Value::UNBOUND)?;
        State::of(vm).utc = utc;
        fill_deltas(vm)?;
        fill_dates(vm)?;
        fill_times(vm)?;
        fill_zones(vm, utc)?;
    }
    let utc = State::of(vm).utc;
    vm.set_module_entry(module, "UTC", utc);
    Ok(())
}

fn set_all(vm: &mut Vm, class: *mut TypeObject, entries: [(&str, Value); 3]) {
    for (name, value) in entries {
        let name = vm.intern(name);
        vm.dict_set_name(class_ref(class).dict, name, value);
    }
}

fn fill_deltas(vm: &mut Vm) -> PyResult<()> {
    let class = vm.type_of_spec(&delta::TIMEDELTA);
    let least = new_delta(vm, Ok(Span::MIN))?;
    let greatest = new_delta(vm, Ok(Span::MAX))?;
    let resolution = new_delta(vm, Ok(Span::RESOLUTION))?;
    set_all(vm, class, [("min", least), ("max", greatest), ("resolution", resolution)]);
    Ok(())
}

fn fill_dates(vm: &mut Vm) -> PyResult<()> {
    let class = vm.type_of_spec(&date::DATE);
    let least = new_date(vm, class, Civil::MIN)?;
    let greatest = new_date(vm, class, Civil::MAX)?;
    let resolution = new_delta(vm, Ok(Span::DAY))?;
    set_all(vm, class, [("min", least), ("max", greatest), ("resolution", resolution)]);
    Ok(())
}

fn fill_times(vm: &mut Vm) -> PyResult<()> {
    let (first, last) = (Clock::default(), Clock::MAX);
    let class = vm.type_of_spec(&time_of_day::TIME);
    let least = new_time(vm, class, first, Value::NONE, false)?;
    let greatest = new_time(vm, class, last, Value::NONE, false)?;
    let resolution = new_delta(vm, Ok(Span::RESOLUTION))?;
    set_all(vm, class, [("min", least), ("max", greatest), ("resolution", resolution)]);
    let class = vm.type_of_spec(&moment::DATETIME);
    let moment = |civil, clock| Moment { civil, clock, zone: Value::NONE, fold: false };
    let least = new_datetime(vm, class, moment(Civil::MIN, first))?;
    let greatest = new_datetime(vm, class, moment(Civil::MAX, last))?;
    let resolution = new_delta(vm, Ok(Span::RESOLUTION))?;
    set_all(vm, class, [("min", least), ("max", greatest), ("resolution", resolution)]);
    Ok(())
}

fn fill_zones(vm: &mut Vm, utc: Value) -> PyResult<()> {
    let class = vm.type_of_spec(&timezone::TIMEZONE);
    let furthest = SECONDS_IN_DAY - 60;
    let mut zone = |seconds| {
        let offset = new_delta(vm, Span::normal(0, seconds, 0))?;
        new_timezone(vm, offset, Value::UNBOUND)
    };
    let (west, east) = (zone(-furthest)?, zone(furthest)?);
    set_all(vm, class, [("utc", utc), ("min", west), ("max", east)]);
    Ok(())
}
