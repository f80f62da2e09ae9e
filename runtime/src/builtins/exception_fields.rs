//! How exceptions' fields come from their arguments, and what exceptions with fields say of themselves.

mod os;
mod syntax;
mod unicode;

pub use super::exception::KEY_ERROR;
pub use super::group::BASE_EXCEPTION_GROUP;
pub use os::OS_ERROR;
pub(crate) use syntax::STATEMENT;
pub use syntax::SYNTAX_ERROR;
pub use unicode::{UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR, UNICODE_TRANSLATE_ERROR};

use super::exception::{ThisException, init};
use crate::object::argument::{This, method};
use crate::object::exception::{ARGS, Fields, kinds};
use crate::object::layout::MemberKind::Field;
use crate::object::layout::StrObject;
use crate::object::slots::{Slots, slot};
use crate::object::spec::TypeSpec;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

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

pub const STOP_ITERATION: TypeSpec = TypeSpec {
    fields: Some(Fields { names: &[("value", Field)], fill: fill_stop }),
    methods: &[init::<kinds::StopIteration>()],
    ..TypeSpec::NEW
};

pub const SYSTEM_EXIT: TypeSpec = TypeSpec {
    fields: Some(Fields { names: &[("code", Field)], fill: fill_exit }),
    methods: &[init::<kinds::SystemExit>()],
    ..TypeSpec::NEW
};

pub const NAME_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: &[("name", Field)],
        fill: |vm, exception, _, keywords| {
            set_by_keyword(vm, exception, keywords, "NameError", field::NAME_NAME, &["name"])
        },
    }),
    methods: &[init::<kinds::NameError>()],
    ..TypeSpec::NEW
};

pub const ATTRIBUTE_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: &[("name", Field), ("obj", Field)],
        fill: |vm, exception, _, keywords| {
            set_by_keyword(vm, exception, keywords, "AttributeError", field::ATTRIBUTE_NAME, &["name", "obj"])
        },
    }),
    methods: &[
        init::<kinds::AttributeError>(),
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<kinds::AttributeError>| {
            reduce_with_fields(vm, this.value(), &[(field::ATTRIBUTE_NAME, "name")], true)
        })
        .doc("What makes such an exception anew."),
    ],
    ..TypeSpec::NEW
};

pub const IMPORT_ERROR: TypeSpec = TypeSpec {
    fields: Some(Fields {
        names: &[("msg", Field), ("name", Field), ("path", Field), ("name_from", Field)],
        fill: fill_import,
    }),
    slots: Slots { str: slot(import_str), ..Slots::NONE },
    methods: &[
        init::<kinds::ImportError>(),
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<kinds::ImportError>| {
            let fields =
                [(field::IMPORT_NAME, "name"), (field::IMPORT_PATH, "path"), (field::IMPORT_NAME_FROM, "name_from")];
            reduce_with_fields(vm, this.value(), &fields, false)
        })
        .doc("What makes such an exception anew."),
    ],
    ..TypeSpec::NEW
};

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
    while let Some((index, entry)) = vm.table(keywords).next_entry(at) {
        at = index + 1;
        let name = vm.string_of(entry.key);
        let Some(place) = names.iter().position(|&known| known == name) else {
            return Err(vm.raise_type(&format!("{class}() got an unexpected keyword argument '{name}'")));
        };
        vm.set_exception_field(exception, first + place, entry.value);
    }
    Ok(())
}

fn fill_stop(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    refuse_keywords(vm, exception, keywords)?;
    vm.set_exception_field(exception, field::STOP_VALUE, args.first().copied().unwrap_or(Value::NONE));
    Ok(())
}

fn fill_exit(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    refuse_keywords(vm, exception, keywords)?;
    let code = match args {
        [] => return Ok(()),
        [one] => *one,
        many => vm.new_tuple(many),
    };
    vm.set_exception_field(exception, field::EXIT_CODE, code);
    Ok(())
}

fn fill_import(vm: &mut Vm, exception: Value, args: &[Value], keywords: Value) -> PyResult<()> {
    for field in [field::IMPORT_MESSAGE, field::IMPORT_NAME, field::IMPORT_PATH, field::IMPORT_NAME_FROM] {
        vm.set_exception_field(exception, field, Value::UNBOUND);
    }
    set_by_keyword(vm, exception, keywords, "ImportError", field::IMPORT_NAME, &["name", "path", "name_from"])?;
    if let [message] = args {
        vm.set_exception_field(exception, field::IMPORT_MESSAGE, *message);
    }
    Ok(())
}

fn import_str(vm: &mut Vm, this: ThisException) -> PyResult {
    match vm.exception_field(this.value(), field::IMPORT_MESSAGE) {
        Some(message) if vm.is_exactly::<StrObject>(message) => Ok(message),
        _ => super::exception::str(vm, this),
    }
}

/// `(class, args, state)`, where the state has fields too, by name.
fn reduce_with_fields(vm: &mut Vm, exception: Value, fields: &[(usize, &str)], with_args: bool) -> PyResult {
    let state = vm.new_dict();
    let own = vm.instance_dict(exception)?;
    vm.dict_update(state, own)?;
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
