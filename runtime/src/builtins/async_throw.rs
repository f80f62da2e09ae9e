//! `athrow` and `aclose` of asynchronous generators: what is awaited to raise an exception in one, or to end it.

use super::async_generator::{begin, closed, ended, enter, unwrap, warn_of_unawaited};
use super::generator::thrown;
use crate::object::argument::{OrNone, This, method};
use crate::object::header::Header;
use crate::object::layout::{AsyncValue, GeneratorObject, GeneratorState, StepState};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{Layout, Object, TypeSpec};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

#[repr(C)]
pub struct AsyncThrow {
    header: Header,
    generator: Value,
    /// What `athrow` was given; unbound for `aclose`.
    class: Value,
    value: Value,
    traceback: Value,
    state: StepState,
}

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for AsyncThrow {
    const SPEC: &'static TypeSpec = &ASYNC_THROW;
}

static ASYNC_THROW: TypeSpec = TypeSpec {
    name: "async_generator_athrow",
    doc: "Raises an exception in an asynchronous generator, or ends it, where it is awaited.",
    layout: Some(Layout::of::<AsyncThrow>(4)),
    slots: Slots {
        iter: Some(|_, this| Ok(this)),
        next: slot(|vm: &mut Vm, this: This<AsyncThrow>| {
            let outcome = resume(vm, this, Value::NONE);
            ended(vm, outcome)
        }),
        finalize: Some(|vm, this| {
            let step = This::<AsyncThrow>::expect(vm, this);
            match step.state {
                StepState::Created => warn_of_unawaited(vm, this, step.generator, step.method()),
                _ => Ok(()),
            }
        }),
        ..Slots::NONE
    },
    methods: STEP_METHODS,
    ..TypeSpec::NEW
};

const STEP_METHODS: &[NativeRow] = &[
    method("__await__", "($self, /)", This::<AsyncThrow>::value).doc("The step itself."),
    method("__next__", "($self, /)", |vm: &mut Vm, this: This<AsyncThrow>| resume(vm, this, Value::NONE))
        .doc("Goes on, up to the next thing to wait for."),
    method("send", "($self, value, /)", resume).doc("Goes on, with a value for what is awaited."),
    method("throw", "($self, type, value=None, traceback=None, /)", throw)
        .doc("Raises an exception where the generator waits."),
    method("close", "($self, /)", |vm: &mut Vm, this: This<AsyncThrow>| -> PyResult<()> {
        if this.state == StepState::Closed {
            return Ok(());
        }
        let exit = vm.new_exception(vm.exceptions.GeneratorExit, &[])?;
        let outcome = throw_step(vm, this, exit);
        closed(vm, outcome)
    })
    .doc("Gives the step up."),
];

pub fn athrow(
    vm: &mut Vm,
    generator: This<GeneratorObject>,
    class: Value,
    value: OrNone<Value>,
    traceback: Option<Value>,
) -> PyResult {
    if value.0.is_some() || traceback.is_some() {
        let message = "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.";
        vm.warn(vm.exceptions.DeprecationWarning, message)?;
    }
    new_step(vm, generator, class, value.0.unwrap_or(Value::NONE), traceback.unwrap_or(Value::NONE))
}

pub fn aclose(vm: &mut Vm, generator: This<GeneratorObject>) -> PyResult {
    new_step(vm, generator, Value::UNBOUND, Value::NONE, Value::NONE)
}

fn new_step(vm: &mut Vm, generator: This<GeneratorObject>, class: Value, value: Value, traceback: Value) -> PyResult {
    begin(vm, generator)?;
    let (generator, own) = (generator.value(), vm.type_of_spec(&ASYNC_THROW));
    let state = StepState::Created;
    let step = vm.new_object(own, |header| AsyncThrow { header, generator, class, value, traceback, state })?;
    vm.heap.register_finalizer(step.as_ptr());
    Ok(step)
}

impl AsyncThrow {
    fn is_close(&self) -> bool {
        self.class.is_unbound()
    }

