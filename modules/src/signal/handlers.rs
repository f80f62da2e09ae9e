//! Handlers: Python functions, called at polls, and what the system does by itself.

use super::{MODULE, check_signal, set_value};
use crate::posix::OrRaise;
use stitch_runtime::host::signal::{self, Answer, N_SIGNALS};
use stitch_runtime::host::{descriptor, fs};
use stitch_runtime::object::argument::{Index, method};
use stitch_runtime::object::module::ModuleState;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("default_int_handler", "(signalnum, frame, /)", |vm: &mut Vm, _: i32, _: Value| -> PyResult<()> {
        Err(vm.raise_with(vm.exceptions.KeyboardInterrupt, &[]))
    })
    .doc("What is done for SIGINT unless the program says otherwise: raises KeyboardInterrupt."),
    method("signal", "(signalnum, handler, /)", set)
        .doc("Sets what is done for a signal: SIG_DFL, SIG_IGN, or a function; gives what was done before."),
    method("getsignal", "(signalnum, /)", |vm: &mut Vm, number: i32| -> PyResult {
        let number = check_signal(vm, number)?;
        Ok(handler_of(vm, number))
    })
    .doc("What is done for a signal; None: it was not set by this program."),
    method("raise_signal", "(signalnum, /)", |vm: &mut Vm, number: i32| {
        signal::raise(number).or_raise(vm)?;
        vm.answer_signals()
    })
    .doc("Sends a signal to this process."),
    method("siginterrupt", "(signalnum, flag, /)", |vm: &mut Vm, number: i32, is_interrupting: bool| {
        let number = check_signal(vm, number)?;
        signal::set_interrupting(number, is_interrupting).or_raise(vm)
    })
    .doc("Sets whether a signal cuts calls of the system short."),
    method("set_wakeup_fd", "(fd, /, *, warn_on_full_buffer=True)", set_wakeup)
        .doc("Has the numbers of signals be written to a descriptor; gives the one before, or -1."),
    method("strsignal", "(signalnum, /)", |vm: &mut Vm, number: i32| -> PyResult<Option<String>> {
        let number = check_signal(vm, number)?;
        Ok(signal::description(number))
    })
    .doc("What a signal is called; None where it has no name."),
    method("valid_signals", "()", |vm: &mut Vm| {
        let all = signal::all_signals();
        set_value(vm, signal::members(&all))
    })
    .doc("The numbers that signals have."),
    method("pthread_kill", "(thread_id, signalnum, /)", |vm: &mut Vm, thread: Index, number: i32| {
        signal::send_to_thread(thread.0 as u64, number).or_raise(vm)?;
        vm.answer_signals()
    })
    .doc("Sends a signal to a thread."),
    method(
        "pidfd_send_signal",
        "(pidfd, signalnum, siginfo=None, flags=0, /)",
        |vm: &mut Vm, fd: i32, number: i32, info: Option<Value>, flags: Option<i32>| -> PyResult<()> {
            if info.is_some_and(|info| !info.is_none()) {
                return Err(vm.raise_type("siginfo must be None"));
            }
            signal::send_to_descriptor(fd, number, flags.unwrap_or(0) as u32).or_raise(vm)?;
            vm.answer_signals()
        },
    )
    .doc("Sends a signal to the process that a descriptor stands for."),
];

/// By the signal's number: SIG_DFL, SIG_IGN, a function, or None for what this program did not set.
pub struct Handlers([Value; N_SIGNALS as usize]);

impl Handlers {
    pub fn new() -> Handlers {
        Handlers([Value::NONE; N_SIGNALS as usize])
    }
}

impl ModuleState for Handlers {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.0.iter().for_each(|&handler| visit(handler));
    }
}

const DEFAULT: Value = Value::small_int(libc::SIG_DFL as i64);
const IGNORED: Value = Value::small_int(libc::SIG_IGN as i64);

