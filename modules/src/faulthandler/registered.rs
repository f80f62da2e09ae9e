//! Signals that have the program say where it stands.

use super::{MODULE, State, descriptor_of, dump, write};
use crate::posix::OrRaise;
use stitch_runtime::host::signal::{self, Answer, N_SIGNALS};
use stitch_runtime::object::argument::OrNone;
use stitch_runtime::signals::OnSignal;
use stitch_runtime::{PyResult, Value, Vm};

/// They end the process, or cannot be caught.
const FATAL: [i32; 5] = [libc::SIGSEGV, libc::SIGFPE, libc::SIGABRT, libc::SIGBUS, libc::SIGILL];

/// What is done for one.
#[derive(Clone, Copy)]
pub struct Registered {
    number: i32,
    pub file: Value,
    descriptor: i32,
    all_threads: bool,
    chains: bool,
    before: Answer,
}

/// All, and who answers the others.
pub struct Registry {
    pub all: Vec<Registered>,
    next: OnSignal,
}

pub fn register(
    vm: &mut Vm,
    number: i32,
    file: OrNone<Value>,
    all_threads: Option<bool>,
    chain: Option<bool>,
) -> PyResult<()> {
    check(vm, number)?;
    let descriptor = descriptor_of(vm, file.0)?;
    // It looks at how signals are answered when it is made, and answers them from then on.
    vm.import_dotted("_signal")?;
    let old = State::of(vm).registry.as_ref().and_then(|registry| registry.find(number));
    let before = match old {
        Some(old) => old.before,
        None => signal::answer(number).or_raise(vm)?,
    };
    vm.receive_signals();
    signal::catch_signal(number).or_raise(vm)?;
    if State::of(vm).registry.is_none() {
        let next = std::mem::replace(&mut vm.on_signal, on_signal);
        State::of(vm).registry = Some(Registry { all: Vec::new(), next });
    }
    let registered = Registered {
        number,
        file: file.0.unwrap_or(Value::NONE),
        descriptor,
        all_threads: all_threads != Some(false),
        chains: chain == Some(true),
        before,
    };
    if let Some(registry) = &mut State::of(vm).registry {
        registry.all.retain(|other| other.number != number);
        registry.all.push(registered);
    }
    Ok(())
}

/// Was it registered?
pub fn unregister(vm: &mut Vm, number: i32) -> PyResult<bool> {
    check(vm, number)?;
    let Some(registry) = &mut State::of(vm).registry else { return Ok(false) };
    let Some(old) = registry.find(number) else { return Ok(false) };
    registry.all.retain(|other| other.number != number);
    signal::set_answer(number, old.before).or_raise(vm)?;
    Ok(true)
}

impl Registry {
    fn find(&self, number: i32) -> Option<Registered> {
        self.all.iter().find(|registered| registered.number == number).copied()
    }
}

fn check(vm: &mut Vm, number: i32) -> PyResult<()> {
    if FATAL.contains(&number) {
        return Err(vm.raise_runtime(&format!("signal {number} cannot be registered, use enable() instead")));
    }
    if !(1..N_SIGNALS).contains(&number) {
        return Err(vm.raise_value("signal number out of range"));
    }
    Ok(())
}

/// What is done at a poll.
fn on_signal(vm: &mut Vm, number: i32) -> PyResult<()> {
    let Some(registry) = vm.module_state::<State>(&MODULE).and_then(|state| state.registry.as_ref()) else {
        return Ok(());
    };
    let next = registry.next;
    let Some(registered) = registry.find(number) else { return next(vm, number) };
    let text = dump(vm, registered.all_threads)?;
    write(vm, registered.descriptor, &text)?;
    match registered.before {
        _ if !registered.chains => Ok(()),
        Answer::Ignored => Ok(()),
        Answer::Function(_) => next(vm, number),
        Answer::Default => {
            signal::set_answer(number, Answer::Default).or_raise(vm)?;
            signal::raise(number).or_raise(vm)?;
            signal::catch_signal(number).or_raise(vm)
        }
    }
}
