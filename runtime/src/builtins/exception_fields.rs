//! How exceptions' fields come from their arguments, and what exceptions with fields say of themselves.

mod os;
mod syntax;
mod unicode;

use super::receiver::tuple_of;
use crate::object::dict::dict_of;
use crate::object::exception::ARGS;
use crate::object::native::{NativeRow, native};
use crate::object::slots::Slots;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub use os::fill_os;
pub use syntax::fill_syntax;
pub use unicode::{fill_decode, fill_encode, fill_translate};

/// `ImportError.name`, `AttributeError.name`, … by their places.
pub mod field {
    pub const STOP_VALUE: usize = 0;
    pub const EXIT_CODE: usize = 0;
    pub const NAME_NAME: usize = 0;
    pub const ATTRIBUTE_NAME: usize = 0;
    pub const ATTRIBUTE_OBJECT: usize = 1;
    pub const IMPORT_MESSAGE: usize = 0;
    pub const IMPORT_NAME: usize = 1;
    pub const IMPORT_PATH: usize = 2;
    pub const IMPORT_NAME_FROM: usize = 3;
    pub const GROUP_MESSAGE: usize = 0;
    pub const GROUP_EXCEPTIONS: usize = 1;
}

const INIT: &str = "($self, /, *args, **kwargs)";

pub fn install(vm: &mut Vm) {
    let classes = vm.exceptions;
    let inits: [(_, NativeRow); 9] = [
        (classes.StopIteration, native("__init__", INIT, |vm, args| init(vm, args, fill_stop))),
        (classes.SystemExit, native("__init__", INIT, |vm, args| init(vm, args, fill_exit))),
        (classes.AttributeError, native("__init__", INIT, |vm, args| init(vm, args, fill_attribute))),
        (classes.NameError, native("__init__", INIT, |vm, args| init(vm, args, fill_name))),
        (classes.ImportError, native("__init__", INIT, |vm, args| init(vm, args, fill_import))),
        (classes.SyntaxError, native("__init__", INIT, |vm, args| init(vm, args, fill_syntax))),
        (classes.UnicodeEncodeError, native("__init__", INIT, |vm, args| init(vm, args, fill_encode))),
        (classes.UnicodeDecodeError, native("__init__", INIT, |vm, args| init(vm, args, fill_decode))),
        (classes.UnicodeTranslateError, native("__init__", INIT, |vm, args| init(vm, args, fill_translate))),
    ];
    for (class, row) in inits {
        vm.add_method(class, row);
    }
    vm.add_method(classes.ImportError, native("__reduce__", "($self, /)", import_reduce));
    vm.add_method(classes.AttributeError, native("__reduce__", "($self, /)", attribute_reduce));
    vm.fill_slots(classes.ImportError, Slots { str: Some(import_str), ..Slots::NONE });
    os::install(vm);
    syntax::install(vm);
    unicode::install(vm);
}

fn init(vm: &mut Vm, args: &[Value], fill: crate::object::exception::Fill) -> PyResult {
    vm.check_receiver(args[0], BuiltinType::BaseException)?;
    vm.set_exception_slot(args[0], ARGS, args[1]);
    fill(vm, args[0], tuple_of(args[1]).items(), args[2])?;
    Ok(Value::NONE)
}

/// TypeError for keyword arguments.
pub(super) fn refuse_keywords(vm: &mut Vm, exception: Value, keywords: Value) -> Result<(), Raised> {
    if keywords.is_unbound() || vm.keyword_dict_is_empty(keywords) {
        return Ok(());
    }
    let message = format!("{}() takes no keyword arguments", vm.class_name(exception));
    Err(vm.raise_type(&message))
}

