//! Signals that have the program tell where it stands, and go on.

use super::dump::dump;
use super::{State, descriptor_of, fault, write};
use crate::posix::OrRaise;
use crate::signal::check_signal;
use stitch_runtime::host::signal::{self, Answer};
use stitch_runtime::object::argument::OrNone;
use stitch_runtime::signals::interrupt_alone;
use stitch_runtime::{PyResult, Value, Vm};

/// Where it is told of.
pub struct Registered {
    pub file: Value,
    descriptor: i32,
    all_threads: bool,
    /// What answered the signal before answers it still.
    chains: bool,
    before: Answer,
}

pub fn register(
    vm: &mut Vm,
    signum: i32,
    file: OrNone<Value>,
    all_threads: Option<bool>,
    chain: Option<bool>,
) -> PyResult<()> {
    if fault::is_fault(signum) {
        return Err(vm.raise_runtime(&format!("signal {signum} cannot be registered, use enable() instead")));
    }
    let signum = check_signal(vm, signum)?;
    let descriptor = descriptor_of(vm, file.0)?;
    // Who takes the signals over later would take these, too.
    vm.import_dotted("_signal")?;
    let before = match State::of(vm).registered.get(&signum) {
        Some(registered) => registered.before,
        None => {
            let before = signal::answer(signum).or_raise(vm)?;
            signal::catch_signal(signum).or_raise(vm)?;
            before
        }
    };
    let registered = Registered {
        file: file.0.unwrap_or(Value::NONE),
        descriptor,
        all_threads: all_threads != Some(false),
        chains: chain == Some(true),
        before,
    };
    let on_signal = vm.on_signal;
    let state = State::of(vm);
    state.registered.insert(signum, registered);
    if state.on_signal.is_none() {
        state.on_signal = Some(on_signal);
        vm.on_signal = answer;
    }
    Ok(())
}

pub fn unregister(vm: &mut Vm, signum: i32) -> PyResult<bool> {
    let signum = check_signal(vm, signum)?;
    match State::of(vm).registered.remove(&signum) {
        Some(registered) => {
            signal::set_answer(signum, registered.before).or_raise(vm)?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// What is done at a poll for a signal that has arrived.
fn answer(vm: &mut Vm, signum: i32) -> PyResult<()> {
    let state = State::of(vm);
    let next = state.on_signal.unwrap_or(interrupt_alone);
    let Some(registered) = state.registered.get(&signum) else { return next(vm, signum) };
    let (descriptor, all_threads, chains, before) =
        (registered.descriptor, registered.all_threads, registered.chains, registered.before);
    if dump(vm, all_threads).and_then(|text| write(vm, descriptor, &text)).is_err() {
        vm.clear_exception();
    }
    match before {
        Answer::Function(_) if chains => next(vm, signum),
        Answer::Default if chains => {
            signal::set_answer(signum, Answer::Default).or_raise(vm)?;
            signal::raise(signum).or_raise(vm)?;
            signal::catch_signal(signum).or_raise(vm)
        }
        _ => Ok(()),
    }
}
