//! Errors: `ArgumentError`, and errors that say where they come from.

use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{Raised, Vm};

pub static ARGUMENT_ERROR: TypeSpec = TypeSpec {
    name: "ArgumentError",
    module: "ctypes",
    doc: "An argument that a function cannot take.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

/// Replaces the pending exception by one of a class whose message has the old one's class and message behind a prefix.
pub fn extend(vm: &mut Vm, class: *mut TypeObject, prefix: &str) -> Raised {
    let exception = vm.take_exception();
    let name = vm.class_name(exception);
    let text = match vm.str_string(exception) {
        Ok(text) => text,
        Err(_) => {
            vm.clear_exception();
            "???".to_string()
        }
    };
    vm.raise(class, &format!("{prefix}{name}: {text}"))
}

/// ArgumentError for the argument at an index, which the pending exception is about.
pub fn of_argument(vm: &mut Vm, index: usize) -> Raised {
    let class = vm.type_of_spec(&ARGUMENT_ERROR);
    extend(vm, class, &format!("argument {}: ", index + 1))
}