/// Sets fields by keyword arguments: so many as there are names, from `first` on. Those not given are not set.
fn set_by_keyword(
    vm: &mut Vm,
    exception: Value,
    keywords: Value,
    class: &str,
    first: usize,
    names: &[&str],
) -> PyResult<()> {
    for i in 0..names.len() {
        vm.set_exception_field(exception, first + i, Value::UNBOUND);
    }
    if keywords.is_unbound() {
        return Ok(());
    }
    let mut at = 0;
    while let Some((index, entry)) = dict_of(keywords).next_entry(at) {
        at = index + 1;
        let name = str_to_string(entry.key);
        let Some(place) = names.iter().position(|&known| known == name) else {
            return Err(vm.raise_type(&format!("{class}() got an unexpected keyword argument '{name}'")));
        };
        vm.set_exception_field(exception, first + place, entry.value);
    }
    Ok(())
}

pub fn fill_stop(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    refuse_keywords(vm, exception, keywords)?;
    vm.set_exception_field(exception, field::STOP_VALUE, args.first().copied().unwrap_or(Value::NONE));
    Ok(())
}

pub fn fill_exit(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    refuse_keywords(vm, exception, keywords)?;
    let code = match args {
        [] => return Ok(()),
        [one] => *one,
        many => vm.new_tuple(many),
    };
    vm.set_exception_field(exception, field::EXIT_CODE, code);
    Ok(())
}

pub fn fill_attribute(vm: &mut Vm, exception: Value, _: &[Value], keywords: Value) -> PyResult<()> {
    set_by_keyword(vm, exception, keywords, "AttributeError", field::ATTRIBUTE_NAME, &["name", "obj"])
}

pub fn fill_name(vm: &mut Vm, exception: Value, _: &[Value], keywords: Value) -> PyResult<()> {
    set_by_keyword(vm, exception, keywords, "NameError", field::NAME_NAME, &["name"])
}

pub fn fill_import(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    set_by_keyword(vm, exception, keywords, "ImportError", field::IMPORT_NAME, &["name", "path", "name_from"])?;
    if let [message] = args {
        vm.set_exception_field(exception, field::IMPORT_MESSAGE, *message);
    }
    Ok(())
}

fn import_str(vm: &mut Vm, exception: Value) -> PyResult {
    match vm.exception_field(exception, field::IMPORT_MESSAGE) {
        Some(message) if vm.is_exact(message, BuiltinType::Str) => Ok(message),
        _ => super::exception::str(vm, exception),
    }
}

/// `(class, args, state)`, where the state has fields too, by name.
fn reduce_with_fields(vm: &mut Vm, exception: Value, fields: &[(usize, &str)], with_args: bool) -> PyResult {
    let state = vm.new_dict();
    if vm.is_subclass(vm.class_of(exception), vm.exceptions.BaseException)
        && let Ok(own) = vm.instance_dict(exception)
    {
        vm.dict_update(state, own)?;
    }
    for &(place, name) in fields {
        if let Some(value) = vm.exception_field(exception, place) {
            let name = vm.intern(name);
            vm.dict_set_name(state, name, value);
        }
    }
    let args = vm.exception_slot(exception, ARGS);
    if with_args {
        let name = vm.intern("args");
        vm.dict_set_name(state, name, args);
    }
    let class = Value::object(vm.class_of(exception));
    Ok(if vm.keyword_dict_is_empty(state) { vm.new_tuple(&[class, args]) } else { vm.new_tuple(&[class, args, state]) })
}

fn import_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_instance(vm, args[0], vm.exceptions.ImportError)?;
    let fields = [(field::IMPORT_NAME, "name"), (field::IMPORT_PATH, "path"), (field::IMPORT_NAME_FROM, "name_from")];
    reduce_with_fields(vm, args[0], &fields, false)
}

fn attribute_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_instance(vm, args[0], vm.exceptions.AttributeError)?;
    reduce_with_fields(vm, args[0], &[(field::ATTRIBUTE_NAME, "name")], true)
}

/// TypeError where the receiver of an exception's method is none of the class.
pub(super) fn check_instance(
    vm: &mut Vm,
    value: Value,
    class: *mut crate::object::layout::TypeObject,
) -> Result<(), Raised> {
    if vm.is_instance(value, class) {
        return Ok(());
    }
    let message =
        format!("descriptor requires a '{}' object but received a '{}'", vm.type_name(class), vm.class_name(value));
    Err(vm.raise_type(&message))
}
