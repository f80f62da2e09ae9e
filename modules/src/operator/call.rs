//! Handing on arguments, and the arguments of objects that take one.

use stitch_runtime::object::argument::{Keywords, Rest};
use stitch_runtime::object::native::Arguments;
use stitch_runtime::{PyResult, Value, Vm};

pub fn call(vm: &mut Vm, callee: Value, args: Rest, keywords: Keywords) -> PyResult {
    if keywords.is_empty() {
        vm.call(callee, args.items())
    } else {
        vm.call_expanded(callee, args.value(), keywords.value())
    }
}

/// The one argument of a call.
#[inline]
pub fn only(vm: &mut Vm, name: &str, arguments: Arguments<'_>) -> PyResult {
    match *arguments.values {
        [value] if arguments.names.is_unbound() => Ok(value),
        _ if !arguments.names.is_unbound() => Err(vm.raise_type(&format!("{name}() takes no keyword arguments"))),
        ref values => Err(vm.raise_type(&format!("{name} expected 1 argument, got {}", values.len()))),
    }
}
