//! The functions that are told what the JIT does.

use super::{executor, new_failure};
use stitch_runtime::debug::observe::{Event, Observers};
use stitch_runtime::{PyResult, Value, Vm};

pub fn on_compile(vm: &mut Vm, function: Value) -> PyResult {
    watch(vm, function, |observers| &mut observers.on_compile)
}

pub fn on_abort(vm: &mut Vm, function: Value) -> PyResult {
    watch(vm, function, |observers| &mut observers.on_abort)
}

fn watch(vm: &mut Vm, function: Value, slot: fn(&mut Observers) -> &mut Value) -> PyResult {
    if !function.is_none() && !vm.is_callable(function) {
        return Err(vm.raise_type(&format!("expected a callable or None, not '{}'", vm.class_name(function))));
    }
    vm.jit.observers.show = Some(show);
    Ok(std::mem::replace(slot(&mut vm.jit.observers), function))
}

fn show(vm: &mut Vm, event: Event) -> PyResult {
    match event {
        Event::Compiled(id) => executor::new(vm, id),
        Event::Aborted(place, abort) => new_failure(vm, place, abort.message(), 1, abort.is_final()),
    }
}
