//! `faulthandler`: where the program stands, written without any of its streams. What runs here does not end by a signal of its own
//! fault, so that `enable` has nothing to catch: it keeps only that it was asked for.

use crate::posix::OrRaise;
use stitch_runtime::host::descriptor;
use stitch_runtime::object::argument::{OrNone, method};
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "faulthandler",
    doc: "Where the program stands.",
    functions: FUNCTIONS,
    state: Some(|| Box::new(State { is_enabled: false })),
    ..ModuleSpec::NEW
};

const FUNCTIONS: &[NativeRow] = &[
    method("enable", "(file=None, all_threads=True, c_stack=True)", enable).doc("Keeps that it was asked for."),
    method("disable", "()", |vm: &mut Vm| std::mem::replace(&mut State::of(vm).is_enabled, false))
        .doc("Takes `enable` back; was it asked for?"),
    method("is_enabled", "()", |vm: &mut Vm| State::of(vm).is_enabled).doc("Was `enable` asked for?"),
    method("dump_traceback", "(file=None, all_threads=True)", dump_traceback)
        .doc("Writes the frames that run to a file's descriptor, the latest first."),
    method("cancel_dump_traceback_later", "()", || ()).doc("Nothing: nothing is written later."),
];

struct State {
    is_enabled: bool,
}

impl ModuleState for State {}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module keeps a state")
    }
}

/// The descriptor of a file: its number, or what its `fileno` gives once it is flushed; `sys.stderr` where none is given.
fn descriptor_of(vm: &mut Vm, file: Option<Value>) -> PyResult<i32> {
    let file = match file {
        Some(file) => file,
        None => {
            let name = vm.intern("stderr");
            match vm.sys_entry(name).filter(|file| !file.is_none()) {
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

fn enable(vm: &mut Vm, file: OrNone<Value>, _all_threads: Option<bool>, _c_stack: Option<bool>) -> PyResult<()> {
    descriptor_of(vm, file.0)?;
    State::of(vm).is_enabled = true;
    Ok(())
}

fn dump_traceback(vm: &mut Vm, file: OrNone<Value>, _all_threads: Option<bool>) -> PyResult<()> {
    let descriptor = descriptor_of(vm, file.0)?;
    let mut text = String::from("Stack (most recent call first):\n");
    let mut depth = 0;
    while let Ok(frame) = vm.frame_object(depth) {
        let mut attribute = |owner: Value, name: &str| {
            let name = vm.intern(name);
            vm.get_attr(owner, name)
        };
        let code = attribute(frame, "f_code")?;
        let (file, name, line) =
            (attribute(code, "co_filename")?, attribute(code, "co_name")?, attribute(frame, "f_lineno")?);
        let line = if line.is_int() { line.as_int().to_string() } else { "???".to_string() };
        text.push_str(&format!("  File \"{}\", line {line} in {}\n", vm.string_of(file), vm.string_of(name)));
        depth += 1;
    }
    vm.clear_exception();
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let written = descriptor::write(descriptor, rest).or_raise(vm)?;
        rest = &rest[written..];
    }
    Ok(())
}
