//! What `__reduce__` of a container says of an instance's attributes.

use stitch_runtime::{PyResult, Value, Vm};

/// What `__getstate__` gives, or the attributes; None where there are none.
pub fn state_of(vm: &mut Vm, value: Value) -> PyResult {
    let name = vm.intern("__getstate__");
    if let Some(method) = vm.get_attr_opt(value, name)? {
        return vm.call(method, &[]);
    }
    let name = vm.intern("__dict__");
    match vm.get_attr_opt(value, name)? {
        Some(dict) if vm.is_true(dict)? => Ok(dict),
        _ => Ok(Value::NONE),
    }
}
