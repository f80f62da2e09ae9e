//! Generators and coroutines.

use crate::object::argument::{OrNone, This, method};
use crate::object::convert::text::Text;
use crate::object::layout::{GeneratorObject, GeneratorState};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field, joined};
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
    methods: &joined::<_, 3, 1, 4>(METHODS, [NEXT]),
    getters: &fields("gi_running", "gi_suspended", "gi_code", "gi_frame", "gi_yieldfrom"),
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
    methods: &joined::<_, 3, 1, 4>(METHODS, [AWAIT]),
    getters: &joined::<_, 7, 1, 8>(
        fields("cr_running", "cr_suspended", "cr_code", "cr_frame", "cr_await"),
        [field("cr_origin", |_: ThisGenerator| ()).doc("None: where coroutines are made is not kept.")],
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
const NEXT: NativeRow = method("__next__", "($self, /)", |vm: &mut Vm, this: ThisGenerator| {
    let step = vm.generator_send(this.value(), Value::NONE)?;
    give(vm, step)
})
.doc("Goes on, up to the next value.");

/// `await` on a coroutine iterates the coroutine itself.
const AWAIT: NativeRow =
    method("__await__", "($self, /)", ThisGenerator::value).doc("What `await` iterates: the coroutine itself.");

const METHODS: [NativeRow; 3] = [
    method("send", "($self, value, /)", |vm: &mut Vm, this: ThisGenerator, value: Value| {
        let step = vm.generator_send(this.value(), value)?;
        give(vm, step)
    })
    .doc("Goes on, with a value for the expression that waits, up to the next value."),
    method("throw", "($self, type, value=None, traceback=None, /)", throw)
        .doc("Raises an exception where it waits; gives the next value."),
    method("close", "($self, /)", |vm: &mut Vm, this: ThisGenerator| vm.generator_close(this.value()))
        .doc("Raises GeneratorExit where it waits, and ends it."),
];

/// The attributes of a kind of generators, whose names begin differently.
pub(super) const fn fields(
    running: &'static str,
    suspended: &'static str,
    code: &'static str,
    frame: &'static str,
    delegate: &'static str,
) -> [GetSetRow; 7] {
    [
        field("__name__", |this: ThisGenerator| this.name).doc("The name of the function."),
        field("__qualname__", |this: ThisGenerator| this.qualname).doc("The full name of the function."),
        field(running, |this: ThisGenerator| this.state == GeneratorState::Running).doc("Is it running?"),
        field(suspended, |this: ThisGenerator| this.state == GeneratorState::Suspended).doc("Does it wait?"),
        field(code, |this: ThisGenerator| Value::object(this.frame.code_object)).doc("The code that it runs."),
        field(frame, super::frame::generator_frame).doc("Its frame; None when it is over."),
        field(delegate, |vm: &mut Vm, this: ThisGenerator| vm.delegate_of(this.value()))
            .doc("What it waits for in turn; None where that is nothing."),
    ]
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

fn throw(vm: &mut Vm, this: ThisGenerator, class: Value, value: OrNone<Value>, traceback: Option<Value>) -> PyResult {
    if value.0.is_some() || traceback.is_some() {
        let message = "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.";
        vm.warn(vm.exceptions.DeprecationWarning, message)?;
    }
    let exception = match value.0 {
        Some(value) if vm.is_exception(value) => value,
        Some(value) if vm.is_exception_class(class) => vm.call(class, &[value])?,
        _ if vm.is_exception(class) || vm.is_exception_class(class) => vm.exception_from(class)?,
        _ => return Err(raise_no_exception(vm, class)),
    };
    if !vm.is_exception(exception) {
        return Err(raise_no_exception(vm, exception));
    }
    let step = vm.generator_throw(this.value(), exception)?;
    give(vm, step)
}

fn raise_no_exception(vm: &mut Vm, given: Value) -> Raised {
    let name = vm.class_name(given);
    vm.raise_type(&format!("exceptions must be classes or instances deriving from BaseException, not {name}"))
}
