//! What SQLite calls: functions, aggregates, collations, and what watches it at work. Each finds its connection by a pointer, and
//! there the machine whose call is under way.
//!
//! ```text
//!   Callback ──► Connection (a live object: the call that leads here came by it)
//!      └ place ──► kept[place]: what is called
//! ```

use super::connection::{Connection, ThisConnection, tells_of_callbacks};
use super::error::{Kind, raise};
use super::ffi;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use stitch_runtime::object::argument::Str;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::{PyResult, Value, Vm};

/// What SQLite keeps of something that it calls.
pub struct Callback {
    pub connection: *mut Connection,
    pub place: usize,
}

impl Callback {
    pub fn leaked(connection: ThisConnection, place: usize) -> *mut c_void {
        Box::into_raw(Box::new(Callback { connection: connection.pointer(), place })).cast()
    }
}

/// SQLite does not call it any more.
pub unsafe extern "C" fn forget(callback: *mut c_void) {
    // SAFETY: made by `Callback::leaked`, and given back once.
    let callback = unsafe { Box::from_raw(callback.cast::<Callback>()) };
    // SAFETY: a database is closed before its connection's memory is given back.
    unsafe { (*callback.connection).free.push(callback.place) };
}

/// The machine, the connection and what is called.
///
/// # Safety
/// SQLite calls back with what it was given, within a call that `Connection::enter` came before.
unsafe fn found<'v>(callback: *mut c_void) -> (&'v mut Vm, ThisConnection, Value) {
    // SAFETY: as this function's conditions say.
    unsafe {
        let callback = &*callback.cast::<Callback>();
        let (vm, connection) = entered(callback.connection);
        let called = Connection::kept(connection, vm, callback.place);
        (vm, connection, called)
    }
}

/// # Safety
/// As for `found`.
unsafe fn entered<'v>(connection: *mut Connection) -> (&'v mut Vm, ThisConnection) {
    // SAFETY: as this function's conditions say: the machine waits for the call that SQLite is in.
    unsafe { (&mut *(*connection).vm, ThisConnection::of_known(Value::object(connection))) }
}

/// The exception that a callback raised is told of, or dropped.
fn drop_exception(vm: &mut Vm, called: Value) {
    let exception = vm.take_exception();
    if tells_of_callbacks(vm) {
        let repr = vm.repr_or_unknown(called);
        vm.exception = exception;
        vm.write_unraisable(&format!("Exception ignored on sqlite3 callback {repr}"), Value::NONE);
    }
    vm.clear_exception();
}

/// The result of a function is an error: what it raised, in other words.
fn set_error(vm: &mut Vm, context: *mut ffi::sqlite3_context, called: Value, message: &CStr) {
    let is_memory = vm.exception_matches(vm.exceptions.MemoryError);
    let is_overflow = vm.exception_matches(vm.exceptions.OverflowError);
    // SAFETY: the context of the function that is being called.
    unsafe {
        if is_memory {
            ffi::sqlite3_result_error_nomem(context);
        } else if is_overflow {
            ffi::sqlite3_result_error_toobig(context);
        } else {
            ffi::sqlite3_result_error(context, message.as_ptr(), -1);
        }
    }
    drop_exception(vm, called);
}

