//! What was being written when something was raised.

use stitch_runtime::{PyResult, Vm};

/// Adds a note to the exception of a result that is one.
pub fn noted<T>(vm: &mut Vm, result: PyResult<T>, note: impl FnOnce(&mut Vm) -> String) -> PyResult<T> {
    if result.is_ok() {
        return result;
    }
    let exception = vm.take_exception();
    let note = note(vm);
    let (name, note) = (vm.intern("add_note"), vm.new_str(&note));
    if vm.call_method(exception, name, &[note]).is_err() {
        vm.clear_exception();
    }
    vm.exception = exception;
    result
}
