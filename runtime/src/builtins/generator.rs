//! Generators and coroutines.

use crate::object::argument::{OrNone, This, method};
use crate::object::convert::text::Text;
use crate::object::exception::TRACEBACK;
use crate::object::header::Header;
use crate::object::layout::{GeneratorObject, GeneratorState, TracebackObject, TupleObject};
use crate::object::native::{NativeRow, Resumes};
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, Layout, Object, TypeSpec, field, joined};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

type ThisGenerator = This<GeneratorObject>;

pub static GENERATOR: TypeSpec = TypeSpec {
    name: "generator",
    doc: "What a function with `yield` gives.",
    is_weakly_referable: true,
    slots: Slots {
        iter: Some(|_, generator| Ok(generator)),
        next: Some(|vm, generator| vm.generator_send(generator, Value::NONE)),
        repr: slot(write_repr),
        finalize: Some(|vm, generator| vm.finalize_generator(generator)),
        ..Slots::NONE
    },
    class_methods: &[super::protocol::CLASS_GETITEM],
    methods: &joined::<_, 3, 1, 4>(METHODS, [NEXT]),
    getters: &joined::<_, 6, 1, 7>(
        fields("gi_suspended", "gi_code", "gi_frame", "gi_yieldfrom"),
        [running("gi_running")],
    ),
    ..TypeSpec::NEW
};

pub static COROUTINE: TypeSpec = TypeSpec {
    name: "coroutine",
    doc: "What a function with `async def` gives.",
    is_weakly_referable: true,
    slots: Slots {
        repr: slot(write_repr),
        finalize: Some(|vm, generator| vm.finalize_generator(generator)),
        ..Slots::NONE
    },
    class_methods: &[super::protocol::CLASS_GETITEM],
    methods: &joined::<_, 3, 1, 4>(METHODS, [AWAIT]),
    getters: &joined::<_, 6, 2, 8>(
        fields("cr_suspended", "cr_code", "cr_frame", "cr_await"),
        [
            running("cr_running"),
            field("cr_origin", |this: ThisGenerator| this.origin).doc(
                "Where it was made: file, line and name of each frame, the innermost first; None if that was not kept.",
            ),
        ],
    ),
    ..TypeSpec::NEW
};

/// Of generators of every kind.
pub(super) fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisGenerator) -> PyResult<()> {
    let name = vm.name_text(this.qualname);
    out.push_str(&format!("<{} object {name} at {:#x}>", vm.class_name(this.value()), this.value().0));
    Ok(())
}

/// `__next__` of generators, which unlike other iterators end with a value.
const NEXT: NativeRow =
    method("__next__", "($self, /)", |vm: &mut Vm, this: ThisGenerator| send(vm, this.value(), Value::NONE))
        .resuming(Resumes::Next)
        .doc("Goes on, up to the next value.");

const AWAIT: NativeRow = method("__await__", "($self, /)", |vm: &mut Vm, this: ThisGenerator| {
    let (class, coroutine) = (vm.type_of_spec(&COROUTINE_WRAPPER), this.value());
    vm.new_object(class, |header| CoroutineWrapper { header, coroutine })
})
.doc("What awaits the coroutine, as an iterator.");

/// What a coroutine's `__await__` gives.
#[repr(C)]
pub(super) struct CoroutineWrapper {
    header: Header,
    coroutine: Value,
}

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for CoroutineWrapper {
    const SPEC: &'static TypeSpec = &COROUTINE_WRAPPER;
}

type ThisWrapper = This<CoroutineWrapper>;

static COROUTINE_WRAPPER: TypeSpec = TypeSpec {
    name: "coroutine_wrapper",
    doc: "Awaits a coroutine, as an iterator.",
    layout: Some(Layout::of::<CoroutineWrapper>(1)),
    slots: Slots {
        iter: Some(|_, wrapper| Ok(wrapper)),
        next: slot(|vm: &mut Vm, this: ThisWrapper| vm.generator_send(this.coroutine, Value::NONE)),
        ..Slots::NONE
    },
    methods: &[
        method("__next__", "($self, /)", |vm: &mut Vm, this: ThisWrapper| send(vm, this.coroutine, Value::NONE))
            .doc("Goes on, up to the next thing to wait for."),
        method("send", "($self, value, /)", |vm: &mut Vm, this: ThisWrapper, value: Value| {
            send(vm, this.coroutine, value)
        })
        .doc("Goes on, with a value for what is awaited."),
        method(
            "throw",
            "($self, type, value=None, traceback=None, /)",
            |vm: &mut Vm, this: ThisWrapper, class: Value, value: OrNone<Value>, traceback: Option<Value>| {
                throw(vm, This::expect(vm, this.coroutine), class, value, traceback)
            },
        )
        .doc("Raises an exception where the coroutine waits."),
        method("close", "($self, /)", |vm: &mut Vm, this: ThisWrapper| vm.generator_close(this.coroutine))
            .doc("Ends the coroutine."),
    ],
    ..TypeSpec::NEW
};