/// The arguments of a function, as a tuple.
///
/// # Safety
/// So many values of the call that is under way.
unsafe fn arguments(vm: &mut Vm, n: c_int, values: *mut *mut ffi::sqlite3_value) -> PyResult {
    let list = vm.new_list(&[])?;
    for i in 0..n as usize {
        // SAFETY: as this function's conditions say; text and bytes are copied at once.
        let argument = unsafe {
            let value = *values.add(i);
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => vm.new_int(ffi::sqlite3_value_int64(value)),
                ffi::SQLITE_FLOAT => Value::float(ffi::sqlite3_value_double(value)),
                ffi::SQLITE_TEXT => {
                    let text = ffi::sqlite3_value_text(value);
                    if text.is_null() {
                        return Err(vm.raise_memory());
                    }
                    let text = std::slice::from_raw_parts(text, ffi::sqlite3_value_bytes(value) as usize);
                    let Ok(text) = std::str::from_utf8(text) else {
                        let bytes = vm.new_bytes(text)?;
                        // Raises what is wrong with it.
                        let decode = vm.intern("decode");
                        return vm.call_method(bytes, decode, &[]);
                    };
                    vm.new_str(text)
                }
                ffi::SQLITE_BLOB => {
                    let blob = ffi::sqlite3_value_blob(value).cast::<u8>();
                    let len = ffi::sqlite3_value_bytes(value) as usize;
                    vm.new_bytes(if blob.is_null() { &[] } else { std::slice::from_raw_parts(blob, len) })?
                }
                _ => Value::NONE,
            }
        };
        vm.list_push(list.as_ptr(), argument)?;
    }
    vm.list_to_tuple(list)
}

/// Gives SQLite a result.
fn set_result(vm: &mut Vm, context: *mut ffi::sqlite3_context, value: Value) -> PyResult<()> {
    let transient = ffi::SQLITE_TRANSIENT();
    // SAFETY: the context of the function that is being called; text and bytes are copied.
    unsafe {
        if value.is_none() {
            ffi::sqlite3_result_null(context);
        } else if vm.is_int_like(value) {
            let Some(word) = vm.int_to_i64(value) else {
                return Err(vm.raise_overflow("Python int too large to convert to SQLite INTEGER"));
            };
            ffi::sqlite3_result_int64(context, word);
        } else if vm.is_float_like(value) {
            let float = vm.to_float(value)?;
            ffi::sqlite3_result_double(context, float);
        } else if let Some(text) = Str::of(vm, value) {
            let text = super::statement::sql_text(vm, text)?;
            let Ok(len) = c_int::try_from(text.len()) else {
                return Err(vm.raise_overflow("string is longer than INT_MAX bytes"));
            };
            ffi::sqlite3_result_text(context, text.as_ptr().cast(), len, transient);
        } else if vm.is_bytes_like(value) {
            let data = BytesLike::of(vm, value)?;
            let Ok(len) = c_int::try_from(data.len()) else {
                return Err(vm.raise_overflow("BLOB longer than INT_MAX bytes"));
            };
            ffi::sqlite3_result_blob(context, data.as_ptr().cast(), len, transient);
        } else {
            let given = vm.class_name(value);
            let message = format!("User-defined functions cannot return '{given}' values to SQLite");
            return Err(raise(vm, Kind::ProgrammingError, &message));
        }
    }
    Ok(())
}

pub unsafe extern "C" fn function(context: *mut ffi::sqlite3_context, n: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: SQLite calls a function with what it was made with and its arguments.
    let (vm, _, called) = unsafe { found(ffi::sqlite3_user_data(context)) };
    // SAFETY: as above.
    let result = unsafe { arguments(vm, n, values) }
        .and_then(|arguments| vm.call_expanded(called, arguments, Value::UNBOUND))
        .and_then(|value| set_result(vm, context, value));
    if result.is_err() {
        set_error(vm, context, called, c"user-defined function raised exception");
    }
}

/// Where an aggregate is kept that is at work: its place and one, or nothing yet.
unsafe fn instance(context: *mut ffi::sqlite3_context, makes: bool) -> *mut usize {
    let size = if makes { size_of::<usize>() as c_int } else { 0 };
    // SAFETY: the context of an aggregate that is being called.
    unsafe { ffi::sqlite3_aggregate_context(context, size).cast() }
}

pub unsafe extern "C" fn step(context: *mut ffi::sqlite3_context, n: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: as for `function`.
    unsafe { step_with(context, n, values, "step", c"user-defined aggregate's 'step' method raised error") };
}

