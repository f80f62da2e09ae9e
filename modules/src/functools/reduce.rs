//! `reduce`.

use stitch_runtime::{PyResult, Value, Vm};

pub fn reduce(vm: &mut Vm, function: Value, iterable: Value, initial: Option<Value>) -> PyResult {
    let iterator = match vm.get_iter(iterable) {
        Ok(iterator) => iterator,
        Err(_) if vm.exception_matches(vm.exceptions.TypeError) => {
            return Err(vm.raise_type("reduce() arg 2 must support iteration"));
        }
        Err(raised) => return Err(raised),
    };
    let mut result = match initial {
        Some(initial) => initial,
        None => match vm.iter_next(iterator)? {
            Some(first) => first,
            None => return Err(vm.raise_type("reduce() of empty iterable with no initial value")),
        },
    };
    while let Some(item) = vm.iter_next(iterator)? {
        result = vm.call(function, &[result, item])?;
    }
    Ok(result)
}