fn handler_of(vm: &mut Vm, number: i32) -> Value {
    vm.module_state::<Handlers>(&MODULE).map_or(Value::NONE, |handlers| handlers.0[number as usize])
}

/// Does the program have a function called for a signal?
pub fn has_function(vm: &mut Vm, number: i32) -> bool {
    let handler = handler_of(vm, number);
    vm.is_callable(handler)
}

fn set_handler(vm: &mut Vm, number: i32, handler: Value) {
    if let Some(handlers) = vm.module_state::<Handlers>(&MODULE) {
        handlers.0[number as usize] = handler;
    }
}

/// Finds out how signals are answered so far; from now on this module answers them.
pub fn take_over(vm: &mut Vm, module: Value) -> PyResult<()> {
    let name = vm.intern("default_int_handler");
    let on_interrupt = vm.get_attr(module, name)?;
    for number in 1..N_SIGNALS {
        let handler = match signal::answer(number) {
            Ok(Answer::Default) => DEFAULT,
            Ok(Answer::Ignored) => IGNORED,
            Ok(Answer::Function(_)) if number == libc::SIGINT => on_interrupt,
            Ok(Answer::Function(_)) | Err(_) => Value::NONE,
        };
        set_handler(vm, number, handler);
    }
    vm.on_signal = call_handler;
    Ok(())
}

/// What is done at a poll.
fn call_handler(vm: &mut Vm, number: i32) -> PyResult<()> {
    let handler = handler_of(vm, number);
    if handler.is_none() || handler == DEFAULT || handler == IGNORED {
        // It was caught when it arrived, and is not any more.
        return if number == libc::SIGINT { stitch_runtime::signals::interrupt_alone(vm, number) } else { Ok(()) };
    }
    let (sys, get_frame) = (vm.import_dotted("sys")?, vm.intern("_getframe"));
    let frame = match vm.call_method(sys, get_frame, &[]) {
        Ok(frame) => frame,
        Err(_) => {
            // Nothing runs that has a frame.
            vm.clear_exception();
            Value::NONE
        }
    };
    vm.call(handler, &[Value::small_int(number.into()), frame])?;
    Ok(())
}

fn set(vm: &mut Vm, number: i32, handler: Value) -> PyResult {
    check_main_thread(vm, "signal")?;
    let number = check_signal(vm, number)?;
    let answer = if vm.slots_of(handler).call.is_some() {
        None
    } else if handler == DEFAULT {
        Some(Answer::Default)
    } else if handler == IGNORED {
        Some(Answer::Ignored)
    } else {
        let message = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object";
        return Err(vm.raise_type(message));
    };
    vm.answer_signals()?;
    let old = handler_of(vm, number);
    let set = match answer {
        Some(answer) => signal::set_answer(number, answer),
        None => {
            vm.receive_signals();
            signal::catch_signal(number)
        }
    };
    set.or_raise(vm)?;
    set_handler(vm, number, handler);
    if number == libc::SIGINT {
        let (module, name) = (vm.import_dotted("_signal")?, vm.intern("default_int_handler"));
        vm.interrupt_raises = vm.get_attr(module, name)? == handler;
    }
    Ok(old)
}

fn check_main_thread(vm: &mut Vm, function: &str) -> PyResult<()> {
    match vm.is_main_thread() {
        true => Ok(()),
        false => Err(vm.raise_value(&format!("{function} only works in main thread of the main interpreter"))),
    }
}

fn set_wakeup(vm: &mut Vm, fd: i32, _warns: Option<bool>) -> PyResult<i32> {
    check_main_thread(vm, "set_wakeup_fd")?;
    if fd != -1 {
        if fd < 0 {
            return Err(vm.raise_value("invalid fd"));
        }
        fs::status(fd).or_raise(vm)?;
        if descriptor::is_blocking(fd).or_raise(vm)? {
            return Err(vm.raise_value(&format!("the fd {fd} must be in non-blocking mode")));
        }
    }
    Ok(vm.signals.set_wakeup(fd))
}
