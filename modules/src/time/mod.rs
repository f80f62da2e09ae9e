//! `time`: clocks, sleep, and times in parts and as text.

mod calendar;
mod clocks;
mod format;
mod timestamp;

pub use calendar::{STRUCT_TIME, check_parts, parts_of};
pub use timestamp::{Rounding, Timestamp, duration_of};

use stitch_runtime::host::clock;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "time",
    doc: "Clocks, and times in parts and as text.\n\nA time is a number of seconds since the beginning of 1970, in UTC, or a struct_time: its parts, in UTC (gmtime) or in\nthe local zone (localtime).",
    functions: clocks::FUNCTIONS,
    constants: &[
        ("CLOCK_REALTIME", Constant::Int(libc::CLOCK_REALTIME as i64)),
        ("CLOCK_MONOTONIC", Constant::Int(libc::CLOCK_MONOTONIC as i64)),
        ("CLOCK_MONOTONIC_RAW", Constant::Int(libc::CLOCK_MONOTONIC_RAW as i64)),
        ("CLOCK_PROCESS_CPUTIME_ID", Constant::Int(libc::CLOCK_PROCESS_CPUTIME_ID as i64)),
        ("CLOCK_THREAD_CPUTIME_ID", Constant::Int(libc::CLOCK_THREAD_CPUTIME_ID as i64)),
        ("CLOCK_BOOTTIME", Constant::Int(libc::CLOCK_BOOTTIME as i64)),
        ("CLOCK_TAI", Constant::Int(libc::CLOCK_TAI as i64)),
        ("_STRUCT_TM_ITEMS", Constant::Int(11)),
    ],
    types: &[&calendar::STRUCT_TIME],
    exec: Some(|vm, module| {
        let dict = vm.module_dict(module);
        vm.add_functions(dict, "time", calendar::FUNCTIONS);
        vm.add_functions(dict, "time", format::FUNCTIONS);
        set_zone(vm, module)
    }),
    ..ModuleSpec::NEW
};

/// A day of January and one of July, in seconds: in half a year there is summer in one of the hemispheres.
const DAYS_APART: i64 = 180 * 24 * 3600;

/// Sets what the module says of the local zone.
fn set_zone(vm: &mut Vm, module: Value) -> PyResult<()> {
    clock::update_zone();
    let now = clock::wall_ns() / 1_000_000_000;
    // As the C library does, by the year that it is.
    let year_start = now - now.rem_euclid(365 * 24 * 3600 + 6 * 3600);
    let zones = [year_start + 24 * 3600, year_start + DAYS_APART].map(clock::local_time);
    let [Ok(january), Ok(july)] = zones else { return Ok(()) };
    let has_summer = january.tm_isdst != july.tm_isdst;
    let (standard, summer) = if january.tm_isdst > 0 && has_summer { (july, january) } else { (january, july) };
    let names = [standard, summer].map(|zone| vm.fs_decode(&clock::zone_name(&zone)));
    let names = vm.new_tuple(&names);
    let entries = [
        ("timezone", Value::small_int(-standard.tm_gmtoff)),
        ("altzone", Value::small_int(if has_summer { -summer.tm_gmtoff } else { -standard.tm_gmtoff })),
        ("daylight", Value::small_int(has_summer.into())),
        ("tzname", names),
    ];
    for (name, value) in entries {
        vm.set_module_entry(module, name, value);
    }
    Ok(())
}
