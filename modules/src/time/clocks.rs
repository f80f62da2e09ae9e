//! Clocks and sleep.

use super::timestamp::{Rounding, Timestamp, duration_of};
use crate::posix::OrRaise;
use stitch_runtime::host::{self, clock};
use stitch_runtime::object::argument::{Index, Str, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
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
    method("clock_gettime", "(clk_id, /)", |vm: &mut Vm, id: i32| -> PyResult<f64> {
        Ok(seconds_of(clock::read_clock(id).or_raise(vm)?))
    })
    .doc("Seconds that a clock of the system shows."),
    method("clock_gettime_ns", "(clk_id, /)", |vm: &mut Vm, id: i32| -> PyResult<i64> {
        let time = clock::read_clock(id).or_raise(vm)?;
        Ok(time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec))
    })
    .doc("Nanoseconds that a clock of the system shows."),
    method("clock_settime", "(clk_id, time, /)", |vm: &mut Vm, id: i32, time: Value| {
        let time = Timestamp::of(vm, time, Rounding::Floor)?.timespec();
        clock::set_clock(id, &time).or_raise(vm)
    })
    .doc("Sets a clock of the system to so many seconds."),
    method("clock_settime_ns", "(clk_id, time, /)", |vm: &mut Vm, id: i32, time: Index| {
        let time = Timestamp::from_nanoseconds(time.0).timespec();
        clock::set_clock(id, &time).or_raise(vm)
    })
    .doc("Sets a clock of the system to so many nanoseconds."),
    method("clock_getres", "(clk_id, /)", |vm: &mut Vm, id: i32| -> PyResult<f64> {
        Ok(seconds_of(clock::resolution(id).or_raise(vm)?))
    })
    .doc("How fine a clock of the system is, in seconds."),
    method("pthread_getcpuclockid", "(thread_id, /)", |vm: &mut Vm, thread: Index| {
        clock::clock_of_thread(thread.0 as u64).or_raise(vm)
    })
    .doc("The clock of a thread's processor time."),
    method("get_clock_info", "(name, /)", clock_info).doc("What a clock of this module is like."),
    method("sleep", "(seconds, /)", sleep).doc("Waits so many seconds."),
];

fn seconds(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1e9
}

fn seconds_of(time: libc::timespec) -> f64 {
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Who sleeps so long waits for something.
const LONG_SLEEP_NS: i64 = 20_000_000;

fn sleep(vm: &mut Vm, seconds: Value) -> PyResult<()> {
    vm.audit("time.sleep", |vm| vm.new_tuple(&[seconds]))?;
    let duration = duration_of(vm, seconds)?;
    if duration < 0 {
        return Err(vm.raise_value("sleep length must be non-negative"));
    }
    let end = host::monotonic_ns().saturating_add(duration);
    if duration >= LONG_SLEEP_NS {
        vm.collect_while_waiting();
    }
    let cut = vm.ns_until_deadline().map(|ns| host::monotonic_ns().saturating_add(ns)).filter(|&cut| cut < end);
    vm.wait_for(|| clock::sleep_until(cut.unwrap_or(end)))?.or_raise(vm)?;
    if cut.is_some() { vm.answer_limits() } else { Ok(()) }
}

fn clock_info(vm: &mut Vm, name: Str) -> PyResult {
    let (id, number, is_adjustable) = match name.text().as_str() {
        "time" => ("CLOCK_REALTIME", libc::CLOCK_REALTIME, true),
        "monotonic" | "perf_counter" => ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC, false),
        "process_time" => ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID, false),
        "thread_time" => ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID, false),
        _ => return Err(vm.raise_value("unknown clock")),
    };
    let resolution = seconds_of(clock::resolution(number).or_raise(vm)?);
    let implementation = vm.new_str(&format!("clock_gettime({id})"));
    vm.new_namespace(&[
        ("implementation", implementation),
        ("monotonic", Value::bool(!is_adjustable)),
        ("adjustable", Value::bool(is_adjustable)),
        ("resolution", Value::float(resolution)),
    ])
}
