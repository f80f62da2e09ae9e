//! Asynchronous generators: what `__anext__`, `asend`, `athrow` and `aclose` give to be awaited.

use super::generator::{fields, write_repr};
use crate::object::argument::{Rest, This, method};
use crate::object::header::Header;
use crate::object::layout::{AsyncStep, AsyncValue, AsyncVerb, GeneratorObject, GeneratorState};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static ASYNC_GENERATOR: TypeSpec = TypeSpec {
    name: "async_generator",
    doc: "What a function with `async def` and `yield` gives.",
    is_weakly_referable: true,
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    methods: METHODS,
    getters: &fields("ag_running", "ag_suspended", "ag_code", "ag_frame", "ag_await"),
    ..TypeSpec::NEW
};

pub static ASYNC_STEP: TypeSpec = TypeSpec {
    name: "async_generator_asend",
    doc: "One step of an asynchronous generator, to be awaited.",
    slots: Slots {
        iter: Some(|_, step| Ok(step)),
        next: slot(|vm: &mut Vm, this: This<AsyncStep>| match resume(vm, this, Value::NONE) {
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
    methods: STEP_METHODS,
    ..TypeSpec::NEW
};

pub static ASYNC_VALUE: TypeSpec = TypeSpec {
    name: "async_generator_wrapped_value",
    doc: "A value that an asynchronous generator gives.",
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__aiter__", "($self, /)", This::<GeneratorObject>::value).doc("The generator itself."),
    method("__anext__", "($self, /)", |vm: &mut Vm, this: This<GeneratorObject>| {
        new_step(vm, this, Value::NONE, AsyncVerb::Send)
    })
    .doc("What is to be awaited for the next value."),
    method("asend", "($self, value, /)", |vm: &mut Vm, this: This<GeneratorObject>, value: Value| {
        new_step(vm, this, value, AsyncVerb::Send)
    })
    .doc("What is to be awaited to send a value and get the next."),
    method("athrow", "($self, type, value=None, traceback=None, /)", athrow)
        .doc("What is to be awaited to raise an exception where the generator waits."),
    method("aclose", "($self, /)", |vm: &mut Vm, this: This<GeneratorObject>| -> PyResult {
        let exit = vm.new_exception(vm.exceptions.GeneratorExit, &[])?;
        new_step(vm, this, exit, AsyncVerb::Close)
    })
    .doc("What is to be awaited to end the generator."),
];

const STEP_METHODS: &[NativeRow] = &[
    method("__await__", "($self, /)", This::<AsyncStep>::value).doc("The step itself."),
    method("__next__", "($self, /)", |vm: &mut Vm, this: This<AsyncStep>| resume(vm, this, Value::NONE))
        .doc("Goes on, up to the next thing to wait for."),
    method("send", "($self, value, /)", resume).doc("Goes on, with a value for what is awaited."),
    method("throw", "($self, type, value=None, traceback=None, /)", throw)
        .doc("Raises an exception where the generator waits."),
    method("close", "($self, /)", |mut this: This<AsyncStep>| this.finished = true).doc("Gives the step up."),
];

/// What the arguments of a `throw` say.
fn thrown(vm: &mut Vm, class: Value, value: Option<Value>) -> PyResult {
    match value {
        Some(value) if vm.is_exception(value) => Ok(value),
        _ => vm.exception_from(class),
    }
}

fn athrow(
    vm: &mut Vm,
    this: This<GeneratorObject>,
    class: Value,
    value: Option<Value>,
    _traceback: Option<Value>,
) -> PyResult {
    let exception = thrown(vm, class, value)?;
    new_step(vm, this, exception, AsyncVerb::Throw)
}

fn throw(
    vm: &mut Vm,
    mut this: This<AsyncStep>,
    class: Value,
    value: Option<Value>,
    _traceback: Option<Value>,
) -> PyResult {
    let exception = thrown(vm, class, value)?;
    this.started = true;
    let outcome = vm.generator_throw(this.generator, exception);
    finish(vm, this, outcome)
}

fn new_step(vm: &mut Vm, this: This<GeneratorObject>, argument: Value, verb: AsyncVerb) -> PyResult {
    let generator = this.value();
    if this.state == GeneratorState::Created {
        vm.note_first_iteration(generator)?;
    }
    let step = vm.make(BuiltinType::AsyncStep, |header| AsyncStep {
        header,
        generator,
        argument,
        verb,
        started: false,
        finished: false,
    });
    Ok(step)
}

/// Has the generator of a step ended?
fn is_over(vm: &Vm, step: This<AsyncStep>) -> bool {
    This::<GeneratorObject>::of(vm, step.generator).is_none_or(|generator| generator.state == GeneratorState::Finished)
}

/// Runs the generator until it awaits or gives a value.
fn resume(vm: &mut Vm, mut this: This<AsyncStep>, sent: Value) -> PyResult {
    if this.finished {
        return Err(vm.raise_runtime("cannot reuse already awaited __anext__()/asend()"));
    }
    let is_first = !std::mem::replace(&mut this.started, true);
    let outcome = match this.verb {
        _ if !is_first => vm.generator_send(this.generator, sent),
        AsyncVerb::Send => vm.generator_send(this.generator, this.argument),
        AsyncVerb::Close if is_over(vm, this) => {
            vm.result = Value::NONE;
            Ok(None)
        }
        AsyncVerb::Throw | AsyncVerb::Close => vm.generator_throw(this.generator, this.argument),
    };
    finish(vm, this, outcome)
}

/// What the awaiter gets: what the generator awaits, or StopIteration with the value that it gave.
fn finish(vm: &mut Vm, mut this: This<AsyncStep>, outcome: PyResult<Option<Value>>) -> PyResult {
    let is_close = this.verb == AsyncVerb::Close;
    match outcome {
        Ok(Some(awaited)) => {
            let Some(given) = This::<AsyncValue>::of(vm, awaited) else { return Ok(awaited) };
            this.finished = true;
            if is_close {
                return Err(vm.raise_runtime("async generator ignored GeneratorExit"));
            }
            Err(vm.raise_stop_iteration(given.value))
        }
        Ok(None) => {
            this.finished = true;
            if is_close {
                return Err(vm.raise_stop_iteration(Value::NONE));
            }
            Err(vm.raise_with(vm.exceptions.StopAsyncIteration, &[]))
        }
        Err(Raised) => {
            this.finished = true;
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

/// `aiter`.
pub fn aiter(vm: &mut Vm, value: Value) -> PyResult {
    let Some(iterator) = vm.call_special(value, vm.names.__aiter__, &[])? else {
        let message = format!("'{}' object is not an async iterable", vm.class_name(value));
        return Err(vm.raise_type(&message));
    };
    if vm.lookup_special(iterator, vm.names.__anext__).is_none() {
        let message = format!("aiter() returned not an async iterator of type '{}'", vm.class_name(iterator));
        return Err(vm.raise_type(&message));
    }
    Ok(iterator)
}

/// `anext`.
pub fn anext(vm: &mut Vm, iterator: Value, default: Option<Value>) -> PyResult {
    let Some(step) = vm.call_special(iterator, vm.names.__anext__, &[])? else {
        let message = format!("'{}' object is not an async iterator", vm.class_name(iterator));
        return Err(vm.raise_type(&message));
    };
    let Some(default) = default else { return Ok(step) };
    let class = vm.type_of_spec(&NEXT_OR_DEFAULT);
    vm.new_object(class, |header| NextOrDefault { header, step, default })
}

/// What `anext` with a default gives.
#[repr(C)]
struct NextOrDefault {
    header: Header,
    /// What `__anext__` gave.
    step: Value,
    default: Value,
}

static NEXT_OR_DEFAULT: TypeSpec = TypeSpec {
    name: "anext_awaitable",
    doc: "The next item of an asynchronous iterator or a default, to be awaited.",
    layout: Some(Layout::of::<NextOrDefault>(2)),
    slots: Slots {
        iter: Some(|_, this| Ok(this)),
        next: slot(|vm: &mut Vm, this: This<NextOrDefault>| match delegate(vm, this, "__next__", &[]) {
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
    methods: &[
        method("__await__", "($self, /)", This::<NextOrDefault>::value).doc("The object itself."),
        method("send", "($self, value, /)", |vm: &mut Vm, this: This<NextOrDefault>, value: Value| {
            delegate(vm, this, "send", &[value])
        })
        .doc("Goes on, with a value for what is awaited."),
        method("throw", "($self, /, *args)", |vm: &mut Vm, this: This<NextOrDefault>, args: Rest| {
            delegate(vm, this, "throw", args.items())
        })
        .doc("Raises an exception in what is awaited."),
        method("close", "($self, /)", |vm: &mut Vm, this: This<NextOrDefault>| delegate(vm, this, "close", &[]))
            .doc("Gives it up."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for NextOrDefault {
    const SPEC: &'static TypeSpec = &NEXT_OR_DEFAULT;
}

/// Does the same to what is awaited; its end without an item is the default's.
fn delegate(vm: &mut Vm, this: This<NextOrDefault>, method: &str, arguments: &[Value]) -> PyResult {
    let iterator = vm.awaitable_iterator(this.step)?;
    let method = vm.intern(method);
    match vm.call_method(iterator, method, arguments) {
        Err(Raised) if vm.exception_matches(vm.exceptions.StopAsyncIteration) => {
            vm.clear_exception();
            Err(vm.raise_stop_iteration(this.default))
        }
        outcome => outcome,
    }
}