const METHODS: [NativeRow; 3] = [
    method("send", "($self, value, /)", |vm: &mut Vm, this: ThisGenerator, value: Value| send(vm, this.value(), value))
        .resuming(Resumes::Send)
        .doc("Goes on, with a value for the expression that waits, up to the next value."),
    method("throw", "($self, type, value=None, traceback=None, /)", throw)
        .doc("Raises an exception where it waits; gives the next value."),
    method("close", "($self, /)", |vm: &mut Vm, this: ThisGenerator| vm.generator_close(this.value()))
        .doc("Raises GeneratorExit where it waits, and ends it."),
];

/// The attributes of a kind of generators, whose names begin differently.
pub(super) const fn fields(
    suspended: &'static str,
    code: &'static str,
    frame: &'static str,
    delegate: &'static str,
) -> [GetSetRow; 6] {
    [
        field("__name__", |this: ThisGenerator| this.name)
            .set_by(|vm: &mut Vm, mut this: ThisGenerator, name: Option<Value>| {
                this.name = name_to_set(vm, "__name__", name)?;
                vm.barrier(this.pointer());
                Ok(())
            })
            .doc("The name of the function."),
        field("__qualname__", |this: ThisGenerator| this.qualname)
            .set_by(|vm: &mut Vm, mut this: ThisGenerator, name: Option<Value>| {
                this.qualname = name_to_set(vm, "__qualname__", name)?;
                vm.barrier(this.pointer());
                Ok(())
            })
            .doc("The full name of the function."),
        field(suspended, |this: ThisGenerator| this.state == GeneratorState::Suspended).doc("Does it wait?"),
        field(code, |this: ThisGenerator| Value::object(this.frame.code_object)).doc("The code that it runs."),
        field(frame, super::frame::generator_frame).doc("Its frame; None when it is over."),
        field(delegate, |vm: &mut Vm, this: ThisGenerator| vm.delegate_of(this.value()))
            .doc("What it waits for in turn; None where that is nothing."),
    ]
}

const fn running(name: &'static str) -> GetSetRow {
    field(name, |this: ThisGenerator| this.state == GeneratorState::Running).doc("Is it running?")
}

fn name_to_set(vm: &mut Vm, attribute: &str, name: Option<Value>) -> PyResult {
    match name {
        Some(name) if vm.is_str(name) => Ok(name),
        _ => Err(vm.raise_type(&format!("{attribute} must be set to a string object"))),
    }
}

fn send(vm: &mut Vm, generator: Value, value: Value) -> PyResult {
    let step = vm.generator_send(generator, value)?;
    give(vm, step)
}

/// What a resumed generator gave, or StopIteration with what it returned.
fn give(vm: &mut Vm, step: Option<Value>) -> PyResult {
    match step {
        Some(value) => Ok(value),
        None => {
            let value = std::mem::replace(&mut vm.result, Value::NONE);
            Err(vm.raise_stop_iteration(value))
        }
    }
}

fn throw(vm: &mut Vm, this: ThisGenerator, class: Value, value: OrNone<Value>, traceback: Option<Value>) -> PyResult {
    let exception = thrown(vm, "throw", class, value, traceback)?;
    let step = vm.generator_throw(this.value(), exception)?;
    give(vm, step)
}

/// The exception that the arguments of a `throw` say. What making one of the class raises is thrown in its place.
pub(super) fn thrown(
    vm: &mut Vm,
    method: &str,
    class: Value,
    value: OrNone<Value>,
    traceback: Option<Value>,
) -> PyResult {
    if !method.is_empty() && (value.0.is_some() || traceback.is_some()) {
        let message =
            format!("the (type, exc, tb) signature of {method}() is deprecated, use the single-arg signature instead.");
        vm.warn(vm.exceptions.DeprecationWarning, &message)?;
    }
    let traceback = traceback.filter(|traceback| !traceback.is_none());
    if traceback.is_some_and(|traceback| !vm.is_exactly::<TracebackObject>(traceback)) {
        return Err(vm.raise_type("throw() third argument must be a traceback object"));
    }
    let made = match value.0 {
        None if vm.is_exception(class) => Ok(class),
        Some(_) if vm.is_exception(class) => {
            return Err(vm.raise_type("instance exception may not have a separate value"));
        }
        Some(value) if vm.is_exception(value) && vm.is_exception_class(class) => Ok(value),
        Some(value) if vm.is_exception_class(class) => match This::<TupleObject>::of(vm, value) {
            Some(arguments) => vm.call(class, arguments.items()),
            None => vm.call(class, &[value]),
        },
        None if vm.is_exception_class(class) => vm.call(class, &[]),
        _ => return Err(raise_no_exception(vm, class)),
    };
    let exception = match made {
        Ok(exception) if vm.is_exception(exception) => exception,
        Ok(other) => {
            let message = format!(
                "calling {} should have returned an instance of BaseException, not {}",
                vm.repr_or_unknown(class),
                vm.class_name(other)
            );
            _ = vm.raise_type(&message);
            vm.take_exception()
        }
        Err(Raised) => vm.take_exception(),
    };
    if let Some(traceback) = traceback {
        vm.set_exception_slot(exception, TRACEBACK, traceback);
    }
    Ok(exception)
}

fn raise_no_exception(vm: &mut Vm, given: Value) -> Raised {
    let name = vm.class_name(given);
    vm.raise_type(&format!("exceptions must be classes or instances deriving from BaseException, not {name}"))
}