pub unsafe extern "C" fn inverse(context: *mut ffi::sqlite3_context, n: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: as for `function`.
    unsafe { step_with(context, n, values, "inverse", c"user-defined aggregate's 'inverse' method raised error") };
}

/// # Safety
/// As for `function`.
unsafe fn step_with(
    context: *mut ffi::sqlite3_context,
    n: c_int,
    values: *mut *mut ffi::sqlite3_value,
    method: &str,
    message: &CStr,
) {
    // SAFETY: as this function's conditions say.
    let ((vm, connection, class), place) = unsafe { (found(ffi::sqlite3_user_data(context)), instance(context, true)) };
    if place.is_null() {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_result_error_nomem(context) };
        return;
    }
    // SAFETY: SQLite's memory of this aggregate, zero at first.
    let known = unsafe { *place };
    let object = if known == 0 {
        let made = vm.call(class, &[]).and_then(|made| Ok((made, Connection::keep(connection, vm, made)?)));
        let Ok((made, at)) = made else {
            return set_error(vm, context, class, c"user-defined aggregate's '__init__' method raised error");
        };
        // SAFETY: as above.
        unsafe { *place = at + 1 };
        made
    } else {
        Connection::kept(connection, vm, known - 1)
    };
    let name = vm.intern(method);
    // SAFETY: as this function's conditions say.
    let result = unsafe { arguments(vm, n, values) }.and_then(|arguments| {
        let method = vm.get_attr(object, name)?;
        vm.call_expanded(method, arguments, Value::UNBOUND)
    });
    if result.is_err() {
        let is_missing = vm.exception_matches(vm.exceptions.AttributeError) && method == "step";
        let message = if is_missing { c"user-defined aggregate's 'step' method not defined" } else { message };
        set_error(vm, context, object, message);
    }
}

pub unsafe extern "C" fn value(context: *mut ffi::sqlite3_context) {
    // SAFETY: as for `function`.
    let ((vm, connection, _), place) = unsafe { (found(ffi::sqlite3_user_data(context)), instance(context, false)) };
    // SAFETY: SQLite's memory of this aggregate, if there is any.
    let Some(at) = (unsafe { place.as_ref() }).and_then(|place| place.checked_sub(1)) else { return };
    let object = Connection::kept(connection, vm, at);
    let name = vm.intern("value");
    let result = vm.call_method(object, name, &[]).and_then(|value| set_result(vm, context, value));
    if result.is_err() {
        let is_missing = vm.exception_matches(vm.exceptions.AttributeError);
        let message = if is_missing {
            c"user-defined aggregate's 'value' method not defined"
        } else {
            c"user-defined aggregate's 'value' method raised error"
        };
        set_error(vm, context, object, message);
    }
}

pub unsafe extern "C" fn finalize(context: *mut ffi::sqlite3_context) {
    // SAFETY: as for `function`.
    let ((vm, connection, _), place) = unsafe { (found(ffi::sqlite3_user_data(context)), instance(context, false)) };
    // SAFETY: SQLite's memory of this aggregate, if there is any.
    let known = unsafe { place.as_mut() }.map_or(0, |place| std::mem::replace(place, 0));
    // One without rows was not made, and gives nothing.
    let Some(at) = known.checked_sub(1) else { return };
    let object = Connection::kept(connection, vm, at);
    Connection::let_go(connection, vm, at);
    let name = vm.intern("finalize");
    let result = vm.call_method(object, name, &[]).and_then(|value| set_result(vm, context, value));
    if result.is_err() {
        let is_missing = vm.exception_matches(vm.exceptions.AttributeError);
        let message = if is_missing {
            c"user-defined aggregate's 'finalize' method not defined"
        } else {
            c"user-defined aggregate's 'finalize' method raised error"
        };
        set_error(vm, context, object, message);
    }
}

