//! Exceptions' methods and the attributes that some of them compute from their arguments.

use crate::object::argument::{ClassOf, Keywords, Rest, This, method};
use crate::object::convert::text::Text;
use crate::object::exception::{ARGS, CAUSE, CONTEXT, SUPPRESS_CONTEXT, TRACEBACK, kinds};
use crate::object::layout::TracebackObject;
use crate::object::layout::{DictObject, ListObject, TupleObject};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{DICT_GETTER, GetSetRow, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub type ThisException = This<kinds::BaseException>;

pub static BASE_EXCEPTION: TypeSpec = TypeSpec {
    name: "BaseException",
    doc: "The base of all exceptions.",
    is_base: true,
    slots: Slots { str: slot(str), repr: slot(write_repr), ..Slots::NONE },
    new: Some(NEW),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

/// `__new__` of the exceptions that have one of their own, but do nothing else in it.
pub const NEW: NativeRow =
    method("__new__", "($type, /, *args, **kwargs)", new).doc("An exception with these arguments.");

const METHODS: &[NativeRow] = &[
    init::<kinds::BaseException>(),
    method("with_traceback", "($self, tb, /)", |vm: &mut Vm, this: ThisException, traceback: Value| {
        set_traceback(vm, this, Some(traceback))?;
        PyResult::Ok(this.value())
    })
    .doc("Sets the traceback; gives the exception itself."),
    method("add_note", "($self, note, /)", add_note).doc("Adds a text that is shown with the exception."),
    method("__reduce__", "($self, /)", |vm: &mut Vm, this: ThisException| {
        let arguments = vm.exception_slot(this.value(), ARGS);
        reduced(vm, this.value(), arguments)
    })
    .doc("What makes such an exception anew."),
    method("__setstate__", "($self, state, /)", set_state).doc("Sets attributes from a dict."),
];

const GETTERS: &[GetSetRow] = &[
    DICT_GETTER,
    field("args", |vm: &mut Vm, this| slot_of(vm, this, ARGS)).set_by(set_args).doc("The arguments."),
    field("__traceback__", |vm: &mut Vm, this| slot_of(vm, this, TRACEBACK))
        .set_by(set_traceback)
        .doc("The places that it came through."),
    field("__context__", |vm: &mut Vm, this| slot_of(vm, this, CONTEXT))
        .set_by(|vm: &mut Vm, this, context| set_chained(vm, this, context, CONTEXT, "context"))
        .doc("The exception that was handled when it was raised."),
    field("__cause__", |vm: &mut Vm, this| slot_of(vm, this, CAUSE))
        .set_by(|vm: &mut Vm, this: ThisException, cause| {
            set_chained(vm, this, cause, CAUSE, "cause")?;
            vm.set_exception_slot(this.value(), SUPPRESS_CONTEXT, Value::TRUE);
            Ok(())
        })
        .doc("The exception that it was raised from."),
    field("__suppress_context__", |vm: &mut Vm, this| slot_of(vm, this, SUPPRESS_CONTEXT))
        .set_by(set_suppress_context)
        .doc("Is its context not shown?"),
];

/// What a subclass of KeyError or itself adds.
pub const KEY_ERROR: TypeSpec = TypeSpec { slots: Slots { str: slot(key_str), ..Slots::NONE }, ..TypeSpec::NEW };

/// `__init__` of a class: sets the arguments, and the fields by them.
pub const fn init<T: Object + 'static>() -> NativeRow {
    method("__init__", "($self, /, *args, **kwargs)", |vm: &mut Vm, this: This<T>, args: Rest, keywords: Keywords| {
        let exception = this.value();
        vm.set_exception_slot(exception, ARGS, args.value());
        match T::SPEC.fields {
            Some(fields) => (fields.fill)(vm, exception, args.items(), keywords.value()),
            None => super::exception_fields::refuse_keywords(vm, exception, keywords.value()),
        }
    })
    .doc("Sets the arguments.")
}

/// A slot that all exceptions have.
fn slot_of(vm: &mut Vm, this: ThisException, slot: usize) -> Value {
    vm.exception_slot(this.value(), slot)
}

fn set_args(vm: &mut Vm, this: ThisException, args: Option<Value>) -> PyResult<()> {
    let Some(args) = args else { return Err(vm.raise_type("args may not be deleted")) };
    let args = vm.collect_tuple(args)?;
    vm.set_exception_slot(this.value(), ARGS, args);
    Ok(())
}

fn set_traceback(vm: &mut Vm, this: ThisException, traceback: Option<Value>) -> PyResult<()> {
    let Some(traceback) = traceback else { return Err(vm.raise_type("__traceback__ may not be deleted")) };
    if !traceback.is_none() && !vm.is_a::<TracebackObject>(traceback) {
        return Err(vm.raise_type("__traceback__ must be a traceback or None"));
    }
    vm.set_exception_slot(this.value(), TRACEBACK, traceback);
    Ok(())
}

/// Sets a slot that is an exception or None.
fn set_chained(vm: &mut Vm, this: ThisException, other: Option<Value>, slot: usize, what: &str) -> PyResult<()> {
    let Some(other) = other else { return Err(vm.raise_type(&format!("__{what}__ may not be deleted"))) };
    if !other.is_none() && !vm.is_exception(other) {
        return Err(vm.raise_type(&format!("exception {what} must be None or derive from BaseException")));
    }
    vm.set_exception_slot(this.value(), slot, other);
    Ok(())
}

fn set_suppress_context(vm: &mut Vm, this: ThisException, flag: Option<Value>) -> PyResult<()> {
    match flag {
        Some(flag) if flag.is_bool() => {
            vm.set_exception_slot(this.value(), SUPPRESS_CONTEXT, flag);
            Ok(())
        }
        Some(_) => Err(vm.raise_type("attribute value type must be bool")),
        None => Err(vm.raise_type("can't delete numeric/char attribute")),
    }
}

/// The arguments of an exception: its `args`, or nothing where a program replaced them by something else.
fn arguments<'a>(vm: &mut Vm, this: ThisException) -> &'a [Value] {
    let args = vm.exception_slot(this.value(), ARGS);
    if vm.is_a::<TupleObject>(args) { vm.tuple_items(args) } else { &[] }
}

fn new(vm: &mut Vm, class: ClassOf<kinds::BaseException>, args: Rest, _keywords: Keywords) -> PyResult {
    vm.new_bare_exception(class.class, args.items())
}

/// `(class, arguments)`, and the attributes where there are any.
pub(super) fn reduced(vm: &mut Vm, exception: Value, arguments: Value) -> PyResult {
    let class = Value::object(vm.class_of(exception));
    let names = vm.own_names(exception)?;
    if This::<ListObject>::expect(vm, names).len == 0 {
        return Ok(vm.new_tuple(&[class, arguments]));
    }
    let state = vm.instance_dict(exception)?;
    Ok(vm.new_tuple(&[class, arguments, state]))
}

fn set_state(vm: &mut Vm, this: ThisException, state: Value) -> PyResult<()> {
    if state.is_none() {
        return Ok(());
    }
    let Some(state) = This::<DictObject>::of(vm, state) else {
        return Err(vm.raise_type("state is not a dictionary"));
    };
    let mut at = 0;
    while let Some((index, entry)) = state.next_entry(at) {
        at = index + 1;
        let name = super::attributes::attribute_name(vm, entry.key)?;
        vm.set_attr(this.value(), name, entry.value)?;
    }
    Ok(())
}

pub(super) fn str(vm: &mut Vm, this: ThisException) -> PyResult {
    match arguments(vm, this) {
        [] => Ok(vm.str_from_latin1(b"")),
        [one] => vm.str(*one),
        many => {
            let tuple = vm.new_tuple(many);
            vm.repr(tuple)
        }
    }
}

fn key_str(vm: &mut Vm, this: ThisException) -> PyResult {
    match arguments(vm, this) {
        [one] => vm.repr(*one),
        _ => str(vm, this),
    }
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisException) -> PyResult<()> {
    out.push_str(&vm.class_name(this.value()));
    let items = arguments(vm, this);
    if let [one] = items {
        return vm.write_parts(out, "(", &[*one], ")");
    }
    // The exception's own, which tells itself from those that it holds.
    let args = vm.exception_slot(this.value(), ARGS);
    let tuple = if vm.is_a::<TupleObject>(args) { args } else { vm.empty_tuple };
    vm.write_repr(out, tuple)
}

fn add_note(vm: &mut Vm, this: ThisException, note: Value) -> PyResult<()> {
    if !vm.is_str(note) {
        let message = format!("note must be a str, not '{}'", vm.class_name(note));
        return Err(vm.raise_type(&message));
    }
    let name = vm.names.__notes__;
    let notes = match vm.own_attribute(this.value(), name) {
        Some(notes) if vm.is_a::<ListObject>(notes) => notes,
        Some(_) => return Err(vm.raise_type("Cannot add note: __notes__ is not a list")),
        None => {
            let notes = vm.new_list(&[])?;
            vm.set_own_attribute(this.value(), name, notes)?;
            notes
        }
    };
    vm.list_push(This::<ListObject>::expect(vm, notes).pointer(), note)
}
