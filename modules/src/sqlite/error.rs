//! The errors of SQLite as exceptions.

use super::constants::RESULTS;
use super::{MODULE, State, ffi};
use std::ffi::{CStr, c_int};
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// The exceptions of the module, each with its base.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Warning,
    Error,
    InterfaceError,
    DatabaseError,
    InternalError,
    OperationalError,
    ProgrammingError,
    IntegrityError,
    DataError,
    NotSupportedError,
}

pub const KINDS: [(Kind, &str, Option<Kind>); 10] = [
    (Kind::Warning, "Warning", None),
    (Kind::Error, "Error", None),
    (Kind::InterfaceError, "InterfaceError", Some(Kind::Error)),
    (Kind::DatabaseError, "DatabaseError", Some(Kind::Error)),
    (Kind::InternalError, "InternalError", Some(Kind::DatabaseError)),
    (Kind::OperationalError, "OperationalError", Some(Kind::DatabaseError)),
    (Kind::ProgrammingError, "ProgrammingError", Some(Kind::DatabaseError)),
    (Kind::IntegrityError, "IntegrityError", Some(Kind::DatabaseError)),
    (Kind::DataError, "DataError", Some(Kind::DatabaseError)),
    (Kind::NotSupportedError, "NotSupportedError", Some(Kind::DatabaseError)),
];

/// Makes the exception classes, as entries of the module.
pub fn add_classes(vm: &mut Vm, module: Value) -> PyResult<()> {
    let metaclass = Value::object(vm.class(BuiltinType::Type));
    let (module_key, module_name) = (vm.intern("__module__"), vm.intern("sqlite3"));
    for (kind, name, base) in KINDS {
        let base = match base {
            None => Value::object(vm.exceptions.Exception),
            Some(base) => Value::object(class(vm, base)),
        };
        let bases = vm.new_tuple(&[base]);
        let namespace = vm.new_dict();
        vm.dict_set(namespace, module_key, module_name)?;
        let text = vm.new_str(name);
        let made = vm.call(metaclass, &[text, bases, namespace])?;
        state(vm).errors[kind as usize] = made;
        vm.set_module_entry(module, name, made);
    }
    Ok(())
}

pub fn state(vm: &mut Vm) -> &mut State {
    vm.module_state(&MODULE).expect("the module's state is one")
}

pub fn class(vm: &mut Vm, kind: Kind) -> *mut TypeObject {
    state(vm).errors[kind as usize].as_ptr()
}

pub fn raise(vm: &mut Vm, kind: Kind, message: &str) -> Raised {
    let class = class(vm, kind);
    vm.raise(class, message)
}

fn kind_of(code: c_int) -> Kind {
    match code & 0xFF {
        ffi::SQLITE_INTERNAL | ffi::SQLITE_NOTFOUND => Kind::InternalError,
        ffi::SQLITE_ERROR
        | ffi::SQLITE_PERM
        | ffi::SQLITE_ABORT
        | ffi::SQLITE_BUSY
        | ffi::SQLITE_LOCKED
        | ffi::SQLITE_READONLY
        | ffi::SQLITE_INTERRUPT
        | ffi::SQLITE_IOERR
        | ffi::SQLITE_FULL
        | ffi::SQLITE_CANTOPEN
        | ffi::SQLITE_PROTOCOL
        | ffi::SQLITE_EMPTY
        | ffi::SQLITE_SCHEMA => Kind::OperationalError,
        ffi::SQLITE_TOOBIG => Kind::DataError,
        ffi::SQLITE_CONSTRAINT | ffi::SQLITE_MISMATCH => Kind::IntegrityError,
        ffi::SQLITE_MISUSE | ffi::SQLITE_RANGE => Kind::InterfaceError,
        _ => Kind::DatabaseError,
    }
}

/// Raises what a call on a database resulted in.
pub fn raise_of(vm: &mut Vm, db: *mut ffi::sqlite3, code: c_int) -> Raised {
    // SAFETY: an open database, or null, of which SQLite tells that there is no memory.
    let (message, extended) = unsafe {
        let message = CStr::from_ptr(ffi::sqlite3_errmsg(db)).to_string_lossy().into_owned();
        let last = ffi::sqlite3_extended_errcode(db);
        (message, if last & 0xFF == code & 0xFF { last } else { code })
    };
    raise_coded(vm, code, extended, &message)
}

/// Raises a result that no database has.
pub fn raise_code(vm: &mut Vm, code: c_int) -> Raised {
    // SAFETY: gives static text.
    let message = unsafe { CStr::from_ptr(ffi::sqlite3_errstr(code)) }.to_string_lossy().into_owned();
    raise_coded(vm, code, code, &message)
}

fn raise_coded(vm: &mut Vm, code: c_int, extended: c_int, message: &str) -> Raised {
    if code & 0xFF == ffi::SQLITE_NOMEM {
        return vm.raise_memory();
    }
    let class = class(vm, kind_of(code));
    let message = vm.new_str(message);
    let exception = match vm.new_exception(class, &[message]) {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    let name = RESULTS.iter().find(|row| row.1 == i64::from(extended)).map_or("unknown", |row| row.0);
    let (code, name) = (Value::small_int(extended.into()), vm.new_str(name));
    for (attribute, value) in [("sqlite_errorcode", code), ("sqlite_errorname", name)] {
        let attribute = vm.intern(attribute);
        if let Err(raised) = vm.set_attr(exception, attribute, value) {
            return raised;
        }
    }
    vm.raise_value_object(exception)
}