    fn method(&self) -> &'static str {
        if self.is_close() { "aclose" } else { "athrow" }
    }
}

/// Closes the step, for good or as the generator's end says.
fn end(vm: &mut Vm, mut this: This<AsyncThrow>) {
    this.state = StepState::Closed;
    This::<GeneratorObject>::expect(vm, this.generator).asynchronous.is_running = false;
}

fn resume(vm: &mut Vm, mut this: This<AsyncThrow>, sent: Value) -> PyResult {
    let mut generator = This::<GeneratorObject>::expect(vm, this.generator);
    if this.state == StepState::Closed {
        return Err(vm.raise_runtime(REUSED));
    }
    if generator.state == GeneratorState::Finished {
        this.state = StepState::Closed;
        return Err(vm.raise_stop_iteration(Value::NONE));
    }
    if this.state == StepState::Running {
        let outcome = vm.generator_send(this.generator, sent);
        return finish(vm, this, outcome);
    }
    if generator.asynchronous.is_closed && !generator.asynchronous.is_running {
        this.state = StepState::Closed;
        return Err(vm.raise_with(vm.exceptions.StopAsyncIteration, &[]));
    }
    if !sent.is_none() && !generator.asynchronous.is_running {
        return Err(vm.raise_runtime("can't send non-None value to a just-started coroutine"));
    }
    let what = this.method();
    enter(vm, generator.value(), &mut this.state, what)?;
    let exception = if this.is_close() {
        generator.asynchronous.is_closed = true;
        vm.new_exception(vm.exceptions.GeneratorExit, &[])
    } else {
        thrown(vm, "", this.class, OrNone(Some(this.value).filter(|value| !value.is_none())), None)
    };
    let outcome = match exception {
        Ok(exception) => vm.generator_throw(this.generator, exception),
        Err(raised) => Err(raised),
    };
    finish(vm, this, outcome)
}

const REUSED: &str = "cannot reuse already awaited aclose()/athrow()";

fn throw(
    vm: &mut Vm,
    this: This<AsyncThrow>,
    class: Value,
    value: OrNone<Value>,
    traceback: Option<Value>,
) -> PyResult {
    let exception = thrown(vm, "throw", class, value, traceback)?;
    throw_step(vm, this, exception)
}

fn throw_step(vm: &mut Vm, mut this: This<AsyncThrow>, exception: Value) -> PyResult {
    match this.state {
        StepState::Closed => return Err(vm.raise_runtime(REUSED)),
        StepState::Created => {
            let (generator, what) = (this.generator, this.method());
            enter(vm, generator, &mut this.state, what)?;
        }
        StepState::Running => {}
    }
    let outcome = vm.generator_throw(this.generator, exception);
    finish(vm, this, outcome)
}

/// What the awaiter gets. The end of a generator that is closed is the end of the step.
fn finish(vm: &mut Vm, mut this: This<AsyncThrow>, outcome: PyResult<Option<Value>>) -> PyResult {
    if !this.is_close() {
        let outcome = unwrap(vm, this.generator, outcome);
        if outcome.is_err() {
            this.state = StepState::Closed;
        }
        return outcome;
    }
    match outcome {
        Ok(Some(awaited)) if This::<AsyncValue>::of(vm, awaited).is_none() => Ok(awaited),
        Ok(Some(_)) => {
            end(vm, this);
            Err(vm.raise_runtime("async generator ignored GeneratorExit"))
        }
        Ok(None) => {
            end(vm, this);
            Err(vm.raise_stop_iteration(Value::NONE))
        }
        Err(raised) => {
            end(vm, this);
            let classes = vm.exceptions;
            if vm.exception_matches(classes.StopAsyncIteration) || vm.exception_matches(classes.GeneratorExit) {
                vm.clear_exception();
                return Err(vm.raise_stop_iteration(Value::NONE));
            }
            Err(raised)
        }
    }
}
