//! Generators and coroutines.

use super::receiver::object_of;
use crate::object::layout::{GeneratorObject, GeneratorState};
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

const METHODS: &[NativeRow] = &[
    native("send", "($self, value, /)", |vm, args| {
        check(vm, args[0])?;
        let step = vm.generator_send(args[0], args[1])?;
        give(vm, step)
    }),
    native("throw", "($self, type, value=None, traceback=None, /)", throw),
    native("close", "($self, /)", |vm, args| {
        check(vm, args[0])?;
        vm.generator_close(args[0])
    }),
];

const KINDS: [BuiltinType; 2] = [BuiltinType::Generator, BuiltinType::Coroutine];

pub fn install(vm: &mut Vm) {
    for (ty, prefix) in KINDS.into_iter().zip(["gi", "cr"]) {
        vm.add_methods(ty, METHODS);
        let class = vm.class(ty);
        vm.add_getset(
            class,
            "__name__",
            |vm, value| check(vm, value).map(|()| object_of::<GeneratorObject>(value).name),
            None,
        );
        vm.add_getset(
            class,
            "__qualname__",
            |vm, value| check(vm, value).map(|()| object_of::<GeneratorObject>(value).qualname),
            None,
        );
        vm.add_getset(
            class,
            &format!("{prefix}_running"),
            |vm, value| has_state(vm, value, GeneratorState::Running),
            None,
        );
        vm.add_getset(
            class,
            &format!("{prefix}_suspended"),
            |vm, value| has_state(vm, value, GeneratorState::Suspended),
            None,
        );
        vm.add_getset(class, &format!("{prefix}_code"), code, None);
    }
    // `await` on a coroutine iterates the coroutine itself.
    vm.add_methods(
        BuiltinType::Coroutine,
        &[native("__await__", "($self, /)", |vm, args| {
            check(vm, args[0])?;
            Ok(args[0])
        })],
    );
}

fn check(vm: &mut Vm, value: Value) -> PyResult<()> {
    if vm.has_layout(value, BuiltinType::Coroutine) { Ok(()) } else { vm.check_receiver(value, BuiltinType::Generator) }
}

fn has_state(vm: &mut Vm, value: Value, state: GeneratorState) -> PyResult {
    check(vm, value)?;
    Ok(Value::bool(object_of::<GeneratorObject>(value).state == state))
}

fn code(vm: &mut Vm, value: Value) -> PyResult {
    check(vm, value)?;
    Ok(Value::object(object_of::<GeneratorObject>(value).frame.code_object))
}

/// What a resumed generator gave, or StopIteration with what it returned.
fn give(vm: &mut Vm, step: Option<Value>) -> PyResult {
    match step {
        Some(value) => Ok(value),
        None => {
            let value = vm.result;
            Err(vm.raise_stop_iteration(value))
        }
    }
}

fn throw(vm: &mut Vm, args: &[Value]) -> PyResult {
    check(vm, args[0])?;
    let exception = match vm.optional(args[2]) {
        Some(value) if vm.is_exception(value) => value,
        Some(value) if vm.is_exception_class(args[1]) => vm.call(args[1], &[value])?,
        _ if vm.is_exception(args[1]) || vm.is_exception_class(args[1]) => vm.exception_from(args[1])?,
        _ => {
            let name = vm.class_name(args[1]);
            return Err(vm.raise_type(&format!(
                "exceptions must be classes or instances deriving from BaseException, not {name}"
            )));
        }
    };
    if !vm.is_exception(exception) {
        return Err(vm.raise_type("exceptions must be classes or instances deriving from BaseException"));
    }
    let step = vm.generator_throw(args[0], exception)?;
    give(vm, step)
}
