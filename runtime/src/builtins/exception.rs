//! Exceptions' methods and the attributes that some of them compute from their arguments.

use super::receiver::{list_of, tuple_of};
use crate::object::convert::text::Text;
use crate::object::exception::{ARGS, CAUSE, CONTEXT, SUPPRESS_CONTEXT, TRACEBACK};
use crate::object::layout::TypeObject;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static BASE_EXCEPTION: TypeSpec = TypeSpec {
    name: "BaseException",
    doc: "The base of all exceptions.",
    is_base: true,
    slots: Slots { str: Some(str), repr: Some(write_repr), ..Slots::NONE },
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    native("__init__", "($self, /, *args, **kwargs)", init),
    native("with_traceback", "($self, tb, /)", with_traceback),
    native("add_note", "($self, note, /)", add_note),
    native("__reduce__", "($self, /)", |vm, args| {
        arguments(vm, args[0])?;
        let arguments = vm.exception_slot(args[0], ARGS);
        reduced(vm, args[0], arguments)
    }),
    native("__setstate__", "($self, state, /)", set_state),
];

pub fn install(vm: &mut Vm) {
    let classes = vm.exceptions;
    let base = classes.BaseException;
    for &row in METHODS {
        vm.add_method(base, row);
    }
    vm.add_new(base, native("__new__", "($type, /, *args, **kwargs)", new));
    vm.add_getset(base, "args", |vm, e| slot(vm, e, ARGS), Some(set_args));
    vm.add_getset(base, "__traceback__", |vm, e| slot(vm, e, TRACEBACK), Some(set_traceback));
    vm.add_getset(base, "__context__", |vm, e| slot(vm, e, CONTEXT), Some(set_context));
    vm.add_getset(base, "__cause__", |vm, e| slot(vm, e, CAUSE), Some(set_cause));
    vm.add_getset(base, "__suppress_context__", |vm, e| slot(vm, e, SUPPRESS_CONTEXT), Some(set_suppress_context));
    vm.fill_slots(classes.KeyError, Slots { str: Some(key_str), ..Slots::NONE });
    super::exception_fields::install(vm);
}

/// A slot that all exceptions have.
fn slot(vm: &mut Vm, exception: Value, slot: usize) -> PyResult {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    Ok(vm.exception_slot(exception, slot))
}

fn set_args(vm: &mut Vm, exception: Value, args: Option<Value>) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    let Some(args) = args else { return Err(vm.raise_type("args may not be deleted")) };
    let args = vm.collect_tuple(args)?;
    vm.set_exception_slot(exception, ARGS, args);
    Ok(())
}

fn set_traceback(vm: &mut Vm, exception: Value, traceback: Option<Value>) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    let Some(traceback) = traceback else { return Err(vm.raise_type("__traceback__ may not be deleted")) };
    if !traceback.is_none() && !vm.has_layout(traceback, BuiltinType::Traceback) {
        return Err(vm.raise_type("__traceback__ must be a traceback or None"));
    }
    vm.set_exception_slot(exception, TRACEBACK, traceback);
    Ok(())
}

fn set_context(vm: &mut Vm, exception: Value, context: Option<Value>) -> Result<(), Raised> {
    set_chained(vm, exception, context, CONTEXT, "context")
}

fn set_cause(vm: &mut Vm, exception: Value, cause: Option<Value>) -> Result<(), Raised> {
    set_chained(vm, exception, cause, CAUSE, "cause")?;
    vm.set_exception_slot(exception, SUPPRESS_CONTEXT, Value::TRUE);
    Ok(())
}

/// Sets a slot that is an exception or None.
fn set_chained(vm: &mut Vm, exception: Value, other: Option<Value>, slot: usize, what: &str) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    let Some(other) = other else { return Err(vm.raise_type(&format!("__{what}__ may not be deleted"))) };
    if !other.is_none() && !vm.is_exception(other) {
        return Err(vm.raise_type(&format!("exception {what} must be None or derive from BaseException")));
    }
    vm.set_exception_slot(exception, slot, other);
    Ok(())
}

fn set_suppress_context(vm: &mut Vm, exception: Value, flag: Option<Value>) -> Result<(), Raised> {
    vm.check_receiver(exception, BuiltinType::BaseException)?;
    match flag {
        Some(flag) if flag.is_bool() => {
            vm.set_exception_slot(exception, SUPPRESS_CONTEXT, flag);
            Ok(())
        }
        Some(_) => Err(vm.raise_type("attribute value type must be bool")),
        None => Err(vm.raise_type("can't delete numeric/char attribute")),
    }
}

