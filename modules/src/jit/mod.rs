//! `stitch.jit`: what a program can see and set of the JIT. Nothing here changes what a program computes, and all of it answers
//! without a JIT too: there are no executors then.

mod events;
mod executor;
mod settings;

use stitch_runtime::debug::places::CodePlace;
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::layout::CodeObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::spec::{GetSetRow, TypeSpec};
use stitch_runtime::object::struct_sequence::{closed_struct_sequence, fields};
use stitch_runtime::{PyResult, Value, Vm};

pub static PACKAGE: ModuleSpec = ModuleSpec {
    name: "stitch",
    doc: "The runtime that the program runs on.",
    exec: Some(|vm, module| {
        let path = vm.new_list(&[])?;
        vm.set_module_entry(module, "__path__", path);
        Ok(())
    }),
    ..ModuleSpec::NEW
};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "stitch.jit",
    doc: "What there is to see and to set of the JIT.",
    functions: &[
        method("executors", "(code=None, /)", executor::all).doc(
            "The executors that start in a code object, or in that of a function, the oldest first; without one, all there were. \
             Those that were taken out are among them.",
        ),
        method("failures", "(code, /)", failures)
            .doc("The places of a code object from which recordings failed, each with the last reason."),
        method("statistics", "()", settings::statistics).doc("A dict of all that the JIT counts."),
        method("flush", "()", |vm: &mut Vm| vm.flush_executors())
            .doc("Takes out all executors; what is hot is compiled anew. Answers how many there were."),
        method("get_thresholds", "()", settings::thresholds).doc("How hot a place must be to be compiled."),
        method("set_thresholds", "(*, loop=None, entry=None, exit=None)", settings::set_thresholds).doc(
            "Sets how often a back edge, a function's entry and an exit are reached before they are compiled. Holds for what begins \
             to count from now on. Answers what they were before.",
        ),
        method("on_compile", "(function, /)", |vm: &mut Vm, function: Value| events::on_compile(vm, function)).doc(
            "Has a function called with each executor that is put in its place: on the main thread, between two instructions. None: \
             no more. Answers what was called before.",
        ),
        method("on_abort", "(function, /)", |vm: &mut Vm, function: Value| events::on_abort(vm, function)).doc(
            "Has a function called with each failure of a recording or a compilation: on the main thread, between two instructions. \
             None: no more. Answers what was called before.",
        ),
    ],
    types: &[&executor::EXECUTOR, &executor::EXIT, &FAILURE, &settings::THRESHOLDS],
    ..ModuleSpec::NEW
};

static FAILURE: TypeSpec =
    closed_struct_sequence("Failure", "stitch.jit", "A recording or a compilation that was given up.", FAILURE_FIELDS);
const FAILURE_FIELDS: &[GetSetRow] = &fields(["code", "offset", "line", "reason", "count", "is_final"]);

/// The code object that a value is, or that its `__code__` is.
fn code_object(vm: &mut Vm, value: Value) -> PyResult<This<CodeObject>> {
    let name = vm.intern("__code__");
    let code = match This::<CodeObject>::of(vm, value) {
        Some(code) => return Ok(code),
        None => vm.get_attr_opt(value, name)?,
    };
    let code = code.and_then(|code| This::<CodeObject>::of(vm, code));
    code.ok_or_else(|| vm.raise_type(&format!("expected a code object or a function, not '{}'", vm.class_name(value))))
}

fn line_or_none(vm: &mut Vm, line: Option<i32>) -> Value {
    line.map_or(Value::NONE, |line| vm.new_int(line.into()))
}

fn failures(vm: &mut Vm, value: Value) -> PyResult {
    let object = code_object(vm, value)?;
    let list = vm.new_list_object()?;
    // SAFETY: a code object has code for as long as it lives, and the caller has the object.
    let rows = vm.jit.failures_of(unsafe { &*object.code });
    for (ip, failures, is_final) in rows {
        let place = CodePlace { code_object: object.value().0, ip };
        let failure = new_failure(vm, place, failures.last.message(), failures.n, is_final)?;
        vm.list_push(list.pointer(), failure)?;
    }
    Ok(list.value())
}

fn new_failure(vm: &mut Vm, place: CodePlace, reason: &str, count: u32, is_final: bool) -> PyResult {
    let (offset, line) = (vm.new_int(place.offset() as i64), line_or_none(vm, place.line()));
    let (reason, count) = (vm.new_str(reason), vm.new_int(count.into()));
    let code = place.code().unwrap_or(Value::NONE);
    vm.new_struct_sequence(&FAILURE, &[code, offset, line, reason, count, Value::bool(is_final)])
}
