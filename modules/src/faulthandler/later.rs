//! A thread that tells where the others stand once a time is over.

use super::{MODULE, State, descriptor_of, dump, write};
use crate::time::duration_of;
use std::time::{Duration, Instant};
use stitch_runtime::host::process;
use stitch_runtime::object::argument::OrNone;
use stitch_runtime::{PyResult, Value, Vm};

/// What the thread was asked for last.
pub struct Later {
    /// Tells it apart from others.
    number: u64,
    pub file: Value,
    descriptor: i32,
    period: Duration,
    repeats: bool,
    exits: bool,
}

/// What the thread waits for: to be told that it is not wanted any more.
fn key() -> usize {
    std::ptr::from_ref(&MODULE) as usize
}

pub fn dump_later(
    vm: &mut Vm,
    timeout: Value,
    repeat: Option<bool>,
    file: OrNone<Value>,
    exit: Option<bool>,
) -> PyResult<()> {
    let period = duration_of(vm, timeout)?;
    let Some(period) = u64::try_from(period).ok().filter(|&period| period > 0) else {
        return Err(vm.raise_value("timeout must be greater than 0"));
    };
    let descriptor = descriptor_of(vm, file.0)?;
    cancel(vm);
    let state = State::of(vm);
    state.n_laters += 1;
    let number = state.n_laters;
    state.later = Some(Later {
        number,
        file: file.0.unwrap_or(Value::NONE),
        descriptor,
        period: Duration::from_nanos(period),
        repeats: repeat == Some(true),
        exits: exit == Some(true),
    });
    let number = Value::small_int(number as i64);
    if vm.start_thread(watch, number, 0).is_err() {
        State::of(vm).later = None;
        return Err(vm.raise_runtime("unable to start watchdog thread"));
    }
    Ok(())
}

pub fn cancel(vm: &mut Vm) {
    State::of(vm).later = None;
    vm.wake_all(key());
}

/// What the thread does, as long as it is the one that is wanted.
fn watch(vm: &mut Vm, number: Value) {
    let number = number.as_int() as u64;
    let mut start = Instant::now();
    while let Some(later) = State::of(vm).later.as_ref().filter(|later| later.number == number) {
        let deadline = start + later.period;
        if !vm.wait_on(key(), Some(deadline)).is_ok_and(|is_woken| !is_woken) {
            continue;
        }
        let Some(later) = State::of(vm).later.as_ref().filter(|later| later.number == number) else { return };
        let (descriptor, repeats, exits, header) = (later.descriptor, later.repeats, later.exits, header(later.period));
        if !repeats {
            State::of(vm).later = None;
        }
        let told = dump(vm, true).and_then(|text| write(vm, descriptor, &format!("{header}{text}")));
        if told.is_err() {
            vm.clear_exception();
        }
        if exits {
            process::exit_now(1);
        }
        start = Instant::now();
    }
}

fn header(period: Duration) -> String {
    let (seconds, microseconds) = (period.as_secs(), period.subsec_micros());
    let time = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if microseconds == 0 { String::new() } else { format!(".{microseconds:06}") };
    format!("Timeout ({time}{fraction})!\n")
}