/// The arguments of an exception: its `args`, or nothing where a program replaced them by something else.
fn arguments<'a>(vm: &mut Vm, exception: Value) -> PyResult<&'a [Value]> {
    if !vm.is_exception(exception) {
        let message =
            format!("descriptor requires a 'BaseException' object but received a '{}'", vm.class_name(exception));
        return Err(vm.raise_type(&message));
    }
    let args = vm.exception_slot(exception, ARGS);
    Ok(if vm.has_layout(args, BuiltinType::Tuple) { tuple_of(args).items() } else { &[] })
}

/// The class that an exception's `__new__` was asked for: `base`, or one that derives from it.
pub(super) fn class_argument(vm: &mut Vm, value: Value, base: *mut TypeObject) -> PyResult<*mut TypeObject> {
    let name = vm.type_name(base);
    if !vm.has_layout(value, BuiltinType::Type) {
        let message = format!("{name}.__new__(X): X is not a type object ({})", vm.class_name(value));
        return Err(vm.raise_type(&message));
    }
    let class = value.as_ptr::<TypeObject>();
    let given = vm.type_name(class);
    if !vm.is_subclass(class, base) {
        let message = format!("{name}.__new__({given}): {given} is not a subtype of {name}");
        return Err(vm.raise_type(&message));
    }
    Ok(class)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = class_argument(vm, args[0], vm.exceptions.BaseException)?;
    vm.new_bare_exception(class, tuple_of(args[1]).items())
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    arguments(vm, args[0])?;
    vm.set_exception_slot(args[0], ARGS, args[1]);
    super::exception_fields::refuse_keywords(vm, args[0], args[2])?;
    Ok(Value::NONE)
}

/// `(class, arguments)`, and the attributes where there are any.
pub(super) fn reduced(vm: &mut Vm, exception: Value, arguments: Value) -> PyResult {
    let class = Value::object(vm.class_of(exception));
    let names = vm.own_names(exception)?;
    if list_of(names).len == 0 {
        return Ok(vm.new_tuple(&[class, arguments]));
    }
    let state = vm.instance_dict(exception)?;
    Ok(vm.new_tuple(&[class, arguments, state]))
}

fn set_state(vm: &mut Vm, args: &[Value]) -> PyResult {
    arguments(vm, args[0])?;
    if args[1].is_none() {
        return Ok(Value::NONE);
    }
    if !vm.has_layout(args[1], BuiltinType::Dict) {
        return Err(vm.raise_type("state is not a dictionary"));
    }
    let mut at = 0;
    while let Some((index, entry)) = crate::object::dict::dict_of(args[1]).next_entry(at) {
        at = index + 1;
        let name = super::attributes::attribute_name(vm, entry.key)?;
        vm.set_attr(args[0], name, entry.value)?;
    }
    Ok(Value::NONE)
}

pub(super) fn str(vm: &mut Vm, exception: Value) -> PyResult {
    match arguments(vm, exception)? {
        [] => Ok(vm.str_from_latin1(b"")),
        [one] => vm.str(*one),
        many => {
            let tuple = vm.new_tuple(many);
            vm.repr(tuple)
        }
    }
}

fn key_str(vm: &mut Vm, exception: Value) -> PyResult {
    match arguments(vm, exception)? {
        [one] => vm.repr(*one),
        _ => str(vm, exception),
    }
}

fn write_repr(vm: &mut Vm, out: &mut Text, exception: Value) -> PyResult<()> {
    out.push_str(&vm.class_name(exception));
    let items = arguments(vm, exception)?;
    if let [one] = items {
        return vm.write_parts(out, "(", &[*one], ")");
    }
    let tuple = vm.new_tuple(items);
    vm.write_repr(out, tuple)
}

fn with_traceback(vm: &mut Vm, args: &[Value]) -> PyResult {
    arguments(vm, args[0])?;
    if !args[1].is_none() && !vm.has_layout(args[1], BuiltinType::Traceback) {
        return Err(vm.raise_type("__traceback__ must be a traceback or None"));
    }
    vm.set_exception_slot(args[0], TRACEBACK, args[1]);
    Ok(args[0])
}

fn add_note(vm: &mut Vm, args: &[Value]) -> PyResult {
    arguments(vm, args[0])?;
    if !vm.is_str(args[1]) {
        let message = format!("note must be a str, not '{}'", vm.class_name(args[1]));
        return Err(vm.raise_type(&message));
    }
    let name = vm.names.__notes__;
    let notes = match vm.own_attribute(args[0], name) {
        Some(notes) if vm.has_layout(notes, BuiltinType::List) => notes,
        _ => {
            let notes = vm.new_list(&[])?;
            vm.set_own_attribute(args[0], name, notes)?;
            notes
        }
    };
    vm.list_push(list_of(notes), args[1])?;
    Ok(Value::NONE)
}
