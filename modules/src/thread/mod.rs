//! `_thread`: locks and what tells threads apart, for programs of one thread: no other can be started yet.

mod handle;
mod lock;

use handle::THREAD_HANDLE;
use lock::{LOCK, RLOCK};
use stitch_runtime::object::argument::{Keywords, Rest, method};
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_thread",
    doc: "Threads and locks.",
    functions: &[
        method("get_ident", "()", ident).doc("A number that tells the thread apart from others."),
        method("_get_main_thread_ident", "()", ident).doc("The number of the main thread."),
        method("get_native_id", "()", || i64::from(stitch_runtime::host::process_id()))
            .doc("The system's number of the thread."),
        method("allocate_lock", "()", lock::allocate).doc("A new lock."),
        method("allocate", "()", lock::allocate).doc("A new lock."),
        method(
            "start_new_thread",
            "(function, args, kwargs={}, /)",
            |vm: &mut Vm, _: Value, _: Value, _: Option<Value>| refuse(vm),
        )
        .doc("Raises RuntimeError: there is one thread."),
        method(
            "start_joinable_thread",
            "(function, handle=None, daemon=True)",
            |vm: &mut Vm, _: Value, _: Option<Value>, _: Option<Value>| refuse(vm),
        )
        .doc("Raises RuntimeError: there is one thread."),
        method("daemon_threads_allowed", "()", || true).doc("May threads be left behind at exit?"),
        method("stack_size", "(size=0, /)", |_: Option<Value>| 0i64)
            .doc("The size of new threads' stacks; 0: the system's."),
        method("_count", "()", || 0i64).doc("How many threads were started that run."),
        method("_is_main_interpreter", "()", || true).doc("Is this the first machine of the process?"),
        method("_shutdown", "()", || ()).doc("Waits for the threads that are not to be left behind."),
        method("_make_thread_handle", "(ident, /)", handle::of_ident).doc("A handle of a thread that runs."),
        method("exit", "()", |vm: &mut Vm| -> PyResult { Err(vm.raise_with(vm.exceptions.SystemExit, &[])) })
            .doc("Ends the thread."),
    ],
    constants: &[("TIMEOUT_MAX", Constant::Float(9_223_372_036.0))],
    types: &[&LOCK, &RLOCK, &THREAD_HANDLE, &LOCAL],
    exec: Some(|vm, module| {
        let lock = Value::object(vm.type_of_spec(&LOCK));
        vm.set_module_entry(module, "LockType", lock);
        let error = Value::object(vm.exceptions.RuntimeError);
        vm.set_module_entry(module, "error", error);
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// `threading.local`: attributes of a thread's own, which are an object's where there is one thread.
static LOCAL: TypeSpec = TypeSpec {
    name: "_local",
    module: "_thread",
    doc: "An object whose attributes are each thread's own.",
    is_base: true,
    has_dict: true,
    methods: &[
        method("__init__", "($self, /, *args, **kwargs)", |_: Value, _: Rest, _: Keywords| ()).doc("Takes anything.")
    ],
    ..TypeSpec::NEW
};

/// The machine's address tells its one thread apart.
fn ident(vm: &mut Vm) -> i64 {
    std::ptr::from_mut(vm) as i64
}

fn refuse(vm: &mut Vm) -> PyResult {
    Err(vm.raise(vm.exceptions.RuntimeError, "can't start new thread"))
}
