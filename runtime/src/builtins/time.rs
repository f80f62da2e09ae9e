//! The module `time`.

use crate::host;
use crate::object::module::ModuleSpec;
use crate::object::native::{NativeRow, native};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const FUNCTIONS: &[NativeRow] = &[
    native("time", "()", |_, _| Ok(seconds(host::wall_ns()))),
    native("time_ns", "()", |vm, _| Ok(vm.new_int(host::wall_ns()))),
    native("perf_counter", "()", |_, _| Ok(seconds(host::monotonic_ns()))),
    native("perf_counter_ns", "()", |vm, _| Ok(vm.new_int(host::monotonic_ns()))),
    native("monotonic", "()", |_, _| Ok(seconds(host::monotonic_ns()))),
    native("monotonic_ns", "()", |vm, _| Ok(vm.new_int(host::monotonic_ns()))),
    native("process_time", "()", |_, _| Ok(seconds(host::process_time_ns()))),
    native("process_time_ns", "()", |vm, _| Ok(vm.new_int(host::process_time_ns()))),
    native("thread_time", "()", |_, _| Ok(seconds(host::thread_time_ns()))),
    native("thread_time_ns", "()", |vm, _| Ok(vm.new_int(host::thread_time_ns()))),
    native("sleep", "(seconds, /)", sleep),
];

fn seconds(nanoseconds: i64) -> Value {
    Value::float(nanoseconds as f64 * 1e-9)
}

fn sleep(vm: &mut Vm, args: &[Value]) -> PyResult {
    let seconds = vm.to_float(args[0])?;
    if seconds < 0.0 {
        return Err(vm.raise_value("sleep length must be non-negative"));
    }
    if seconds.is_nan() {
        return Err(vm.raise_value("Invalid value NaN (not a number)"));
    }
    vm.out.flush();
    host::sleep_ns((seconds * 1e9).min(u64::MAX as f64) as u64);
    Ok(Value::NONE)
}

pub static MODULE: ModuleSpec =
    ModuleSpec { name: "time", doc: "Clocks and sleep.", functions: FUNCTIONS, ..ModuleSpec::NEW };
