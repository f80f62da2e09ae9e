//! What compiled code has done about exceptions. What is no exception is left alone.

use crate::interp::handlers::exceptions;
use crate::object::argument::This;
use crate::object::layout::{CodeObject, TracebackObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub fn handled(vm: &mut Vm, _: &[Value]) -> Value {
    vm.handled
}

pub fn set_handled(vm: &mut Vm, exception: Value) -> Value {
    if exception.is_none() || vm.is_exception(exception) {
        std::mem::replace(&mut vm.handled, exception)
    } else {
        vm.handled
    }
}

pub fn take_raised(vm: &mut Vm, _: &[Value]) -> Value {
    vm.take_exception()
}

pub fn set_context(vm: &mut Vm, exception: Value) -> Value {
    if vm.is_exception(exception) {
        vm.set_context(exception);
    }
    Value::NONE
}

pub fn add_traceback(vm: &mut Vm, exception: Value, code: Value, instruction: i64) -> Value {
    if !vm.is_exception(exception) || !vm.is_exact(code, BuiltinType::Code) {
        return Value::NONE;
    }
    let code = code.as_ptr::<CodeObject>();
    // SAFETY: a code object, which the caller holds. Compiled code is of one namespace.
    unsafe {
        let globals = (*(*code).code).namespace.map_or(Value::NONE, |[globals, _]| globals);
        vm.add_traceback_of(exception, code, globals, instruction as usize).value()
    }
}

pub fn catch_in_root(vm: &mut Vm, exception: Value) -> Value {
    if vm.is_exception(exception) && !vm.frame.is_null() {
        // SAFETY: compiled code runs in its root frame, which is in memory.
        unsafe { vm.frame_catches_this(exception, vm.frame) };
    }
    Value::NONE
}

pub fn leave_by(vm: &mut Vm, inputs: &[Value]) -> Value {
    if let [exception, variables @ ..] = inputs
        && vm.is_exception(*exception)
    {
        vm.inlined_frame_is_left(*exception, variables);
    }
    Value::NONE
}

pub fn keep_variables(vm: &mut Vm, inputs: &[Value]) -> Value {
    if let [entry, variables @ ..] = inputs
        && let Some(entry) = This::<TracebackObject>::of(vm, *entry)
    {
        vm.keep_variables(entry, variables);
    }
    Value::NONE
}

pub fn raise_value(vm: &mut Vm, value: Value) -> PyResult {
    let exception = vm.exception_from(value)?;
    vm.set_context(exception);
    Ok(exception)
}

pub fn raise_from(vm: &mut Vm, value: Value, cause: Value) -> PyResult {
    let exception = exceptions::raise_from(vm, value, cause)?;
    vm.set_context(exception);
    Ok(exception)
}

pub fn call_exit(vm: &mut Vm, exit: Value, owner: Value, exception: Value) -> PyResult {
    if vm.is_exception(exception) {
        exceptions::call_exit(vm, exit, owner, exception)
    } else {
        Err(vm.raise_type("exceptions must derive from BaseException"))
    }
}
