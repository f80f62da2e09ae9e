//! `types.FunctionType(…)`: a function of a code object.

use crate::object::argument::{ClassOf, OrNone, Str, This, method};
use crate::object::layout::{CellObject, CodeObject, DictObject, FunctionObject, TupleObject};
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const NEW: NativeRow =
    method("__new__", "($type, /, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)", new)
        .doc("A function of a code object, its globals and what else it needs.");

#[expect(clippy::too_many_arguments, reason = "the parameters of the constructor")]
fn new(
    vm: &mut Vm,
    _: ClassOf<FunctionObject>,
    code: This<CodeObject>,
    globals: This<DictObject>,
    name: OrNone<Str>,
    defaults: OrNone<Value>,
    closure: OrNone<Value>,
    keyword_defaults: OrNone<Value>,
) -> PyResult {
    if defaults.0.is_some_and(|defaults| !vm.is_a::<TupleObject>(defaults)) {
        return Err(vm.raise_type("arg 4 (defaults) must be None or tuple"));
    }
    if keyword_defaults.0.is_some_and(|defaults| !vm.is_a::<DictObject>(defaults)) {
        return Err(vm.raise_type("arg 6 (kwdefaults) must be None or dict"));
    }
    let closure = checked_closure(vm, code, closure.0)?;
    let function = vm.new_function(code.value(), globals.value());
    let Some(mut this) = This::<FunctionObject>::of(vm, function) else { return Ok(function) };
    if let Some(name) = name.0 {
        this.name = name.value();
    }
    this.closure = closure;
    if let Some(defaults) = defaults.0 {
        this.defaults = defaults;
    }
    if let Some(keyword_defaults) = keyword_defaults.0 {
        this.kwdefaults = keyword_defaults;
    }
    vm.barrier(this.pointer());
    Ok(function)
}

/// The closure, which has to have a cell for each free variable of the code; None where there are none.
fn checked_closure(vm: &mut Vm, code: This<CodeObject>, closure: Option<Value>) -> PyResult {
    // SAFETY: code lives as long as its object.
    let n_frees = unsafe { (*code.code).n_frees };
    let Some(closure) = closure else {
        return if n_frees == 0 { Ok(Value::NONE) } else { Err(vm.raise_type("arg 5 (closure) must be tuple")) };
    };
    let Some(cells) = This::<TupleObject>::of(vm, closure) else {
        return Err(vm.raise_type("arg 5 (closure) must be None or tuple"));
    };
    if cells.len != n_frees {
        let (name, given) = (vm.string_of(code.name), cells.len);
        return Err(vm.raise_value(&format!("{name} requires closure of length {n_frees}, not {given}")));
    }
    for &cell in cells.items() {
        if This::<CellObject>::of(vm, cell).is_none() {
            let message = format!("arg 5 (closure) expected cell, found {}", vm.class_name(cell));
            return Err(vm.raise_type(&message));
        }
    }
    Ok(if n_frees == 0 { Value::NONE } else { closure })
}
