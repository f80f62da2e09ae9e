//! Generators and coroutines.

use super::receiver::object_of;
use crate::object::convert::text::Text;
use crate::object::layout::{GeneratorObject, GeneratorState};
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static GENERATOR: TypeSpec = TypeSpec {
    name: "generator",
    doc: "What a function with `yield` gives.",
    slots: Slots {
        iter: Some(|_, generator| Ok(generator)),
        next: Some(|vm, generator| vm.generator_send(generator, Value::NONE)),
        repr: Some(write_repr),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static COROUTINE: TypeSpec = TypeSpec {
    name: "coroutine",
    doc: "What a function with `async def` gives.",
    slots: Slots { repr: Some(write_repr), ..Slots::NONE },
    ..TypeSpec::NEW
};

/// Of generators of every kind.
pub(super) fn write_repr(vm: &mut Vm, out: &mut Text, value: Value) -> PyResult<()> {
    let name = vm.name_text(object_of::<GeneratorObject>(value).qualname);
    out.push_str(&format!("<{} object {name} at {:#x}>", vm.class_name(value), value.0));
    Ok(())
}

/// `__next__` of generators, which unlike other iterators end with a value.
const NEXT: NativeRow = native("__next__", "($self, /)", |vm, args| {
    vm.check_receiver(args[0], BuiltinType::Generator)?;
    let step = vm.generator_send(args[0], Value::NONE)?;
    give(vm, step)
});

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
    vm.add_methods(BuiltinType::Generator, &[NEXT]);
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
