//! Rows: their columns and values.

use super::adapt::converter;
use super::connection::{Connection, ThisConnection};
use super::error::{Kind, raise};
use super::ffi;
use super::statement::Statement;
use std::ffi::{CStr, c_int};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::{BytesObject, StrObject};
use stitch_runtime::object::spec::Object;
use stitch_runtime::{PyResult, Value, Vm};

fn column_name(statement: This<Statement>, column: c_int) -> Option<String> {
    // SAFETY: a statement that was not finalized; the text is copied at once.
    unsafe {
        let name = ffi::sqlite3_column_name(statement.raw, column);
        (!name.is_null()).then(|| CStr::from_ptr(name).to_string_lossy().into_owned())
    }
}

fn n_columns(statement: This<Statement>) -> c_int {
    // SAFETY: a statement that was not finalized, or null.
    unsafe { ffi::sqlite3_column_count(statement.raw) }
}

/// The description of a statement's columns, or None where it gives no rows.
pub fn columns(vm: &mut Vm, connection: ThisConnection, statement: This<Statement>) -> PyResult {
    let n = n_columns(statement);
    if n == 0 {
        return Ok(Value::NONE);
    }
    let list = vm.new_list(&[])?;
    for column in 0..n {
        let Some(mut name) = column_name(statement, column) else { return Err(vm.raise_memory()) };
        if connection.parses_column_names()
            && let Some(at) = name.find('[')
        {
            // What follows names a type.
            name.truncate(at.saturating_sub(usize::from(name[..at].ends_with(' '))));
        }
        let name = vm.new_str(&name);
        let none = Value::NONE;
        let row = vm.new_tuple(&[name, none, none, none, none, none, none]);
        vm.list_push(list.as_ptr(), row)?;
    }
    vm.list_to_tuple(list)
}

/// The converters of a statement's columns: a tuple, or None where there is none to be looked for.
pub fn row_converters(vm: &mut Vm, connection: ThisConnection, statement: This<Statement>) -> PyResult {
    if connection.detect_types == 0 {
        return Ok(Value::NONE);
    }
    let list = vm.new_list(&[])?;
    for column in 0..n_columns(statement) {
        let mut found = Value::NONE;
        if connection.parses_column_names()
            && let Some(name) = column_name(statement, column)
            && let Some((_, behind)) = name.split_once('[')
            && let Some((type_name, _)) = behind.split_once(']')
        {
            found = converter(vm, type_name)?;
        }
        if found.is_none() && connection.parses_declared_types() {
            // SAFETY: a statement that was not finalized; the text is copied at once.
            let declared = unsafe {
                let declared = ffi::sqlite3_column_decltype(statement.raw, column);
                (!declared.is_null()).then(|| CStr::from_ptr(declared).to_string_lossy().into_owned())
            };
            if let Some(declared) = declared {
                let type_name = declared.split([' ', '(']).next().unwrap_or("");
                found = converter(vm, type_name)?;
            }
        }
        vm.list_push(list.as_ptr(), found)?;
    }
    vm.list_to_tuple(list)
}

/// The row that a statement stands at, as a tuple.
pub fn fetch(vm: &mut Vm, connection: ThisConnection, statement: This<Statement>, converters: Value) -> PyResult {
    // SAFETY: a statement that was not finalized.
    let n = unsafe { ffi::sqlite3_data_count(statement.raw) };
    let row = vm.new_tuple_of_len(n as usize)?;
    for column in 0..n {
        let converter = if converters.is_none() {
            Value::NONE
        } else {
            vm.tuple_items(converters).get(column as usize).copied().unwrap_or(Value::NONE)
        };
        let value = if converter.is_none() {
            value_of(vm, connection, statement, column)?
        } else {
            // SAFETY: as above; the bytes are copied before anything else is asked of the statement.
            let data = unsafe {
                let blob = ffi::sqlite3_column_blob(statement.raw, column);
                let len = ffi::sqlite3_column_bytes(statement.raw, column) as usize;
                let is_null = ffi::sqlite3_column_type(statement.raw, column) == ffi::SQLITE_NULL;
                match (is_null, blob.is_null()) {
                    (true, _) => None,
                    (_, true) => None,
                    _ => Some(std::slice::from_raw_parts(blob.cast::<u8>(), len)),
                }
            };
            match data {
                None => Value::NONE,
                Some(data) => {
                    let data = vm.new_bytes(data)?;
                    let value = vm.call(converter, &[data])?;
                    Connection::check_open(connection, vm)?;
                    value
                }
            }
        };
        vm.tuple_init(row, column as usize, value);
    }
    Ok(row)
}

fn value_of(vm: &mut Vm, connection: ThisConnection, statement: This<Statement>, column: c_int) -> PyResult {
    let raw = statement.raw;
    // SAFETY: a statement that was not finalized and stands at a row; text and bytes are copied at once.
    unsafe {
        match ffi::sqlite3_column_type(raw, column) {
            ffi::SQLITE_INTEGER => Ok(vm.new_int(ffi::sqlite3_column_int64(raw, column))),
            ffi::SQLITE_FLOAT => Ok(Value::float(ffi::sqlite3_column_double(raw, column))),
            ffi::SQLITE_TEXT => {
                let text = ffi::sqlite3_column_text(raw, column);
                if text.is_null() {
                    return Err(vm.raise_memory());
                }
                let len = ffi::sqlite3_column_bytes(raw, column) as usize;
                let text = std::slice::from_raw_parts(text, len);
                text_of(vm, connection, statement, column, text)
            }
            ffi::SQLITE_BLOB => {
                let blob = ffi::sqlite3_column_blob(raw, column);
                let len = ffi::sqlite3_column_bytes(raw, column) as usize;
                if blob.is_null() {
                    return vm.new_bytes(&[]);
                }
                vm.new_bytes(std::slice::from_raw_parts(blob.cast(), len))
            }
            _ => Ok(Value::NONE),
        }
    }
}

fn text_of(
    vm: &mut Vm,
    connection: ThisConnection,
    statement: This<Statement>,
    column: c_int,
    text: &[u8],
) -> PyResult {
    let factory = connection.text_factory;
    if vm.is_class(factory, StrObject::SPEC) {
        return match std::str::from_utf8(text) {
            Ok(text) => Ok(vm.new_str(text)),
            Err(_) => {
                let shown = String::from_utf8_lossy(text).into_owned();
                let name = column_name(statement, column).unwrap_or_default();
                let message = format!("Could not decode to UTF-8 column '{name}' with text '{shown}'");
                Err(raise(vm, Kind::OperationalError, &message))
            }
        };
    }
    let bytes = vm.new_bytes(text)?;
    if vm.is_class(factory, BytesObject::SPEC) {
        return Ok(bytes);
    }
    vm.call(factory, &[bytes])
}
