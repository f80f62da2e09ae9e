//! Signals that come after some time.

use crate::time::{Rounding, Timestamp};
use stitch_runtime::host::signal;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("alarm", "(seconds, /)", |seconds: i32| i64::from(signal::alarm(seconds as u32)))
        .doc("Has SIGALRM come in so many seconds; gives those that were left of the last time."),
    method(
        "setitimer",
        "(which, seconds, interval=0.0, /)",
        |vm: &mut Vm, which: i32, seconds: Value, interval: Option<Value>| {
            let value = time_of(vm, seconds)?;
            let interval = time_of(vm, interval.unwrap_or(Value::float(0.0)))?;
            let (new, mut old) = (libc::itimerval { it_interval: interval, it_value: value }, NO_TIMER);
            let set = signal::set_timer(which, &new, &mut old);
            pair(vm, set, &old)
        },
    )
    .doc("Sets a timer that sends a signal: once, and then again and again; gives what was set before."),
    method("getitimer", "(which, /)", |vm: &mut Vm, which: i32| {
        let mut now = NO_TIMER;
        let got = signal::get_timer(which, &mut now);
        pair(vm, got, &now)
    })
    .doc("The seconds that are left to a timer and between its signals."),
];

pub static ITIMER_ERROR: TypeSpec = TypeSpec {
    name: "itimer_error",
    module: "signal",
    doc: "A timer that there is not.",
    base_class: Some(|vm| vm.exceptions.OSError),
    ..TypeSpec::NEW
};

const NO_TIME: libc::timeval = libc::timeval { tv_sec: 0, tv_usec: 0 };
const NO_TIMER: libc::itimerval = libc::itimerval { it_interval: NO_TIME, it_value: NO_TIME };

fn time_of(vm: &mut Vm, seconds: Value) -> PyResult<libc::timeval> {
    let time = Timestamp::of(vm, seconds, Rounding::Ceiling)?;
    let micros = (time.nanoseconds + 999) / 1000;
    Ok(libc::timeval { tv_sec: time.seconds + micros / 1_000_000, tv_usec: micros % 1_000_000 })
}

fn pair(vm: &mut Vm, result: stitch_runtime::host::HostResult<()>, timer: &libc::itimerval) -> PyResult {
    if let Err(error) = result {
        let class = vm.type_of_spec(&ITIMER_ERROR);
        let (number, message) = (Value::small_int(error.errno.into()), vm.new_str(&error.message));
        return Err(vm.raise_with(class, &[number, message]));
    }
    let seconds = |time: libc::timeval| Value::float(time.tv_sec as f64 + time.tv_usec as f64 * 1e-6);
    Ok(vm.new_tuple(&[seconds(timer.it_value), seconds(timer.it_interval)]))
}