pub unsafe extern "C" fn collate(
    callback: *mut c_void,
    len_a: c_int,
    a: *const c_void,
    len_b: c_int,
    b: *const c_void,
) -> c_int {
    // SAFETY: SQLite calls a collation with what it was made with.
    let (vm, _, called) = unsafe { found(callback) };
    let mut text = |data: *const c_void, len: c_int| {
        // SAFETY: so many bytes of text.
        let data = if len == 0 { &[] } else { unsafe { std::slice::from_raw_parts(data.cast::<u8>(), len as usize) } };
        vm.str_from_wtf8(String::from_utf8_lossy(data).as_bytes())
    };
    let (a, b) = (text(a, len_a), text(b, len_b));
    let order = vm.call(called, &[a, b]).and_then(|order| {
        let zero = Value::small_int(0);
        if !vm.is_int_like(order) {
            let given = vm.class_name(order);
            return Err(vm.raise_type(&format!("'{given}' object cannot be interpreted as an integer")));
        }
        Ok(if vm.less_than(order, zero)? { -1 } else { i32::from(!vm.equal(order, zero)?) })
    });
    order.unwrap_or_else(|_| {
        drop_exception(vm, called);
        0
    })
}

pub unsafe extern "C" fn authorize(
    connection: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    database: *const c_char,
    source: *const c_char,
) -> c_int {
    // SAFETY: it was set with its connection.
    let (vm, connection) = unsafe { entered(connection.cast()) };
    let called = connection.authorizer;
    let mut arguments = [Value::small_int(action.into()), Value::NONE, Value::NONE, Value::NONE, Value::NONE];
    for (argument, text) in arguments[1..].iter_mut().zip([first, second, database, source]) {
        if !text.is_null() {
            // SAFETY: text that ends with a zero byte.
            *argument = vm.new_str(&unsafe { CStr::from_ptr(text) }.to_string_lossy());
        }
    }
    let answer = vm.call(called, &arguments).and_then(|answer| {
        if !vm.is_int_like(answer) {
            return Ok(ffi::SQLITE_DENY);
        }
        vm.c_int(answer)
    });
    answer.unwrap_or_else(|_| {
        drop_exception(vm, called);
        ffi::SQLITE_DENY
    })
}

pub unsafe extern "C" fn progress(connection: *mut c_void) -> c_int {
    // SAFETY: it was set with its connection.
    let (vm, connection) = unsafe { entered(connection.cast()) };
    let called = connection.progress;
    match vm.call(called, &[]).and_then(|answer| vm.is_true(answer)) {
        Ok(stops) => stops.into(),
        Err(_) => {
            drop_exception(vm, called);
            1
        }
    }
}

pub unsafe extern "C" fn trace(event: c_uint, connection: *mut c_void, raw: *mut c_void, sql: *mut c_void) -> c_int {
    if event != ffi::SQLITE_TRACE_STMT as c_uint {
        return 0;
    }
    // SAFETY: it was set with its connection.
    let (vm, connection) = unsafe { entered(connection.cast()) };
    let called = connection.trace;
    // SAFETY: of this event: the statement and its text; what is expanded is given back.
    let text = unsafe {
        let sql = CStr::from_ptr(sql.cast());
        if sql.to_bytes().starts_with(b"--") {
            // A trigger begins.
            sql.to_string_lossy().into_owned()
        } else {
            let expanded = ffi::sqlite3_expanded_sql(raw.cast());
            if expanded.is_null() {
                let code = ffi::sqlite3_errcode(connection.db);
                if code == ffi::SQLITE_NOMEM {
                    vm.raise_memory();
                } else {
                    raise(vm, Kind::DataError, "Expanded SQL string exceeds the maximum string length");
                }
                drop_exception(vm, called);
                sql.to_string_lossy().into_owned()
            } else {
                let text = CStr::from_ptr(expanded).to_string_lossy().into_owned();
                ffi::sqlite3_free(expanded.cast());
                text
            }
        }
    };
    let text = vm.new_str(&text);
    if vm.call(called, &[text]).is_err() {
        drop_exception(vm, called);
    }
    0
}
