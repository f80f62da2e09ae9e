//! What is told when a fault ends the process: a foreign function's, or one that was sent or raised on purpose.

use super::State;
use super::dump::dump;
use std::ffi::c_void;
use stitch_runtime::host::signal::{self, Answer};
use stitch_runtime::host::{descriptor, thread_handle};
use stitch_runtime::{PyResult, Value, Vm};

/// Seconds until the process ends whatever the telling waits for: what was at fault may have left a lock taken.
const PATIENCE: u32 = 5;

/// Signals, and what they are called.
const FAULTS: [(i32, &str); 5] = [
    (libc::SIGBUS, "Bus error"),
    (libc::SIGILL, "Illegal instruction"),
    (libc::SIGFPE, "Floating-point exception"),
    (libc::SIGABRT, "Aborted"),
    (libc::SIGSEGV, "Segmentation fault"),
];

/// Where faults are told of, as long as `enable` holds.
pub struct Enabled {
    pub file: Value,
    descriptor: i32,
    all_threads: bool,
    with_native_stack: bool,
    machine: *mut c_void,
}

impl Enabled {
    /// From now on faults are told of.
    pub fn new(vm: &mut Vm, file: Value, descriptor: i32, all_threads: bool, with_native_stack: bool) -> Enabled {
        let machine = std::ptr::from_mut(vm).cast();
        signal::tell_of_faults(machine, tell);
        for (number, _) in FAULTS {
            _ = signal::catch_fault(number);
        }
        Enabled { file, descriptor, all_threads, with_native_stack, machine }
    }
}

impl Drop for Enabled {
    fn drop(&mut self) {
        // Not where another machine has asked since.
        if signal::tell_of_no_faults(self.machine) {
            for (number, _) in FAULTS {
                _ = signal::set_answer(number, Answer::Default);
            }
        }
    }
}

/// Called where the fault happens, by whatever thread. A second fault ends the process.
fn tell(machine: *mut c_void, number: i32) {
    _ = signal::set_answer(libc::SIGALRM, Answer::Default);
    signal::alarm(PATIENCE);
    let vm: *mut Vm = machine.cast();
    if Vm::outside() == Some(vm) {
        _ = Vm::come_back(vm, |vm| tell_inside(vm, number));
        return;
    }
    // SAFETY: the machine takes its address back before it goes. Where this thread is the one that runs it, nobody else uses it:
    // what was interrupted does not go on.
    unsafe {
        if (*vm).thread_ident() == thread_handle() {
            tell_inside(&mut *vm, number);
        }
    }
}

fn tell_inside(vm: &mut Vm, number: i32) {
    let Some(enabled) = &State::of(vm).enabled else { return };
    let (descriptor, all_threads, with_native_stack) =
        (enabled.descriptor, enabled.all_threads, enabled.with_native_stack);
    let name = FAULTS.iter().find(|fault| fault.0 == number).map_or("", |fault| fault.1);
    write_plainly(descriptor, &format!("Fatal Python error: {name}\n\n"));
    if let Ok(text) = dump(vm, all_threads) {
        write_plainly(descriptor, &text);
    }
    if with_native_stack {
        write_plainly(descriptor, &format!("\n{NO_NATIVE_STACK}"));
    }
}

/// In place of the calls of the process's own functions.
const NO_NATIVE_STACK: &str =
    "Current thread's C stack trace (most recent call first):\n  <cannot get C stack on this system>\n";

fn write_plainly(descriptor: i32, text: &str) {
    _ = descriptor::write(descriptor, text.as_bytes());
}

pub fn dump_c_stack(vm: &mut Vm, descriptor: i32) -> PyResult<()> {
    super::write(vm, descriptor, NO_NATIVE_STACK)
}

/// Raises a fault's signal, as foreign code that is at fault would.
pub fn raise(vm: &mut Vm, number: i32, lets_others_run: bool) {
    vm.go_outside(!lets_others_run, || _ = signal::raise(number));
}

pub fn is_fault(number: i32) -> bool {
    FAULTS.iter().any(|fault| fault.0 == number)
}
