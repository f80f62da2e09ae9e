//! Asynchronous generators: what `__anext__`, `asend`, `athrow` and `aclose` give to be awaited.

use super::receiver::object_of;
use crate::object::layout::{AsyncStep, AsyncValue, AsyncVerb, GeneratorObject, GeneratorState};
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static ASYNC_GENERATOR: TypeSpec = TypeSpec {
    name: "async_generator",
    doc: "What a function with `async def` and `yield` gives.",
    slots: Slots { repr: Some(super::generator::write_repr), ..Slots::NONE },
    ..TypeSpec::NEW
};

pub static ASYNC_STEP: TypeSpec = TypeSpec {
    name: "async_generator_asend",
    doc: "One step of an asynchronous generator, to be awaited.",
    slots: Slots {
        iter: Some(|_, step| Ok(step)),
        next: Some(|vm, step| match resume(vm, step, Value::NONE) {
            Ok(value) => Ok(Some(value)),
            Err(Raised) if vm.exception_matches(vm.exceptions.StopIteration) => {
                let exception = vm.take_exception();
                vm.result = vm.stop_iteration_value(exception);
                Ok(None)
            }
            Err(raised) => Err(raised),
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

pub static ASYNC_VALUE: TypeSpec = TypeSpec {
    name: "async_generator_wrapped_value",
    doc: "A value that an asynchronous generator gives.",
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    native("__aiter__", "($self, /)", |_, args| Ok(args[0])),
    native("__anext__", "($self, /)", |vm, args| new_step(vm, args[0], Value::NONE, AsyncVerb::Send)),
    native("asend", "($self, value, /)", |vm, args| new_step(vm, args[0], args[1], AsyncVerb::Send)),
    native("athrow", "($self, type, value=None, traceback=None, /)", |vm, args| {
        let exception = if vm.is_exception(args[2]) { args[2] } else { vm.exception_from(args[1])? };
        new_step(vm, args[0], exception, AsyncVerb::Throw)
    }),
    native("aclose", "($self, /)", |vm, args| {
        let exit = vm.new_exception(vm.exceptions.GeneratorExit, &[])?;
        new_step(vm, args[0], exit, AsyncVerb::Close)
    }),
];

const STEP_METHODS: &[NativeRow] = &[
    native("__await__", "($self, /)", |_, args| Ok(args[0])),
    native("__next__", "($self, /)", |vm, args| resume(vm, args[0], Value::NONE)),
    native("send", "($self, value, /)", |vm, args| resume(vm, args[0], args[1])),
    native("throw", "($self, type, value=None, traceback=None, /)", |vm, args| {
        vm.check_receiver(args[0], BuiltinType::AsyncStep)?;
        let exception = if vm.is_exception(args[2]) { args[2] } else { vm.exception_from(args[1])? };
        let step = object_of::<AsyncStep>(args[0]);
        step.started = true;
        let outcome = vm.generator_throw(step.generator, exception);
        finish(vm, args[0], outcome)
    }),
    native("close", "($self, /)", |vm, args| {
        vm.check_receiver(args[0], BuiltinType::AsyncStep)?;
        object_of::<AsyncStep>(args[0]).finished = true;
        Ok(Value::NONE)
    }),
];

pub fn install(vm: &mut Vm) {
    vm.add_methods(BuiltinType::AsyncGenerator, METHODS);
    vm.add_methods(BuiltinType::AsyncStep, STEP_METHODS);
    fn generator(vm: &mut Vm, value: Value) -> PyResult<&'static GeneratorObject> {
        vm.check_receiver(value, BuiltinType::AsyncGenerator)?;
        Ok(object_of(value))
    }
    vm.add_getters(
        BuiltinType::AsyncGenerator,
        &[
            ("__name__", |vm, value| generator(vm, value).map(|g| g.name)),
            ("__qualname__", |vm, value| generator(vm, value).map(|g| g.qualname)),
            ("ag_running", |vm, value| generator(vm, value).map(|g| Value::bool(g.state == GeneratorState::Running))),
            ("ag_code", |vm, value| generator(vm, value).map(|g| Value::object(g.frame.code_object))),
        ],
    );
}

fn new_step(vm: &mut Vm, generator: Value, argument: Value, verb: AsyncVerb) -> PyResult {
    vm.check_receiver(generator, BuiltinType::AsyncGenerator)?;
    Ok(vm.make(BuiltinType::AsyncStep, |header| AsyncStep {
        header,
        generator,
        argument,
        verb,
        started: false,
        finished: false,
    }))
}

/// Runs the generator until it awaits or gives a value.
fn resume(vm: &mut Vm, value: Value, sent: Value) -> PyResult {
    vm.check_receiver(value, BuiltinType::AsyncStep)?;
    let (generator, argument, verb, is_first, finished) = {
        let step = object_of::<AsyncStep>(value);
        (step.generator, step.argument, step.verb, !step.started, step.finished)
    };
    if finished {
        return Err(vm.raise_runtime("cannot reuse already awaited __anext__()/asend()"));
    }
    object_of::<AsyncStep>(value).started = true;
    let outcome = match verb {
        _ if !is_first => vm.generator_send(generator, sent),
        AsyncVerb::Send => vm.generator_send(generator, argument),
        AsyncVerb::Close if object_of::<GeneratorObject>(generator).state == GeneratorState::Finished => {
            vm.result = Value::NONE;
            Ok(None)
        }
        AsyncVerb::Throw | AsyncVerb::Close => vm.generator_throw(generator, argument),
    };
    finish(vm, value, outcome)
}

/// What the awaiter gets: what the generator awaits, or StopIteration with the value that it gave.
fn finish(vm: &mut Vm, value: Value, outcome: PyResult<Option<Value>>) -> PyResult {
    let step = object_of::<AsyncStep>(value);
    let is_close = step.verb == AsyncVerb::Close;
    match outcome {
        Ok(Some(given)) if vm.is_exact(given, BuiltinType::AsyncValue) => {
            step.finished = true;
            if is_close {
                return Err(vm.raise_runtime("async generator ignored GeneratorExit"));
            }
            Err(vm.raise_stop_iteration(object_of::<AsyncValue>(given).value))
        }
        Ok(Some(awaited)) => Ok(awaited),
        Ok(None) => {
            step.finished = true;
            if is_close {
                return Err(vm.raise_stop_iteration(Value::NONE));
            }
            Err(vm.raise_with(vm.exceptions.StopAsyncIteration, &[]))
        }
        Err(Raised) => {
            step.finished = true;
            let classes = vm.exceptions;
            if is_close
                && (vm.exception_matches(classes.GeneratorExit) || vm.exception_matches(classes.StopAsyncIteration))
            {
                vm.clear_exception();
                return Err(vm.raise_stop_iteration(Value::NONE));
            }
            Err(Raised)
        }
    }
}

impl Vm {
    /// Marks a value that an asynchronous generator gives, as opposed to one that it awaits with.
    pub fn wrap_asynchronous(&mut self, value: Value) -> Value {
        self.make(BuiltinType::AsyncValue, |header| AsyncValue { header, value })
    }

    /// `aiter(value)`, as `async for` does it.
    pub fn get_async_iter(&mut self, value: Value) -> PyResult {
        let Some(iterator) = self.call_special(value, self.names.__aiter__, &[])? else {
            let message =
                format!("'async for' requires an object with __aiter__ method, got {}", self.class_name(value));
            return Err(self.raise_type(&message));
        };
        if self.lookup_special(iterator, self.names.__anext__).is_none() {
            let name = self.class_name(iterator);
            let message =
                format!("'async for' received an object from __aiter__ that does not implement __anext__: {name}");
            return Err(self.raise_type(&message));
        }
        Ok(iterator)
    }

    /// What the next step of an `async for` awaits.
    pub fn get_async_next(&mut self, iterator: Value) -> PyResult {
        let Some(awaitable) = self.call_special(iterator, self.names.__anext__, &[])? else {
            let message =
                format!("'async for' requires an iterator with __anext__ method, got {}", self.class_name(iterator));
            return Err(self.raise_type(&message));
        };
        match self.awaitable_iterator(awaitable) {
            Ok(iterator) => Ok(iterator),
            Err(Raised) if self.exception_matches(self.exceptions.TypeError) => {
                self.clear_exception();
                let message =
                    format!("'async for' received an invalid object from __anext__: {}", self.class_name(awaitable));
                Err(self.raise_type(&message))
            }
            Err(raised) => Err(raised),
        }
    }
}
