//! Descriptors that count events, and timers that are descriptors.

use super::{OrRaise, raise_errno};
use crate::time::{Rounding, Timestamp};
use stitch_runtime::host::descriptor;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::integer::IntView;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("eventfd", "(initval, flags=EFD_CLOEXEC)", |vm: &mut Vm, value: Value, flags: Option<i32>| {
        let value = unsigned_of(vm, value)?;
        let Ok(value) = u32::try_from(value) else {
            return Err(vm.raise_overflow("Python int too large for C unsigned int"));
        };
        descriptor::make_event_counter(value, flags.unwrap_or(libc::EFD_CLOEXEC)).or_raise(vm)
    })
    .doc("A descriptor that counts events."),
    method("eventfd_read", "(fd)", |vm: &mut Vm, fd: i32| {
        let mut count = [0; 8];
        let n = vm.wait_for(|| descriptor::read(fd, &mut count))?.or_raise(vm)?;
        if n != count.len() {
            return Err(raise_errno(vm, libc::EINVAL));
        }
        Ok(vm.new_int_from_u64(u64::from_ne_bytes(count)))
    })
    .doc("The count, which begins anew; waits where it is 0."),
    method("eventfd_write", "(fd, value)", |vm: &mut Vm, fd: i32, value: Value| -> PyResult<()> {
        let value = unsigned_of(vm, value)?;
        vm.wait_for(|| descriptor::write(fd, &value.to_ne_bytes()))?.or_raise(vm)?;
        Ok(())
    })
    .doc("Adds to the count."),
    method("timerfd_create", "(clockid, /, *, flags=0)", |vm: &mut Vm, clock: i32, flags: Option<i32>| {
        descriptor::make_timer(clock, flags.unwrap_or(0) | libc::TFD_CLOEXEC).or_raise(vm)
    })
    .doc("A descriptor that can be read when a timer has run off."),
    method(
        "timerfd_settime",
        "(fd, /, *, flags=0, initial=0.0, interval=0.0)",
        |vm: &mut Vm, fd: i32, flags: Option<i32>, initial: Option<Value>, interval: Option<Value>| {
            let times = [initial, interval].map(|time| time.unwrap_or(Value::float(0.0)));
            let [initial, interval] =
                [Timestamp::of(vm, times[0], Rounding::Ceiling)?, Timestamp::of(vm, times[1], Rounding::Ceiling)?];
            let old = set(vm, fd, flags.unwrap_or(0), initial, interval)?;
            seconds_of(vm, &old)
        },
    )
    .doc("Sets a timer; gives the seconds that were left and between its events before."),
    method(
        "timerfd_settime_ns",
        "(fd, /, *, flags=0, initial=0, interval=0)",
        |vm: &mut Vm, fd: i32, flags: Option<i32>, initial: Option<i64>, interval: Option<i64>| {
            let [initial, interval] = [initial, interval].map(|time| Timestamp::from_nanoseconds(time.unwrap_or(0)));
            let old = set(vm, fd, flags.unwrap_or(0), initial, interval)?;
            nanoseconds_of(vm, &old)
        },
    )
    .doc("As timerfd_settime, in nanoseconds."),
    method("timerfd_gettime", "(fd, /)", |vm: &mut Vm, fd: i32| {
        let now = get(vm, fd)?;
        seconds_of(vm, &now)
    })
    .doc("The seconds that are left to a timer and between its events."),
    method("timerfd_gettime_ns", "(fd, /)", |vm: &mut Vm, fd: i32| {
        let now = get(vm, fd)?;
        nanoseconds_of(vm, &now)
    })
    .doc("As timerfd_gettime, in nanoseconds."),
];

fn unsigned_of(vm: &mut Vm, value: Value) -> PyResult<u64> {
    let int = vm.index(value)?;
    match vm.int_of(int) {
        IntView::Word(word) if word >= 0 => Ok(word as u64),
        view if view.is_negative() => Err(vm.raise_value("Cannot convert negative int")),
        view => match u64::try_from(&view.to_big()) {
            Ok(word) => Ok(word),
            Err(_) => Err(vm.raise_overflow("int too big to convert")),
        },
    }
}

const NO_TIME: libc::timespec = libc::timespec { tv_sec: 0, tv_nsec: 0 };
const NO_TIMER: libc::itimerspec = libc::itimerspec { it_interval: NO_TIME, it_value: NO_TIME };

fn set(vm: &mut Vm, fd: i32, flags: i32, initial: Timestamp, interval: Timestamp) -> PyResult<libc::itimerspec> {
    let new = libc::itimerspec { it_interval: interval.timespec(), it_value: initial.timespec() };
    let mut old = NO_TIMER;
    descriptor::set_timer(fd, flags, &new, &mut old).or_raise(vm)?;
    Ok(old)
}

fn get(vm: &mut Vm, fd: i32) -> PyResult<libc::itimerspec> {
    let mut now = NO_TIMER;
    descriptor::get_timer(fd, &mut now).or_raise(vm)?;
    Ok(now)
}

fn seconds_of(vm: &mut Vm, timer: &libc::itimerspec) -> PyResult {
    let seconds = |time: libc::timespec| Value::float(time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9);
    Ok(vm.new_tuple(&[seconds(timer.it_value), seconds(timer.it_interval)]))
}

fn nanoseconds_of(vm: &mut Vm, timer: &libc::itimerspec) -> PyResult {
    let [value, interval] = [timer.it_value, timer.it_interval]
        .map(|time| vm.new_int(time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)));
    Ok(vm.new_tuple(&[value, interval]))
}
