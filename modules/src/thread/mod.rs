//! `_thread`: threads, locks, and what tells threads apart.

mod handle;
mod local;
pub mod lock;

use crate::signal;
use handle::THREAD_HANDLE;
pub use handle::forget_others;
use local::LOCAL;
use lock::{LOCK, RLOCK};
use stitch_runtime::object::argument::{Index, Str, method};
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{fields, struct_sequence};
use stitch_runtime::thread::MIN_STACK_BYTES;
use stitch_runtime::{PyResult, Value, Vm};

/// What a count of nanoseconds in 64 bits can hold.
pub const MAX_TIMEOUT_SECONDS: u64 = 9_223_372_036;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_thread",
    doc: "Threads and locks.",
    functions: &[
        method("get_ident", "()", |vm: &mut Vm| vm.thread_ident())
            .doc("A number that tells the thread apart from others."),
        method("_get_main_thread_ident", "()", |vm: &mut Vm| vm.threads.main_ident())
            .doc("The number of the main thread."),
        method("get_native_id", "()", stitch_runtime::host::thread_id).doc("The system's number of the thread."),
        method("allocate_lock", "()", lock::allocate).doc("A new lock."),
        method("allocate", "()", lock::allocate).doc("A new lock."),
        starting("start_new_thread"),
        starting("start_new"),
        method("start_joinable_thread", "(function, handle=None, daemon=True)", handle::start_joinable)
            .doc("Starts a thread; gives a handle of it."),
        method("daemon_threads_allowed", "()", || true).doc("May threads be left behind at exit?"),
        method("stack_size", "(size=0, /)", stack_size).doc("The size of new threads' stacks; 0: the system's."),
        method("_count", "()", |vm: &mut Vm| vm.threads.n_others()).doc("How many threads were started that run."),
        method("_is_main_interpreter", "()", || true).doc("Is this the first machine of the process?"),
        method("_shutdown", "()", handle::shut_down).doc("Waits for the threads that are not to be left behind."),
        method("_make_thread_handle", "(ident, /)", handle::of_ident).doc("A handle of a thread that runs."),
        method("_excepthook", "(args, /)", handle::except_hook).doc("Tells of an exception that has ended a thread."),
        method("set_name", "(name)", set_name).doc("Names the thread, for the system's tools."),
        method("interrupt_main", "(signum=2, /)", interrupt_main).doc("Has the main thread answer a signal."),
        method("exit", "()", exit).doc("Ends the thread."),
        method("exit_thread", "()", exit).doc("Ends the thread."),
    ],
    constants: &[("TIMEOUT_MAX", Constant::Float(MAX_TIMEOUT_SECONDS as f64))],
    types: &[&LOCK, &RLOCK, &THREAD_HANDLE, &LOCAL, &HOOK_ARGUMENTS],
    exec: Some(|vm, module| {
        let lock = Value::object(vm.type_of_spec(&LOCK));
        vm.set_module_entry(module, "LockType", lock);
        let error = Value::object(vm.exceptions.RuntimeError);
        vm.set_module_entry(module, "error", error);
        Ok(())
    }),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

/// What `threading.excepthook` gets.
static HOOK_ARGUMENTS: TypeSpec = TypeSpec {
    new: Some(
        method("__new__", "($type, sequence, /, *args)", handle::hook_arguments).doc("Made of a sequence of four."),
    ),
    ..struct_sequence("_ExceptHookArgs", "_thread", "What has ended a thread.", HOOK_FIELDS)
};
const HOOK_FIELDS: &[GetSetRow] = &fields(["exc_type", "exc_value", "exc_traceback", "thread"]);

#[derive(Default)]
struct State {
    /// Handles of threads that run, and whether the program's end waits for them.
    running: Vec<(Value, bool)>,
    stack_bytes: usize,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.running.iter().for_each(|&(handle, _)| visit(handle));
    }
}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is one")
    }
}

const fn starting(name: &'static str) -> NativeRow {
    method(name, "(function, args, kwargs={}, /)", handle::start_new).doc("Starts a thread; gives its number.")
}

fn exit(vm: &mut Vm) -> PyResult {
    Err(vm.raise_with(vm.exceptions.SystemExit, &[]))
}

fn stack_size(vm: &mut Vm, size: Option<Index>) -> PyResult<usize> {
    let before = State::of(vm).stack_bytes;
    match size.map(|size| size.0) {
        None => {}
        Some(size) if size < 0 => return Err(vm.raise_value("size must be 0 or a positive value")),
        Some(size) if size > 0 && (size as usize) < MIN_STACK_BYTES => {
            return Err(vm.raise_value(&format!("size not valid: {size} bytes")));
        }
        Some(size) => State::of(vm).stack_bytes = size as usize,
    }
    Ok(before)
}

/// As much of the name as the system takes.
fn set_name(vm: &mut Vm, name: Str) -> PyResult<()> {
    const MAX_BYTES: usize = 15;
    let mut name = vm.str_string(name.value())?.replace('\0', "");
    while name.len() > MAX_BYTES {
        name.pop();
    }
    if let Ok(name) = std::ffi::CString::new(name) {
        stitch_runtime::host::name_thread(&name);
    }
    Ok(())
}

/// As if the signal had come, where the program has a function for it.
fn interrupt_main(vm: &mut Vm, number: Option<i32>) -> PyResult<()> {
    let number = signal::check_signal(vm, number.unwrap_or(libc::SIGINT))?;
    vm.import_dotted("_signal")?;
    if signal::has_function(vm, number) {
        vm.signals.arrivals().note(number);
        vm.request_pending();
    }
    vm.answer_signals()
}
