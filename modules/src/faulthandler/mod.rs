//! `faulthandler`: where the program stands, written without any of its streams: when it asks, when a time is over, when a signal
//! comes, and when a fault ends it, which is that of a foreign function, or was sent.

mod dump;
mod fault;
mod later;
mod register;

use dump::{dump, write};
use fault::Enabled;
use later::Later;
use register::Registered;
use std::collections::BTreeMap;
use stitch_runtime::object::argument::{OrNone, method};
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::signals::OnSignal;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "faulthandler",
    doc: "Where the program stands.",
    functions: FUNCTIONS,
    exec: Some(|vm, _| {
        if is_wanted(vm)? {
            let enabled = Enabled::new(vm, Value::NONE, STANDARD_ERROR, true, true);
            State::of(vm).enabled = Some(enabled);
        }
        Ok(())
    }),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("enable", "(file=None, all_threads=True, c_stack=True)", enable)
        .doc("Has faults that end the process be told of."),
    method("disable", "()", |vm: &mut Vm| State::of(vm).enabled.take().is_some())
        .doc("Takes `enable` back; was it asked for?"),
    method("is_enabled", "()", |vm: &mut Vm| State::of(vm).enabled.is_some()).doc("Was `enable` asked for?"),
    method("register", "(signum, file=None, all_threads=True, chain=False)", register::register)
        .doc("Has a signal write the frames that run."),
    method("unregister", "(signum, /)", register::unregister).doc("Takes `register` back; was it asked for?"),
    method("dump_c_stack", "(file=None)", |vm: &mut Vm, file: OrNone<Value>| {
        let descriptor = descriptor_of(vm, file.0)?;
        fault::dump_c_stack(vm, descriptor)
    })
    .doc("Says that the process's own functions are not known."),
    method("_sigsegv", "(release_gil=False, /)", |vm: &mut Vm, lets_others_run: Option<bool>| {
        fault::raise(vm, libc::SIGSEGV, lets_others_run == Some(true));
    })
    .doc("Raises SIGSEGV."),
    method("_sigabrt", "()", |vm: &mut Vm| fault::raise(vm, libc::SIGABRT, false)).doc("Raises SIGABRT."),
    method("_sigfpe", "()", |vm: &mut Vm| fault::raise(vm, libc::SIGFPE, false)).doc("Raises SIGFPE."),
    method("_read_null", "()", |vm: &mut Vm| fault::raise(vm, libc::SIGSEGV, false)).doc("Raises SIGSEGV."),
    method("dump_traceback", "(file=None, all_threads=True)", dump_traceback)
        .doc("Writes the frames that run to a file's descriptor, the latest first."),
    method("dump_traceback_later", "(timeout, repeat=False, file=None, exit=False)", later::dump_later)
        .doc("Does so after a time, again and again if asked to; then ends the process, if asked to."),
    method("cancel_dump_traceback_later", "()", later::cancel).doc("Takes `dump_traceback_later` back."),
];

/// The descriptor of standard error.
const STANDARD_ERROR: i32 = 2;

#[derive(Default)]
struct State {
    enabled: Option<Enabled>,
    registered: BTreeMap<i32, Registered>,
    /// What answered signals before there were any.
    on_signal: Option<OnSignal>,
    later: Option<Later>,
    /// How many there have been.
    n_laters: u64,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.enabled.iter().for_each(|enabled| visit(enabled.file));
        self.registered.values().for_each(|registered| visit(registered.file));
        self.later.iter().for_each(|later| visit(later.file));
    }
}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module keeps a state")
    }
}

/// Was it asked for on the command line, or in the environment?
fn is_wanted(vm: &mut Vm) -> PyResult<bool> {
    let [options, flags] = ["_xoptions", "flags"].map(|name| vm.intern(name));
    if let Some(options) = vm.sys_entry(options) {
        for option in ["faulthandler", "dev"] {
            let option = vm.intern(option);
            if vm.contains(options, option)? {
                return Ok(true);
            }
        }
    }
    let Some(flags) = vm.sys_entry(flags) else { return Ok(false) };
    let name = vm.intern("ignore_environment");
    let ignored = vm.get_attr(flags, name)?;
    let is_set = ["PYTHONFAULTHANDLER", "PYTHONDEVMODE"].into_iter().any(stitch_runtime::host::is_set);
    Ok(is_set && !vm.is_true(ignored)?)
}

/// The descriptor of a file: its number, or what its `fileno` gives once it is flushed; `sys.stderr` where none is given.
fn descriptor_of(vm: &mut Vm, file: Option<Value>) -> PyResult<i32> {
    let file = match file {
        Some(file) => file,
        None => {
            let name = vm.intern("stderr");
            match vm.sys_entry(name) {
                Some(file) if file.is_none() => return Err(vm.raise_runtime("sys.stderr is None")),
                Some(file) => file,
                None => return Err(vm.raise_runtime("unable to get sys.stderr")),
            }
        }
    };
    if file.is_int() {
        let number = i32::try_from(file.as_int()).ok().filter(|&number| number >= 0);
        return number.ok_or_else(|| vm.raise_value("file is not a valid file descripter"));
    }
    let (fileno, flush) = (vm.intern("fileno"), vm.intern("flush"));
    let number = vm.call_method(file, fileno, &[])?;
    let number = vm.index_i64(number)?;
    if vm.call_method(file, flush, &[]).is_err() {
        vm.clear_exception();
    }
    let number = i32::try_from(number).ok().filter(|&number| number >= 0);
    number.ok_or_else(|| vm.raise_runtime("file.fileno() is not a valid file descriptor"))
}

fn enable(vm: &mut Vm, file: OrNone<Value>, all_threads: Option<bool>, c_stack: Option<bool>) -> PyResult<()> {
    let descriptor = descriptor_of(vm, file.0)?;
    State::of(vm).enabled = None;
    let file = file.0.unwrap_or(Value::NONE);
    let enabled = Enabled::new(vm, file, descriptor, all_threads != Some(false), c_stack != Some(false));
    State::of(vm).enabled = Some(enabled);
    Ok(())
}

fn dump_traceback(vm: &mut Vm, file: OrNone<Value>, all_threads: Option<bool>) -> PyResult<()> {
    let descriptor = descriptor_of(vm, file.0)?;
    let text = dump(vm, all_threads != Some(false))?;
    write(vm, descriptor, &text)
}
