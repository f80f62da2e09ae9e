//! `atexit`: what is called when the program ends.

use stitch_runtime::object::argument::{Keywords, Rest, method};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "atexit",
    doc: "Functions that are called when the program ends.",
    functions: &[
        method("register", "(func, /, *args, **kwargs)", register).doc(
            "Has the function called with these arguments when the program ends, before those registered earlier.",
        ),
        method("unregister", "(func, /)", unregister)
            .doc("Has a function not called, however often it was registered."),
        method("_run_exitfuncs", "()", |vm: &mut Vm| vm.run_exit_functions()).doc("Calls the functions now."),
        method("_clear", "()", |vm: &mut Vm| vm.exit_functions.clear()).doc("Forgets the functions."),
        method("_ncallbacks", "()", |vm: &mut Vm| vm.exit_functions.len()).doc("How many functions wait."),
    ],
    ..ModuleSpec::NEW
};

fn register(vm: &mut Vm, function: Value, arguments: Rest, keywords: Keywords) -> PyResult {
    if !vm.is_callable(function) {
        return Err(vm.raise_type("the first argument must be callable"));
    }
    let keywords = if keywords.is_empty() { Value::UNBOUND } else { keywords.value() };
    vm.exit_functions.push([function, arguments.value(), keywords]);
    Ok(function)
}

fn unregister(vm: &mut Vm, function: Value) -> PyResult<()> {
    let mut at = vm.exit_functions.len();
    while at > 0 {
        at -= 1;
        // Comparing may run Python code, which may change what waits.
        let Some(&[other, ..]) = vm.exit_functions.get(at) else { continue };
        if vm.equal(other, function)? && vm.exit_functions.get(at).is_some_and(|entry| entry[0] == other) {
            vm.exit_functions.remove(at);
        }
    }
    Ok(())
}
