//! The methods and attributes of `Connection`.

use super::callbacks::{self, Callback};
use super::connection::{Connection, Options, ThisConnection, autocommit_of, level_of};
use super::cursor::{self, Parameters};
use super::error::{Kind, raise, raise_code, raise_of};
use super::{blob, ffi, statement};
use std::ffi::{CString, c_int, c_void};
use stitch_runtime::object::argument::{OrNone, Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{DICT_GETTER, GetSetRow, field, getter};
use stitch_runtime::{PyResult, Value, Vm};

pub const METHODS: &[NativeRow] = &[
    method(
        "__init__",
        "($self, database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, factory=None, cached_statements=128, uri=False, *, autocommit=-1)",
        init,
    )
    .doc("Opens a database."),
    method("cursor", "($self, factory=None)", |vm: &mut Vm, this: ThisConnection, factory: Option<Value>| {
        cursor::make(vm, this, factory)
    })
    .doc("A new cursor."),
    method("execute", "($self, sql, parameters=(), /)", |vm: &mut Vm, this: ThisConnection, sql: Str, with: Option<Value>| {
        let cursor = new_cursor(vm, this)?;
        let parameters = with.unwrap_or(vm.empty_tuple);
        cursor::execute(vm, cursor, sql, Parameters::One(parameters))
    })
    .doc("Runs a statement with a new cursor."),
    method("executemany", "($self, sql, parameters, /)", |vm: &mut Vm, this: ThisConnection, sql: Value, many: Value| {
        let cursor = new_cursor(vm, this)?;
        let name = vm.intern("executemany");
        vm.call_method(cursor.value(), name, &[sql, many])
    })
    .doc("Runs a statement with many sets of parameters, with a new cursor."),
    method("executescript", "($self, sql_script, /)", |vm: &mut Vm, this: ThisConnection, script: Value| {
        let cursor = new_cursor(vm, this)?;
        let name = vm.intern("executescript");
        vm.call_method(cursor.value(), name, &[script])
    })
    .doc("Runs many statements with a new cursor."),
    method("commit", "($self, /)", |vm: &mut Vm, this: ThisConnection| end(vm, this, true)).doc("Keeps what was changed."),
    method("rollback", "($self, /)", |vm: &mut Vm, this: ThisConnection| end(vm, this, false))
        .doc("Takes back what was changed."),
    method("close", "($self, /)", |vm: &mut Vm, this: ThisConnection| Connection::close(this, vm)).doc("Closes the database."),
    method("__enter__", "($self, /)", |vm: &mut Vm, this: ThisConnection| -> PyResult {
        Connection::check(this, vm)?;
        Ok(this.value())
    })
    .doc("The connection itself."),
    method("__exit__", "($self, type, value, traceback, /)", exit)
        .doc("Keeps what was changed, or takes it back where an exception was raised."),
    method("blobopen", "($self, table, column, row, /, *, readonly=False, name='main')", |vm: &mut Vm, this: ThisConnection, table: Str, column: Str, row: i64, is_read_only: Option<bool>, name: Option<Str>| {
        let name = name.map_or("main".to_string(), Str::text);
        blob::open(vm, this, table, column, row, is_read_only.unwrap_or(false), &name)
    })
    .doc("A value of the database as a file."),
    method("create_function", "($self, name, narg, func, *, deterministic=False)", create_function)
        .doc("Makes a function that statements can call; None takes it away."),
    method("create_aggregate", "($self, name, n_arg, aggregate_class)", |vm: &mut Vm, this: ThisConnection, name: Str, n: i32, class: Value| {
        create_aggregate(vm, this, name, n, class, false)
    })
    .doc("Makes an aggregate of a class with step and finalize; None takes it away."),
    method("create_window_function", "($self, name, num_params, aggregate_class, /)", |vm: &mut Vm, this: ThisConnection, name: Str, n: i32, class: Value| {
        create_aggregate(vm, this, name, n, class, true)
    })
    .doc("Makes a window function of a class with step, inverse, value and finalize; None takes it away."),
    method("create_collation", "($self, name, callback, /)", create_collation)
        .doc("Makes an order of texts; None takes it away."),
    method("set_authorizer", "($self, authorizer_callback)", |vm: &mut Vm, mut this: ThisConnection, called: Value| {
        Connection::check(this, vm)?;
        this.authorizer = called;
        vm.barrier(this.pointer());
        let db = Connection::enter(this, vm);
        let data: *mut c_void = this.pointer().cast();
        // SAFETY: an open database; it calls back while its connection is alive.
        let code = unsafe {
            if called.is_none() {
                ffi::sqlite3_set_authorizer(db, None, std::ptr::null_mut())
            } else {
                ffi::sqlite3_set_authorizer(db, Some(callbacks::authorize), data)
            }
        };
        if code != ffi::SQLITE_OK {
            return Err(raise(vm, Kind::OperationalError, "Error setting authorizer callback"));
        }
        Ok(())
    })
    .doc("Is asked about all that statements do; None: nobody is."),
    method("set_progress_handler", "($self, progress_handler, n)", |vm: &mut Vm, mut this: ThisConnection, called: Value, n: i32| {
        Connection::check(this, vm)?;
        this.progress = called;
        vm.barrier(this.pointer());
        let db = Connection::enter(this, vm);
        // SAFETY: as for the authorizer.
        unsafe {
            if called.is_none() {
                ffi::sqlite3_progress_handler(db, 0, None, std::ptr::null_mut());
            } else {
                ffi::sqlite3_progress_handler(db, n, Some(callbacks::progress), this.pointer().cast());
            }
        }
        Ok::<(), stitch_runtime::Raised>(())
    })
    .doc("Is called every so many steps, and stops the statement if it answers true; None: nobody is."),
    method("set_trace_callback", "($self, trace_callback)", |vm: &mut Vm, mut this: ThisConnection, called: Value| {
        Connection::check(this, vm)?;
        this.trace = called;
        vm.barrier(this.pointer());
        let db = Connection::enter(this, vm);
        // SAFETY: as for the authorizer.
        unsafe {
            if called.is_none() {
                ffi::sqlite3_trace_v2(db, ffi::SQLITE_TRACE_STMT, None, std::ptr::null_mut());
            } else {
                let data: *mut c_void = this.pointer().cast();
                ffi::sqlite3_trace_v2(db, ffi::SQLITE_TRACE_STMT, Some(callbacks::trace), data);
            }
        }
        Ok::<(), stitch_runtime::Raised>(())
    })
    .doc("Is told of each statement that runs; None: nobody is."),
    method("interrupt", "($self, /)", |vm: &mut Vm, this: ThisConnection| -> PyResult<()> {
        Connection::check_open(this, vm)?;
        // SAFETY: an open database.
        unsafe { ffi::sqlite3_interrupt(this.db) };
        Ok(())
    })
    .doc("Stops what runs."),
    method("iterdump", "($self, /, *, filter=None)", |vm: &mut Vm, this: ThisConnection, filter: Option<Value>| -> PyResult {
        Connection::check_open(this, vm)?;
        let module = vm.import_dotted("sqlite3.dump")?;
        let name = vm.intern("_iterdump");
        let Some(dump) = vm.get_attr_opt(module, name)? else {
            return Err(raise(vm, Kind::NotSupportedError, "Failed to load _iterdump() reference"));
        };
        let (positional, keywords) = (vm.new_tuple(&[this.value()]), vm.new_dict());
        let key = vm.intern("filter");
        vm.dict_set(keywords, key, filter.unwrap_or(Value::NONE))?;
        vm.call_expanded(dump, positional, keywords)
    })
    .doc("The statements that make such a database."),
    method("backup", "($self, target, /, *, pages=-1, progress=None, name='main', sleep=0.25)", backup)
        .doc("Copies the database into another one."),
    method("serialize", "($self, /, *, name='main')", |vm: &mut Vm, this: ThisConnection, name: Option<Str>| -> PyResult {
        Connection::check(this, vm)?;
        let name = c_text(vm, name.map_or("main".to_string(), Str::text))?;
        let mut len = 0;
        // SAFETY: an open database; what it gives is given back, unless it is the database's own memory.
        unsafe {
            let flags = ffi::SQLITE_SERIALIZE_NOCOPY;
            let mut data = ffi::sqlite3_serialize(this.db, name.as_ptr(), &mut len, flags);
            let is_own = data.is_null();
            if is_own {
                data = ffi::sqlite3_serialize(this.db, name.as_ptr(), &mut len, 0);
            }
            if data.is_null() {
                let message = format!("unable to serialize '{}'", name.to_string_lossy());
                return Err(raise(vm, Kind::OperationalError, &message));
            }
            let bytes = vm.new_bytes(std::slice::from_raw_parts(data, len as usize));
            if is_own {
                ffi::sqlite3_free(data.cast());
            }
            bytes
        }
    })
    .doc("The database as bytes."),
    method("deserialize", "($self, data, /, *, name='main')", |vm: &mut Vm, this: ThisConnection, data: BytesLike, name: Option<Str>| -> PyResult<()> {
        Connection::check(this, vm)?;
        let name = c_text(vm, name.map_or("main".to_string(), Str::text))?;
        let flags = ffi::SQLITE_DESERIALIZE_FREEONCLOSE | ffi::SQLITE_DESERIALIZE_RESIZEABLE;
        // SAFETY: an open database, which gets memory of its own.
        let code = unsafe {
            let copy = ffi::sqlite3_malloc64(data.len() as u64).cast::<u8>();
            if copy.is_null() {
                return Err(vm.raise_memory());
            }
            copy.copy_from_nonoverlapping(data.as_ptr(), data.len());
            let len = data.len() as i64;
            ffi::sqlite3_deserialize(this.db, name.as_ptr(), copy, len, len, flags)
        };
        Connection::check_result(this, vm, code)
    })
    .doc("Becomes the database that bytes are."),
    method("getlimit", "($self, category, /)", |vm: &mut Vm, this: ThisConnection, category: i32| {
        limit(vm, this, category, -1)
    })
    .doc("A limit."),
    method("setlimit", "($self, category, limit, /)", limit).doc("Sets a limit; gives the old one."),
    method("getconfig", "($self, op, /)", |vm: &mut Vm, this: ThisConnection, op: i32| -> PyResult<bool> {
        Connection::check(this, vm)?;
        config(vm, this, op, -1)
    })
    .doc("A setting."),
    method("setconfig", "($self, op, enable=True, /)", |vm: &mut Vm, this: ThisConnection, op: i32, enable: Option<bool>| -> PyResult<()> {
        Connection::check(this, vm)?;
        let wanted = enable.unwrap_or(true);
        if config(vm, this, op, wanted.into())? != wanted {
            return Err(raise(vm, Kind::OperationalError, "Unable to set config"));
        }
        Ok(())
    })
    .doc("Sets a setting."),
    method("enable_load_extension", "($self, enable, /)", |vm: &mut Vm, this: ThisConnection, enable: bool| -> PyResult<()> {
        Connection::check(this, vm)?;
        // SAFETY: an open database.
        let code = unsafe { ffi::sqlite3_enable_load_extension(this.db, enable.into()) };
        if code != ffi::SQLITE_OK {
            return Err(raise(vm, Kind::OperationalError, "Error enabling load extension"));
        }
        Ok(())
    })
    .doc("May extensions be loaded?"),
    method("load_extension", "($self, name, /, *, entrypoint=None)", |vm: &mut Vm, this: ThisConnection, name: Str, entry: OrNone<Str>| -> PyResult<()> {
        Connection::check(this, vm)?;
        let name = c_text(vm, name.text())?;
        let entry = match entry.0 {
            Some(entry) => Some(c_text(vm, entry.text())?),
            None => None,
        };
        let entry = entry.as_ref().map_or(std::ptr::null(), |entry| entry.as_ptr());
        let db = Connection::enter(this, vm);
        let mut message = std::ptr::null_mut();
        // SAFETY: an open database and texts that end with zero bytes; the message is given back.
        let error = unsafe {
            let code = ffi::sqlite3_load_extension(db, name.as_ptr(), entry, &mut message);
            let text = (!message.is_null()).then(|| std::ffi::CStr::from_ptr(message).to_string_lossy().into_owned());
            ffi::sqlite3_free(message.cast());
            (code != ffi::SQLITE_OK).then(|| text.unwrap_or_default())
        };
        error.map_or(Ok(()), |message| Err(raise(vm, Kind::OperationalError, &message)))
    })
    .doc("Loads an extension of SQLite."),
];

pub const GETTERS: &[GetSetRow] = &[
    DICT_GETTER,
    field("isolation_level", |vm: &mut Vm, this: ThisConnection| -> PyResult {
        Connection::check_open(this, vm)?;
        Ok(this.isolation_level)
    })
    .set_by(|vm: &mut Vm, mut this: ThisConnection, value: Option<Value>| {
        let Some(value) = value else { return Err(vm.raise_attribute("cannot delete attribute")) };
        let level = level_of(vm, value)?;
        this.isolation_level = level;
        vm.barrier(this.pointer());
        if level.is_none() && !this.db.is_null() && this.is_legacy() && this.is_in_transaction() {
            return end(vm, this, true);
        }
        Ok(())
    })
    .doc("How transactions are begun of themselves; None: they are not."),
    field("autocommit", |vm: &mut Vm, this: ThisConnection| -> PyResult {
        Connection::check(this, vm)?;
        Ok(match this.autocommit {
            0 => Value::FALSE,
            1 => Value::TRUE,
            legacy => Value::small_int(legacy),
        })
    })
    .set_by(|vm: &mut Vm, mut this: ThisConnection, value: Option<Value>| {
        let Some(value) = value else { return Err(vm.raise_attribute("cannot delete attribute")) };
        Connection::check(this, vm)?;
        let wanted = autocommit_of(vm, value)?;
        if wanted == 0 && !this.is_in_transaction() {
            statement::run(vm, this, c"BEGIN")?;
        } else if wanted == 1 && this.is_in_transaction() {
            statement::run(vm, this, c"COMMIT")?;
        }
        this.autocommit = wanted;
        Ok(())
    })
    .doc("Is each statement a transaction?"),
    field("in_transaction", |vm: &mut Vm, this: ThisConnection| -> PyResult<bool> {
        Connection::check_open(this, vm)?;
        Ok(this.is_in_transaction())
    })
    .doc("Has a transaction begun?"),
    field("total_changes", |vm: &mut Vm, this: ThisConnection| -> PyResult<i64> {
        Connection::check_open(this, vm)?;
        // SAFETY: an open database.
        Ok(unsafe { ffi::sqlite3_total_changes64(this.db) })
    })
    .doc("How many rows were changed since it was opened."),
    field("row_factory", |this: ThisConnection| this.row_factory)
        .set_by(|vm: &mut Vm, mut this: ThisConnection, value: Option<Value>| {
            let Some(value) = value else { return Err(vm.raise_attribute("cannot delete attribute")) };
            this.row_factory = value;
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("The row_factory of new cursors."),
    field("text_factory", |this: ThisConnection| this.text_factory)
        .set_by(|vm: &mut Vm, mut this: ThisConnection, value: Option<Value>| {
            let Some(value) = value else { return Err(vm.raise_attribute("cannot delete attribute")) };
            this.text_factory = value;
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("Makes texts of bytes."),
    getter("Warning", |vm, _| Ok(error(vm, Kind::Warning))).doc("The module's exception."),
    getter("Error", |vm, _| Ok(error(vm, Kind::Error))).doc("The module's exception."),
    getter("InterfaceError", |vm, _| Ok(error(vm, Kind::InterfaceError))).doc("The module's exception."),
    getter("DatabaseError", |vm, _| Ok(error(vm, Kind::DatabaseError))).doc("The module's exception."),
    getter("DataError", |vm, _| Ok(error(vm, Kind::DataError))).doc("The module's exception."),
    getter("OperationalError", |vm, _| Ok(error(vm, Kind::OperationalError))).doc("The module's exception."),
    getter("IntegrityError", |vm, _| Ok(error(vm, Kind::IntegrityError))).doc("The module's exception."),
    getter("InternalError", |vm, _| Ok(error(vm, Kind::InternalError))).doc("The module's exception."),
    getter("ProgrammingError", |vm, _| Ok(error(vm, Kind::ProgrammingError))).doc("The module's exception."),
    getter("NotSupportedError", |vm, _| Ok(error(vm, Kind::NotSupportedError))).doc("The module's exception."),
];

fn error(vm: &mut Vm, kind: Kind) -> Value {
    Value::object(super::error::class(vm, kind))
}

fn c_text(vm: &mut Vm, text: String) -> PyResult<CString> {
    CString::new(text).map_err(|_| vm.raise_value("embedded null character"))
}

#[expect(clippy::too_many_arguments, reason = "as many as Python's function has")]
fn init(
    vm: &mut Vm,
    this: ThisConnection,
    database: Value,
    timeout: Option<f64>,
    detect_types: Option<i32>,
    isolation_level: Option<Value>,
    checks_thread: Option<bool>,
    _factory: Option<Value>,
    cached_statements: Option<i32>,
    is_uri: Option<bool>,
    autocommit: Option<Value>,
) -> PyResult<()> {
    let options = Options {
        timeout: timeout.unwrap_or(5.0),
        detect_types: detect_types.unwrap_or(0).into(),
        isolation_level,
        checks_thread: checks_thread.unwrap_or(true),
        cached_statements: cached_statements.unwrap_or(128).into(),
        is_uri: is_uri.unwrap_or(false),
        autocommit: autocommit.unwrap_or(Value::small_int(-1)),
    };
    vm.audit("sqlite3.connect", |vm| vm.new_tuple(&[database]))?;
    Connection::open(this, vm, database, options)?;
    vm.audit("sqlite3.connect/handle", |vm| vm.new_tuple(&[this.value()]))
}

fn new_cursor(vm: &mut Vm, this: ThisConnection) -> PyResult<This<cursor::Cursor>> {
    let name = vm.intern("cursor");
    let made = vm.call_method(this.value(), name, &[])?;
    This::of(vm, made).ok_or_else(|| vm.raise_type("a cursor was expected"))
}

/// `commit` or `rollback`.
fn end(vm: &mut Vm, this: ThisConnection, keeps: bool) -> PyResult<()> {
    Connection::check(this, vm)?;
    let sql = if keeps { c"COMMIT" } else { c"ROLLBACK" };
    if this.is_legacy() {
        return if this.is_in_transaction() { statement::run(vm, this, sql) } else { Ok(()) };
    }
    if this.autocommit == 0 {
        statement::run(vm, this, sql)?;
        statement::run(vm, this, c"BEGIN")?;
    }
    Ok(())
}

fn exit(vm: &mut Vm, this: ThisConnection, class: Value, value: Value, traceback: Value) -> PyResult<bool> {
    let (is_committed, is_open) =
        (class.is_none() && value.is_none() && traceback.is_none(), Connection::check(this, vm));
    is_open?;
    if this.autocommit == 1 {
        return Ok(false);
    }
    if !is_committed {
        end(vm, this, false)?;
        return Ok(false);
    }
    if end(vm, this, true).is_err() {
        // What could not be kept is taken back; the exception stays the one that it was.
        let exception = vm.take_exception();
        let rolled_back = end(vm, this, false);
        if rolled_back.is_ok() {
            return Err(vm.raise_value_object(exception));
        }
        return Err(stitch_runtime::Raised);
    }
    Ok(false)
}

/// How many arguments a function has: any number, or so many.
fn check_count(vm: &mut Vm, this: ThisConnection, name: &str, n: i32) -> PyResult<()> {
    // SAFETY: an open database.
    let most = unsafe { ffi::sqlite3_limit(this.db, ffi::SQLITE_LIMIT_FUNCTION_ARG, -1) };
    if (-1..=most).contains(&n) {
        return Ok(());
    }
    let message = format!("'{name}' must be between -1 and {most}, not {n}");
    Err(raise(vm, Kind::ProgrammingError, &message))
}

/// Does it again if cursors stood in its way that nobody has any more.
fn retried(vm: &mut Vm, this: ThisConnection, attempt: impl Fn(&mut Vm) -> PyResult<c_int>) -> PyResult<c_int> {
    let code = attempt(vm)?;
    if code != ffi::SQLITE_BUSY {
        return Ok(code);
    }
    vm.collect_now(true);
    Connection::check_open(this, vm)?;
    attempt(vm)
}

fn create_function(
    vm: &mut Vm,
    this: ThisConnection,
    name: Str,
    n_arguments: i32,
    function: Value,
    is_deterministic: Option<bool>,
) -> PyResult<()> {
    Connection::check(this, vm)?;
    check_count(vm, this, "narg", n_arguments)?;
    let name = c_text(vm, name.text())?;
    let flags = ffi::SQLITE_UTF8 | if is_deterministic == Some(true) { ffi::SQLITE_DETERMINISTIC } else { 0 };
    let code = retried(vm, this, |vm| {
        let data = callback(vm, this, function)?;
        let db = Connection::enter(this, vm);
        // SAFETY: an open database; what it is given it gives back by `forget`.
        Ok(unsafe {
            let called = (!function.is_none()).then_some(callbacks::function as _);
            let forget = (!function.is_none()).then_some(callbacks::forget as _);
            ffi::sqlite3_create_function_v2(db, name.as_ptr(), n_arguments, flags, data, called, None, None, forget)
        })
    })?;
    if code != ffi::SQLITE_OK {
        return Err(raise(vm, Kind::OperationalError, "Error creating function"));
    }
    Ok(())
}

/// What SQLite gets for something that it is to call; null for None.
fn callback(vm: &mut Vm, this: ThisConnection, called: Value) -> PyResult<*mut c_void> {
    if called.is_none() {
        return Ok(std::ptr::null_mut());
    }
    let place = Connection::keep(this, vm, called)?;
    Ok(Callback::leaked(this, place))
}

fn create_aggregate(
    vm: &mut Vm,
    this: ThisConnection,
    name: Str,
    n_arguments: i32,
    class: Value,
    is_window: bool,
) -> PyResult<()> {
    Connection::check(this, vm)?;
    check_count(vm, this, if is_window { "num_params" } else { "n_arg" }, n_arguments)?;
    let name = c_text(vm, name.text())?;
    let flags = ffi::SQLITE_UTF8;
    let is_made = !class.is_none();
    let code = retried(vm, this, |vm| {
        let data = callback(vm, this, class)?;
        let (db, name) = (Connection::enter(this, vm), name.as_ptr());
        // SAFETY: as for functions.
        Ok(unsafe {
            let step = is_made.then_some(callbacks::step as _);
            let finalize = is_made.then_some(callbacks::finalize as _);
            let forget = is_made.then_some(callbacks::forget as _);
            if is_window {
                let value = is_made.then_some(callbacks::value as _);
                let inverse = is_made.then_some(callbacks::inverse as _);
                ffi::sqlite3_create_window_function(
                    db,
                    name,
                    n_arguments,
                    flags,
                    data,
                    step,
                    finalize,
                    value,
                    inverse,
                    forget,
                )
            } else {
                ffi::sqlite3_create_function_v2(db, name, n_arguments, flags, data, None, step, finalize, forget)
            }
        })
    })?;
    let db = this.db;
    match code {
        ffi::SQLITE_OK => Ok(()),
        code if is_window => Err(raise_of(vm, db, code)),
        _ => Err(raise(vm, Kind::OperationalError, "Error creating aggregate")),
    }
}

fn create_collation(vm: &mut Vm, this: ThisConnection, name: Str, called: Value) -> PyResult<()> {
    Connection::check(this, vm)?;
    let text = super::statement::sql_text(vm, name)?;
    let Ok(name) = CString::new(text) else { return Err(vm.raise_value("embedded null character")) };
    if !called.is_none() && vm.slots_of(called).call.is_none() && !is_callable(vm, called) {
        return Err(vm.raise_type("parameter must be callable"));
    }
    let data = callback(vm, this, called)?;
    let db = Connection::enter(this, vm);
    let is_made = !called.is_none();
    // SAFETY: an open database; what it is given it gives back by `forget`, but for errors.
    unsafe {
        let collate = is_made.then_some(callbacks::collate as _);
        let forget = is_made.then_some(callbacks::forget as _);
        let code = ffi::sqlite3_create_collation_v2(db, name.as_ptr(), ffi::SQLITE_UTF8, data, collate, forget);
        if code != ffi::SQLITE_OK {
            if is_made {
                callbacks::forget(data);
            }
            return Err(raise_of(vm, db, code));
        }
    }
    Ok(())
}

fn is_callable(vm: &mut Vm, value: Value) -> bool {
    let name = vm.intern("__call__");
    vm.lookup_special(value, name).is_some()
}

fn limit(vm: &mut Vm, this: ThisConnection, category: i32, limit: i32) -> PyResult<i32> {
    Connection::check(this, vm)?;
    // SAFETY: an open database.
    let old = unsafe { ffi::sqlite3_limit(this.db, category, limit) };
    if old < 0 {
        return Err(raise(vm, Kind::ProgrammingError, "'category' is out of bounds"));
    }
    Ok(old)
}

/// Sets a setting, or (-1) asks for it.
fn config(vm: &mut Vm, this: ThisConnection, op: c_int, wanted: c_int) -> PyResult<bool> {
    let is_known = super::constants::OTHERS
        .iter()
        .any(|(name, value)| name.starts_with("SQLITE_DBCONFIG_") && *value == i64::from(op));
    if !is_known {
        return Err(vm.raise_value("unknown config 'op'"));
    }
    let mut current: c_int = 0;
    // SAFETY: an open database, and a setting that takes such arguments.
    let code = unsafe { ffi::sqlite3_db_config(this.db, op, wanted, &raw mut current) };
    Connection::check_result(this, vm, code)?;
    Ok(current != 0)
}

fn backup(
    vm: &mut Vm,
    this: ThisConnection,
    target: ThisConnection,
    pages: Option<i32>,
    progress: Option<Value>,
    name: Option<Str>,
    sleep: Option<f64>,
) -> PyResult<()> {
    let pages = match pages.unwrap_or(-1) {
        0 => -1,
        pages => pages,
    };
    Connection::check(this, vm)?;
    if this.value() == target.value() {
        return Err(vm.raise_value("target cannot be the same connection instance"));
    }
    let progress = progress.filter(|progress| !progress.is_none());
    if let Some(progress) = progress
        && !is_callable(vm, progress)
    {
        return Err(vm.raise_type("progress argument must be a callable"));
    }
    Connection::check(target, vm)?;
    let name = c_text(vm, name.map_or("main".to_string(), Str::text))?;
    let (from, to) = (Connection::enter(this, vm), Connection::enter(target, vm));
    // SAFETY: two open databases.
    let handle = unsafe { ffi::sqlite3_backup_init(to, c"main".as_ptr(), from, name.as_ptr()) };
    if handle.is_null() {
        // SAFETY: an open database.
        let code = unsafe { ffi::sqlite3_errcode(to) };
        return Err(raise_of(vm, to, code));
    }
    let mut result = Ok(());
    loop {
        // SAFETY: a handle that was not finished.
        let code = unsafe { ffi::sqlite3_backup_step(handle, pages) };
        if let Some(progress) = progress {
            // SAFETY: as above.
            let (left, all) = unsafe { (ffi::sqlite3_backup_remaining(handle), ffi::sqlite3_backup_pagecount(handle)) };
            let numbers = [code, left, all].map(|number| Value::small_int(number.into()));
            result = vm.call(progress, &numbers).map(|_| ());
        }
        let waits = code == ffi::SQLITE_BUSY || code == ffi::SQLITE_LOCKED;
        if waits && result.is_ok() {
            // SAFETY: has no conditions.
            unsafe { ffi::sqlite3_sleep((sleep.unwrap_or(0.25) * 1000.0) as c_int) };
            result = vm.answer_interrupt();
        }
        if result.is_err() || !(waits || code == ffi::SQLITE_OK) {
            break;
        }
    }
    // SAFETY: as above; it is not used any more.
    let code = unsafe { ffi::sqlite3_backup_finish(handle) };
    result?;
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(raise_code(vm, code)) }
}
