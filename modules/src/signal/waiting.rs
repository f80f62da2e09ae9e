//! Blocking signals, and waiting for them.

use super::set_value;
use crate::posix::OrRaise;
use crate::time::duration_of;
use stitch_runtime::host::signal::{self, N_SIGNALS, SignalInfo, SignalSet};
use stitch_runtime::host::{self};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("pause", "()", |vm: &mut Vm| {
        vm.allow_threads(signal::pause);
        vm.answer_signals()
    })
    .doc("Waits for a signal."),
    method("pthread_sigmask", "(how, mask, /)", |vm: &mut Vm, how: i32, mask: Value| {
        let set = set_of(vm, mask)?;
        let old = signal::change_mask(how, &set).or_raise(vm)?;
        vm.answer_signals()?;
        set_value(vm, signal::members(&old))
    })
    .doc("Blocks or unblocks signals; gives those that were blocked."),
    method("sigpending", "()", |vm: &mut Vm| {
        let set = signal::pending().or_raise(vm)?;
        set_value(vm, signal::members(&set))
    })
    .doc("The signals that were sent and are blocked."),
    method("sigwait", "(sigset, /)", |vm: &mut Vm, signals: Value| {
        let set = set_of(vm, signals)?;
        vm.wait_for(|| signal::wait_for(&set))?.or_raise(vm)
    })
    .doc("Waits for one of some signals, which are blocked."),
    method("sigwaitinfo", "(sigset, /)", |vm: &mut Vm, signals: Value| {
        let set = set_of(vm, signals)?;
        let info = vm.wait_for(|| signal::wait_for_info(&set, None))?.or_raise(vm)?;
        info_value(vm, info)
    })
    .doc("Waits for one of some signals; tells what is known of it."),
    method("sigtimedwait", "(sigset, timeout, /)", |vm: &mut Vm, signals: Value, timeout: Value| {
        let timeout = duration_of(vm, timeout)?;
        if timeout < 0 {
            return Err(vm.raise_value("timeout must be non-negative"));
        }
        let set = set_of(vm, signals)?;
        let end = host::monotonic_ns().saturating_add(timeout);
        let info = vm.wait_for(|| {
            let left = end.saturating_sub(host::monotonic_ns()).max(0);
            let time = libc::timespec { tv_sec: left / 1_000_000_000, tv_nsec: left % 1_000_000_000 };
            signal::wait_for_info(&set, Some(time))
        })?;
        let info = info.or_raise(vm)?;
        info_value(vm, info)
    })
    .doc("As sigwaitinfo; None where none has come in so many seconds."),
];

pub static STRUCT_SIGINFO: TypeSpec =
    struct_sequence("struct_siginfo", "signal", "What is known of a signal that came.", SIGINFO_FIELDS);
const SIGINFO_FIELDS: &[GetSetRow] =
    &fields(["si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"]);

fn info_value(vm: &mut Vm, info: Option<SignalInfo>) -> PyResult {
    let Some(info) = info else { return Ok(Value::NONE) };
    let fields = signal::info_fields(&info).map(|field| vm.new_int(field));
    vm.new_struct_sequence(&STRUCT_SIGINFO, &fields)
}

fn set_of(vm: &mut Vm, signals: Value) -> PyResult<SignalSet> {
    let iterator = vm.get_iter(signals)?;
    let mut numbers = Vec::new();
    while let Some(number) = vm.iter_next(iterator)? {
        let number = vm.index_clamped(number)?;
        if !(1..i64::from(N_SIGNALS)).contains(&number) {
            let message = format!("signal number {number} out of range [1; {}]", N_SIGNALS - 1);
            return Err(vm.raise_value(&message));
        }
        numbers.push(number as i32);
    }
    Ok(signal::set_of(&numbers))
}
