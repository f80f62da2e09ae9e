//! Sizes as arguments.

use stitch_runtime::object::argument::{Parameter, Place};
use stitch_runtime::{PyResult, Value, Vm};

/// How much to read or to keep: an int, or None where all is meant, or what there is.
#[derive(Clone, Copy)]
pub struct Size(pub Option<i64>);

impl Size {
    /// As many of what there is as it says; negative numbers say all.
    pub fn of_available(self, available: usize) -> usize {
        match self.0 {
            Some(size) if size >= 0 => (size as usize).min(available),
            _ => available,
        }
    }
}

impl Parameter for Size {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Size> {
        if argument.is_unbound() || argument.is_none() {
            return Ok(Size(None));
        }
        if !vm.is_index(argument) {
            let message = format!("argument should be integer or None, not '{}'", vm.class_name(argument));
            return Err(vm.raise_type(&message));
        }
        Ok(Size(Some(vm.index_i64(argument)?)))
    }
}
