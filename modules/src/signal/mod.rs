//! `_signal`: what is done for signals, under the module `signal`.

mod handlers;
mod timers;
mod waiting;

pub use handlers::has_function;

use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

macro_rules! constants {
    ($($name:ident)*) => {
        const CONSTANTS: &[(&str, Constant)] = &[
            $((stringify!($name), Constant::Int(libc::$name as i64)),)*
            ("NSIG", Constant::Int(stitch_runtime::host::signal::N_SIGNALS as i64)),
            ("SIGCLD", Constant::Int(libc::SIGCHLD as i64)),
            ("SIGRTMIN", Constant::Int(34)),
            ("SIGRTMAX", Constant::Int(64)),
        ];
    };
}

constants! {
    ITIMER_PROF ITIMER_REAL ITIMER_VIRTUAL SIGABRT SIGALRM SIGBUS SIGCHLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT
    SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN
    SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIG_BLOCK SIG_DFL SIG_IGN SIG_SETMASK SIG_UNBLOCK
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_signal",
    doc: "What is done for signals.",
    functions: handlers::FUNCTIONS,
    constants: CONSTANTS,
    types: &[&waiting::STRUCT_SIGINFO],
    state: Some(|| Box::new(handlers::Handlers::new())),
    exec: Some(|vm, module| {
        let dict = vm.module_dict(module);
        for rows in [timers::FUNCTIONS, waiting::FUNCTIONS] as [&[NativeRow]; 2] {
            vm.add_functions(dict, "_signal", rows);
        }
        let error = Value::object(vm.type_of_spec(&timers::ITIMER_ERROR));
        vm.set_module_entry(module, "ItimerError", error);
        handlers::take_over(vm, module)
    }),
    ..ModuleSpec::NEW
};

/// A signal's number; ValueError where there is none of it.
pub fn check_signal(vm: &mut Vm, signal: i32) -> PyResult<i32> {
    match signal {
        1.. if signal < stitch_runtime::host::signal::N_SIGNALS => Ok(signal),
        _ => Err(vm.raise_value("signal number out of range")),
    }
}

/// A set of signals' numbers.
fn set_value(vm: &mut Vm, signals: impl Iterator<Item = i32>) -> PyResult {
    let set = vm.new_set(stitch_runtime::object::types::BuiltinType::Set)?;
    for signal in signals {
        vm.set_add(set, Value::small_int(signal.into()))?;
    }
    Ok(set)
}
