//! Asynchronous generators: what `__anext__`, `asend`, `athrow` and `aclose` give to be awaited.

use super::async_throw::{self, AsyncThrow};
use super::generator::{CoroutineWrapper, fields, thrown, write_repr};
use crate::object::argument::{OrNone, Rest, This, method};
use crate::object::header::Header;
use crate::object::layout::{AsyncStep, AsyncValue, GeneratorObject, StepState};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec, field, joined};
use crate::object::typed::AsyncGenerator;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static ASYNC_GENERATOR: TypeSpec = TypeSpec {
    name: "async_generator",
    doc: "What a function with `async def` and `yield` gives.",
    is_weakly_referable: true,
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    class_methods: &[super::protocol::CLASS_GETITEM],
    methods: METHODS,
    getters: &joined::<_, 6, 1, 7>(
        fields("ag_suspended", "ag_code", "ag_frame", "ag_await"),
        [field("ag_running", |this: This<GeneratorObject>| this.asynchronous.is_running).doc("Is a step on its way?")],
    ),
    ..TypeSpec::NEW
};

/// `asend` and `__anext__`.
pub static ASYNC_STEP: TypeSpec = TypeSpec {
    name: "async_generator_asend",
    doc: "One step of an asynchronous generator, to be awaited.",
    slots: Slots {
        iter: Some(|_, step| Ok(step)),
        next: slot(|vm: &mut Vm, this: This<AsyncStep>| advance(vm, this, Value::NONE)),
        finalize: Some(|vm, step| {
            let this = This::<AsyncStep>::expect(vm, step);
            if this.state == StepState::Created { warn_of_unawaited(vm, step, this.generator, "asend") } else { Ok(()) }
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
    method("__anext__", "($self, /)", |vm: &mut Vm, this: This<GeneratorObject>| watched_step(vm, this, Value::NONE))
        .doc("What is to be awaited for the next value."),
    method("asend", "($self, value, /)", watched_step).doc("What is to be awaited to send a value and get the next."),
    method("athrow", "($self, type, value=None, traceback=None, /)", async_throw::athrow)
        .doc("What is to be awaited to raise an exception where the generator waits."),
    method("aclose", "($self, /)", async_throw::aclose).doc("What is to be awaited to end the generator."),
];

const STEP_METHODS: &[NativeRow] = &[
    method("__await__", "($self, /)", This::<AsyncStep>::value).doc("The step itself."),
    method("__next__", "($self, /)", |vm: &mut Vm, this: This<AsyncStep>| resume(vm, this, Value::NONE))
        .doc("Goes on, up to the next thing to wait for."),
    method("send", "($self, value, /)", resume).doc("Goes on, with a value for what is awaited."),
    method("throw", "($self, type, value=None, traceback=None, /)", throw)
        .doc("Raises an exception where the generator waits."),
    method("close", "($self, /)", |vm: &mut Vm, this: This<AsyncStep>| -> PyResult<()> {
        if this.state == StepState::Closed {
            return Ok(());
        }
        let exit = vm.new_exception(vm.exceptions.GeneratorExit, &[])?;
        let outcome = throw_step(vm, this, exit);
        closed(vm, outcome)
    })
    .doc("Gives the step up."),
];

/// What a step's `next` slot says: the end has a value.
pub(super) fn ended(vm: &mut Vm, outcome: PyResult) -> PyResult<Option<Value>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Raised) if vm.exception_matches(vm.exceptions.StopIteration) => {
            let exception = vm.take_exception();
            vm.result = vm.stop_iteration_value(exception);
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

/// Does the iterator leave a value in `vm.result` when it ends?
pub fn ends_with_value(vm: &Vm, iterator: Value) -> bool {
    vm.is_a::<GeneratorObject>(iterator)
        || vm.is_a::<AsyncStep>(iterator)
        || vm.is_a::<AsyncThrow>(iterator)
        || vm.is_a::<NextOrDefault>(iterator)
        || vm.is_a::<CoroutineWrapper>(iterator)
}

/// What a step's `close` makes of GeneratorExit thrown into it.
pub(super) fn closed(vm: &mut Vm, outcome: PyResult) -> PyResult<()> {
    let classes = vm.exceptions;
    match outcome {
        Ok(_) => Err(vm.raise_runtime("coroutine ignored GeneratorExit")),
        Err(Raised)
            if [classes.StopIteration, classes.StopAsyncIteration, classes.GeneratorExit]
                .into_iter()
                .any(|class| vm.exception_matches(class)) =>
        {
            vm.clear_exception();
            Ok(())
        }
        Err(raised) => Err(raised),
    }
}

/// Warns of a step that nobody has awaited.
pub(super) fn warn_of_unawaited(vm: &mut Vm, step: Value, generator: Value, method: &str) -> PyResult<()> {
    let generator = This::<GeneratorObject>::expect(vm, generator);
    let name = vm.name_text(generator.qualname);
    let message = format!("coroutine method '{method}' of '{name}' was never awaited");
    if vm.warn(vm.exceptions.RuntimeWarning, &message).is_err() {
        vm.write_unraisable("Exception ignored while finalizing coroutine", step);
    }
    Ok(())
}

/// Before the first step is made, the hook is called.
pub(super) fn begin(vm: &mut Vm, mut generator: This<GeneratorObject>) -> PyResult<()> {
    if std::mem::replace(&mut generator.asynchronous.is_iterated, true) {
        return Ok(());
    }
    vm.note_first_iteration(generator.value())
}

fn new_step(vm: &mut Vm, generator: This<GeneratorObject>, argument: Value) -> PyResult {
    begin(vm, generator)?;
    let generator = generator.value();
    Ok(vm.make(BuiltinType::AsyncStep, |header| AsyncStep { header, generator, argument, state: StepState::Created }))
}

/// A step that warns where nobody awaits it.
fn watched_step(vm: &mut Vm, generator: This<GeneratorObject>, argument: Value) -> PyResult {
    let step = new_step(vm, generator, argument)?;
    vm.heap.register_finalizer(step.as_ptr());
    Ok(step)
}

/// Marks a step as begun; RuntimeError where another is on its way.
pub(super) fn enter(vm: &mut Vm, generator: Value, state: &mut StepState, what: &str) -> PyResult<()> {
    let mut generator = This::<GeneratorObject>::expect(vm, generator);
    if generator.asynchronous.is_running {
        *state = StepState::Closed;
        return Err(vm.raise_runtime(&format!("{what}(): asynchronous generator is already running")));
    }
    *state = StepState::Running;
    generator.asynchronous.is_running = true;
    Ok(())
}

/// What the awaiter gets: what the generator awaits, or StopIteration with the value that it gave.
pub(super) fn unwrap(vm: &mut Vm, generator: Value, outcome: PyResult<Option<Value>>) -> PyResult {
    let mut generator = This::<GeneratorObject>::expect(vm, generator);
    let raised = match outcome {
        Ok(Some(awaited)) => {
            let Some(given) = This::<AsyncValue>::of(vm, awaited) else { return Ok(awaited) };
            generator.asynchronous.is_running = false;
            return Err(vm.raise_stop_iteration(given.value));
        }
        Ok(None) => vm.raise_with(vm.exceptions.StopAsyncIteration, &[]),
        Err(raised) => raised,
    };
    if vm.exception_matches(vm.exceptions.StopAsyncIteration) || vm.exception_matches(vm.exceptions.GeneratorExit) {
        generator.asynchronous.is_closed = true;
    }
    generator.asynchronous.is_running = false;
    Err(raised)
}

/// Runs the generator until it awaits or gives a value, which is StopIteration's.
fn resume(vm: &mut Vm, this: This<AsyncStep>, sent: Value) -> PyResult {
    let outcome = run(vm, this, sent)?;
    finish(vm, this, outcome)
}

/// The same for who asks for no exception: the end has its value in `vm.result`.
fn advance(vm: &mut Vm, mut this: This<AsyncStep>, sent: Value) -> PyResult<Option<Value>> {
    let outcome = run(vm, this, sent)?;
    if let Ok(Some(awaited)) = outcome
        && let Some(given) = This::<AsyncValue>::of(vm, awaited)
    {
        let mut generator = This::<GeneratorObject>::expect(vm, this.generator);
        generator.asynchronous.is_running = false;
        this.state = StepState::Closed;
        vm.result = given.value;
        return Ok(None);
    }
    finish(vm, this, outcome).map(Some)
}

/// Has the generator go on; the outer error is that it may not.
fn run(vm: &mut Vm, mut this: This<AsyncStep>, sent: Value) -> PyResult<PyResult<Option<Value>>> {
    let sent = match this.state {
        StepState::Closed => return Err(vm.raise_runtime(REUSED)),
        StepState::Created => {
            let generator = this.generator;
            enter(vm, generator, &mut this.state, "anext")?;
            if sent.is_none() { this.argument } else { sent }
        }
        StepState::Running => sent,
    };
    Ok(vm.generator_send(this.generator, sent))
}

const REUSED: &str = "cannot reuse already awaited __anext__()/asend()";

fn finish(vm: &mut Vm, mut this: This<AsyncStep>, outcome: PyResult<Option<Value>>) -> PyResult {
    let outcome = unwrap(vm, this.generator, outcome);
    if outcome.is_err() {
        this.state = StepState::Closed;
    }
    outcome
}

fn throw(vm: &mut Vm, this: This<AsyncStep>, class: Value, value: OrNone<Value>, traceback: Option<Value>) -> PyResult {
    let exception = thrown(vm, "throw", class, value, traceback)?;
    throw_step(vm, this, exception)
}

fn throw_step(vm: &mut Vm, mut this: This<AsyncStep>, exception: Value) -> PyResult {
    match this.state {
        StepState::Closed => return Err(vm.raise_runtime(REUSED)),
        StepState::Created => {
            let generator = this.generator;
            enter(vm, generator, &mut this.state, "anext")?;
        }
        StepState::Running => {}
    }
    let outcome = vm.generator_throw(this.generator, exception);
    finish(vm, this, outcome)
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
        if let Some(generator) = This::<AsyncGenerator>::of(self, iterator) {
            // It is awaited at once.
            return new_step(self, This::expect(self, generator.value()), Value::NONE);
        }
        let Some(awaitable) = self.call_special(iterator, self.names.__anext__, &[])? else {
            let message =
                format!("'async for' requires an iterator with __anext__ method, got {}", self.class_name(iterator));
            return Err(self.raise_type(&message));
        };
        match self.awaitable_iterator(awaitable) {
            Ok(iterator) => Ok(iterator),
            Err(Raised) => {
                let cause = self.take_exception();
                let message =
                    format!("'async for' received an invalid object from __anext__: {}", self.class_name(awaitable));
                let message = self.new_str(&message);
                let error = self.new_exception(self.exceptions.TypeError, &[message])?;
                self.set_cause(error, cause);
                Err(self.raise_value_object(error))
            }
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
        next: slot(|vm: &mut Vm, this: This<NextOrDefault>| {
            let outcome = delegate(vm, this, "__next__", &[]);
            ended(vm, outcome)
        }),
        ..Slots::NONE
    },
    methods: &[
        method("__await__", "($self, /)", This::<NextOrDefault>::value).doc("The object itself."),
        method("__next__", "($self, /)", |vm: &mut Vm, this: This<NextOrDefault>| delegate(vm, this, "__next__", &[]))
            .doc("Goes on, up to the next thing to wait for."),
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
    let mut iterator = vm.awaitable_iterator(this.step)?;
    if vm.slots_of(iterator).next.is_none() {
        let name = vm.names.__await__;
        iterator = vm.call_method(iterator, name, &[])?;
    }
    let method = vm.intern(method);
    match vm.call_method(iterator, method, arguments) {
        Err(Raised) if vm.exception_matches(vm.exceptions.StopAsyncIteration) => {
            vm.clear_exception();
            Err(vm.raise_stop_iteration(this.default))
        }
        outcome => outcome,
    }
}
