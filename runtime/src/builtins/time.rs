//! The module `time`.

use crate::host;
use crate::object::argument::{Receiver, ThisFloat, method};
use crate::object::module::ModuleSpec;
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::time::Duration;

/// What a count of nanoseconds in 64 bits can hold.
const MAX_SECONDS: u64 = 9_223_372_036;

const FUNCTIONS: &[NativeRow] = &[
    method("time", "()", || seconds(host::wall_ns())).doc("Seconds since the beginning of 1970, in UTC."),
    method("time_ns", "()", host::wall_ns).doc("Nanoseconds since the beginning of 1970, in UTC."),
    method("perf_counter", "()", || seconds(host::monotonic_ns()))
        .doc("Seconds of the finest clock that only goes on."),
    method("perf_counter_ns", "()", host::monotonic_ns).doc("Nanoseconds of the finest clock that only goes on."),
    method("monotonic", "()", || seconds(host::monotonic_ns())).doc("Seconds of a clock that only goes on."),
    method("monotonic_ns", "()", host::monotonic_ns).doc("Nanoseconds of a clock that only goes on."),
    method("process_time", "()", || seconds(host::process_time_ns())).doc("Seconds that the process has computed."),
    method("process_time_ns", "()", host::process_time_ns).doc("Nanoseconds that the process has computed."),
    method("thread_time", "()", || seconds(host::thread_time_ns())).doc("Seconds that the thread has computed."),
    method("thread_time_ns", "()", host::thread_time_ns).doc("Nanoseconds that the thread has computed."),
    method("sleep", "(seconds, /)", sleep).doc("Waits so many seconds."),
];

fn seconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 * 1e-9
}

fn sleep(vm: &mut Vm, seconds: Value) -> PyResult<()> {
    let seconds = match ThisFloat::receive(vm, seconds) {
        Some(seconds) => seconds.get(),
        None if vm.is_index(seconds) => vm.to_float(seconds)?,
        None => {
            let given = vm.class_name(seconds);
            let message = format!("'{given}' object cannot be interpreted as an integer or float");
            return Err(vm.raise_type(&message));
        }
    };
    if seconds < 0.0 {
        return Err(vm.raise_value("sleep length must be non-negative"));
    }
    if seconds.is_nan() {
        return Err(vm.raise_value("Invalid value NaN (not a number)"));
    }
    vm.out.flush();
    let duration = Duration::try_from_secs_f64(seconds).ok().filter(|duration| duration.as_secs() <= MAX_SECONDS);
    match duration {
        Some(duration) => vm.pause(duration),
        None => Err(vm.raise_overflow("timestamp out of range for platform time_t")),
    }
}

pub static MODULE: ModuleSpec =
    ModuleSpec { name: "time", doc: "Clocks and sleep.", functions: FUNCTIONS, ..ModuleSpec::NEW };
