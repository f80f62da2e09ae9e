//! The values of a statement's parameters.

use super::adapt::adapt;
use super::connection::Connection;
use super::connection::ThisConnection;
use super::error::{Kind, raise};
use super::ffi;
use super::statement::Statement;
use std::ffi::{CStr, c_int};
use stitch_runtime::builtins::types::BYTEARRAY;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::layout::{DictObject, IntObject, StrObject};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

/// Gives a statement its parameters: of a sequence by their order, of a mapping by their names.
pub fn bind(vm: &mut Vm, connection: ThisConnection, statement: This<Statement>, parameters: Value) -> PyResult<()> {
    let raw = statement.raw;
    // SAFETY: a statement that was not finalized, or null.
    let n_wanted = unsafe { ffi::sqlite3_bind_parameter_count(raw) };
    let is_exact = vm.is_exact(parameters, BuiltinType::Tuple) || vm.is_exact(parameters, BuiltinType::List);
    let is_mapping = vm.is_a::<DictObject>(parameters);
    if is_exact || !is_mapping && vm.is_sequence(parameters) {
        let n_given = vm.len(parameters)?;
        if n_given != n_wanted as usize {
            let message = format!(
                "Incorrect number of bindings supplied. The current statement uses {n_wanted}, and there are {n_given} \
                 supplied."
            );
            return Err(raise(vm, Kind::ProgrammingError, &message));
        }
        for i in 0..n_wanted {
            if let Some(name) = parameter_name(raw, i + 1)
                && !name.starts_with('?')
            {
                let message = format!(
                    "Binding {} ('{name}') is a named parameter, but you supplied a sequence which requires nameless \
                     (qmark) placeholders.",
                    i + 1
                );
                return Err(raise(vm, Kind::ProgrammingError, &message));
            }
            let value = vm.get_item(parameters, Value::small_int(i.into()))?;
            let value = adapt_if_needed(vm, value)?;
            bind_one(vm, connection, statement, i + 1, value)?;
        }
        return Ok(());
    }
    if is_mapping || vm.slots_of(parameters).get_item.is_some() {
        for i in 1..=n_wanted {
            let Some(name) = parameter_name(raw, i) else {
                let message = format!("Binding {i} has no name, but you supplied a dictionary (which has only names).");
                return Err(raise(vm, Kind::ProgrammingError, &message));
            };
            let key = vm.new_str(&name[1..]);
            let value = match vm.get_item(parameters, key) {
                Ok(value) => value,
                Err(_) if vm.exception_matches(vm.exceptions.LookupError) => {
                    vm.clear_exception();
                    let message = format!("You did not supply a value for binding parameter :{}.", &name[1..]);
                    return Err(raise(vm, Kind::ProgrammingError, &message));
                }
                Err(raised) => return Err(raised),
            };
            let value = adapt_if_needed(vm, value)?;
            bind_one(vm, connection, statement, i, value)?;
        }
        return Ok(());
    }
    Err(raise(vm, Kind::ProgrammingError, "parameters are of unsupported type"))
}

fn parameter_name(raw: *mut ffi::sqlite3_stmt, index: c_int) -> Option<String> {
    // SAFETY: a statement that was not finalized, or null; the name lives as long as it.
    unsafe {
        let name = ffi::sqlite3_bind_parameter_name(raw, index);
        (!name.is_null()).then(|| CStr::from_ptr(name).to_string_lossy().into_owned())
    }
}

fn adapt_if_needed(vm: &mut Vm, value: Value) -> PyResult {
    let is_plain = value.is_int()
        || value.is_float()
        || value.is_int()
        || vm.is_exactly::<IntObject>(value)
        || vm.is_exactly::<StrObject>(value)
        || vm.exact_spec(value).is_some_and(|spec| std::ptr::eq(spec, &BYTEARRAY));
    if is_plain && !super::error::state(vm).adapts_plain { Ok(value) } else { adapt(vm, value, None, Some(value)) }
}

fn bind_one(
    vm: &mut Vm,
    connection: ThisConnection,
    statement: This<Statement>,
    index: c_int,
    value: Value,
) -> PyResult<()> {
    Connection::check_open(connection, vm)?;
    let raw = statement.raw;
    let transient = ffi::SQLITE_TRANSIENT();
    let code = if value.is_none() {
        // SAFETY: a statement that was not finalized; likewise below. What is bound is copied.
        unsafe { ffi::sqlite3_bind_null(raw, index) }
    } else if vm.is_int_like(value) {
        match vm.int_to_i64(value) {
            // SAFETY: as above.
            Some(word) => unsafe { ffi::sqlite3_bind_int64(raw, index, word) },
            None => return Err(vm.raise_overflow("Python int too large to convert to SQLite INTEGER")),
        }
    } else if vm.is_float_like(value) {
        let float = vm.to_float(value)?;
        // SAFETY: as above.
        unsafe { ffi::sqlite3_bind_double(raw, index, float) }
    } else if let Some(text) = Str::of(vm, value) {
        let text = super::statement::sql_text(vm, text)?;
        let Ok(len) = c_int::try_from(text.len()) else {
            return Err(vm.raise_overflow("string longer than INT_MAX bytes"));
        };
        // SAFETY: as above.
        unsafe { ffi::sqlite3_bind_text(raw, index, text.as_ptr().cast(), len, transient) }
    } else if vm.is_bytes_like(value) {
        let data = BytesLike::of(vm, value)?;
        let Ok(len) = c_int::try_from(data.len()) else {
            return Err(vm.raise_overflow("BLOB longer than INT_MAX bytes"));
        };
        // SAFETY: as above.
        unsafe {
            if len == 0 {
                ffi::sqlite3_bind_zeroblob(raw, index, 0)
            } else {
                ffi::sqlite3_bind_blob(raw, index, data.as_ptr().cast(), len, transient)
            }
        }
    } else {
        let given = vm.class_name(value);
        let message = format!("Error binding parameter {index}: type '{given}' is not supported");
        return Err(raise(vm, Kind::ProgrammingError, &message));
    };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(Connection::raise(connection, vm, code)) }
}
