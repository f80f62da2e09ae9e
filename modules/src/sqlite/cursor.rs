//! `Cursor`: statements and their rows.

use super::bind::bind;
use super::connection::{Connection, ThisConnection, begin};
use super::error::{Kind, raise};
use super::fetch::{columns, fetch, row_converters};
use super::ffi;
use super::statement::{self, Statement, cached, sql_text};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Cursor {
    header: Header,
    pub connection: Value,
    /// The statement whose rows are being read, or None.
    pub statement: Value,
    pub description: Value,
    pub row_factory: Value,
    /// Converters by column, or None.
    pub converters: Value,
    pub last_row_id: Value,
    pub array_size: i64,
    pub row_count: i64,
    is_initialized: bool,
    is_closed: bool,
    is_locked: bool,
}

pub type ThisCursor = This<Cursor>;

pub static CURSOR: TypeSpec = TypeSpec {
    name: "Cursor",
    module: "sqlite3",
    doc: "Runs statements and gives their rows.",
    layout: Some(Layout::of::<Cursor>(6).finalized_by(|object| {
        // SAFETY: a dead object; the statement that it refers to is whole, and in use by it alone.
        unsafe {
            let statement = (*object.cast::<Cursor>()).statement;
            if !statement.is_none() {
                statement::reset(This::of_known(statement));
            }
        }
    })),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots { iter: Some(|_, cursor| Ok(cursor)), next: slot(next), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A cursor that is yet to be made ready.")),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Cursor {
    const SPEC: &'static TypeSpec = &CURSOR;
}

fn new(vm: &mut Vm, class: ClassOf<Cursor>, _: Rest, _: Keywords) -> PyResult {
    vm.new_object(class.class, |header| Cursor {
        header,
        connection: Value::NONE,
        statement: Value::NONE,
        description: Value::NONE,
        row_factory: Value::NONE,
        converters: Value::NONE,
        last_row_id: Value::NONE,
        array_size: 1,
        row_count: -1,
        is_initialized: false,
        is_closed: false,
        is_locked: false,
    })
}

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, connection, /)", |vm: &mut Vm, mut this: ThisCursor, connection: ThisConnection| {
        check_lock(vm, this)?;
        this.connection = connection.value();
        this.statement = Value::NONE;
        this.is_closed = false;
        this.description = Value::NONE;
        this.last_row_id = Value::NONE;
        (this.array_size, this.row_count) = (1, -1);
        this.row_factory = Value::NONE;
        vm.barrier(this.pointer());
        Connection::check_thread(connection, vm)?;
        this.is_initialized = true;
        Ok(())
    })
    .doc("Makes it ready for a connection."),
    method(
        "execute",
        "($self, sql, parameters=(), /)",
        |vm: &mut Vm, this: ThisCursor, sql: Str, with: Option<Value>| {
            let parameters = with.unwrap_or(vm.empty_tuple);
            execute(vm, this, sql, Parameters::One(parameters))
        },
    )
    .doc("Runs a statement."),
    method(
        "executemany",
        "($self, sql, seq_of_parameters, /)",
        |vm: &mut Vm, this: ThisCursor, sql: Str, many: Value| {
            let iterator = if vm.is_iterator(many) { many } else { vm.get_iter(many)? };
            execute(vm, this, sql, Parameters::Many(iterator))
        },
    )
    .doc("Runs a statement with each of many sets of parameters."),
    method("executescript", "($self, sql_script, /)", execute_script).doc("Runs many statements."),
    method("fetchone", "($self, /)", |vm: &mut Vm, this: ThisCursor| next(vm, this)).doc("The next row, or None."),
    method("fetchmany", "($self, size=1)", |vm: &mut Vm, this: ThisCursor, size: Option<Value>| {
        let size = match size {
            Some(size) => count(vm, size)?,
            None => this.array_size,
        };
        fetch_rows(vm, this, size as usize)
    })
    .doc("So many rows as a list; by default, as many as arraysize says."),
    method("fetchall", "($self, /)", |vm: &mut Vm, this: ThisCursor| fetch_rows(vm, this, usize::MAX))
        .doc("All rows that are left, as a list."),
    method("setinputsizes", "($self, sizes, /)", |_: ThisCursor, _: Value| ()).doc("Does nothing."),
    method("setoutputsize", "($self, size, column=None, /)", |_: ThisCursor, _: Value, _: Option<Value>| ())
        .doc("Does nothing."),
    method("close", "($self, /)", |vm: &mut Vm, mut this: ThisCursor| -> PyResult<()> {
        check_lock(vm, this)?;
        let connection = connection(vm, this)?;
        Connection::check(connection, vm)?;
        drop_statement(vm, this);
        this.is_closed = true;
        Ok(())
    })
    .doc("It cannot be used any more."),
];

const GETTERS: &[GetSetRow] = &[
    field("connection", |this: ThisCursor| this.connection).doc("Whose cursor it is."),
    field("description", |this: ThisCursor| this.description).doc("The columns of the rows, or None."),
    field("lastrowid", |this: ThisCursor| this.last_row_id).doc("The number of the row that was inserted last."),
    field("rowcount", |this: ThisCursor| this.row_count).doc("How many rows were changed, or -1."),
    field("arraysize", |this: ThisCursor| this.array_size)
        .set_by(|vm: &mut Vm, mut this: ThisCursor, value: Option<Value>| {
            let Some(value) = value else { return Err(vm.raise_type("can't delete numeric/char attribute")) };
            this.array_size = count(vm, value)?;
            Ok(())
        })
        .doc("How many rows fetchmany gives."),
    field("row_factory", |this: ThisCursor| this.row_factory)
        .set_by(|vm: &mut Vm, mut this: ThisCursor, value: Option<Value>| {
            this.row_factory = value.unwrap_or(Value::NONE);
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("Makes rows of cursor and tuple, or None."),
];

/// A number of rows.
fn count(vm: &mut Vm, value: Value) -> PyResult<i64> {
    let count = vm.index_i64(value)?;
    if count < 0 {
        return Err(vm.raise_value("value must be non-negative"));
    }
    if count > i64::from(u32::MAX) {
        return Err(vm.raise_overflow("Python int too large for C uint32_t"));
    }
    Ok(count)
}

fn check_lock(vm: &mut Vm, this: ThisCursor) -> PyResult<()> {
    if this.is_locked {
        return Err(raise(vm, Kind::ProgrammingError, "Recursive use of cursors not allowed."));
    }
    Ok(())
}

fn connection(vm: &mut Vm, this: ThisCursor) -> PyResult<ThisConnection> {
    match ThisConnection::of(vm, this.connection) {
        Some(connection) if this.is_initialized => Ok(connection),
        _ => Err(raise(vm, Kind::ProgrammingError, "Base Cursor.__init__ not called.")),
    }
}

/// The connection of a cursor that can be used.
fn check(vm: &mut Vm, this: ThisCursor) -> PyResult<ThisConnection> {
    let connection = connection(vm, this)?;
    if this.is_closed {
        return Err(raise(vm, Kind::ProgrammingError, "Cannot operate on a closed cursor."));
    }
    check_lock(vm, this)?;
    Connection::check(connection, vm)?;
    Ok(connection)
}

fn current(vm: &Vm, this: ThisCursor) -> Option<This<Statement>> {
    This::of(vm, this.statement)
}

fn drop_statement(vm: &mut Vm, mut this: ThisCursor) {
    if let Some(statement) = current(vm, this) {
        statement::reset(statement);
        this.statement = Value::NONE;
    }
}

pub enum Parameters {
    One(Value),
    /// An iterator.
    Many(Value),
}

/// Runs a statement; gives the cursor.
pub fn execute(vm: &mut Vm, mut this: ThisCursor, sql: Str, parameters: Parameters) -> PyResult {
    let connection = check(vm, this)?;
    this.is_locked = true;
    let result = run(vm, this, connection, sql, parameters);
    this.is_locked = false;
    match result {
        Ok(()) => Ok(this.value()),
        Err(raised) => {
            drop_statement(vm, this);
            this.row_count = -1;
            Err(raised)
        }
    }
}

fn run(
    vm: &mut Vm,
    mut this: ThisCursor,
    connection: ThisConnection,
    sql: Str,
    parameters: Parameters,
) -> PyResult<()> {
    drop_statement(vm, this);
    this.description = Value::NONE;
    this.converters = Value::NONE;
    let is_many = matches!(parameters, Parameters::Many(_));
    let statement = cached(vm, connection, sql)?;
    this.statement = statement.value();
    vm.barrier(this.pointer());
    if is_many && !statement.is_dml {
        return Err(raise(vm, Kind::ProgrammingError, "executemany() can only execute DML statements."));
    }
    statement::reset(statement);
    mark_used(statement);
    this.row_count = if statement.is_dml { 0 } else { -1 };
    let begins = connection.is_legacy() && !connection.isolation_level.is_none() && statement.is_dml;
    if begins && !connection.is_in_transaction() {
        begin(vm, connection)?;
    }
    let mut is_first = true;
    loop {
        let set = match parameters {
            Parameters::One(_) if !is_first => break,
            Parameters::One(set) => set,
            Parameters::Many(iterator) => match vm.iter_next(iterator)? {
                Some(set) => set,
                None => break,
            },
        };
        // Python code may have closed it.
        Connection::check_open(connection, vm)?;
        bind(vm, connection, statement, set)?;
        Connection::check_open(connection, vm)?;
        let mut code = statement::step(vm, connection, statement);
        if code & 0xFF == ffi::SQLITE_LOCKED {
            // What holds the lock may be a cursor that nobody has any more.
            statement::reset(statement);
            mark_used(statement);
            vm.collect_now(true);
            Connection::check_open(connection, vm)?;
            code = statement::step(vm, connection, statement);
        }
        if code != ffi::SQLITE_DONE && code != ffi::SQLITE_ROW {
            return Err(Connection::raise(connection, vm, code));
        }
        if is_first {
            is_first = false;
            let converters = row_converters(vm, connection, statement)?;
            this.converters = converters;
            let description = columns(vm, connection, statement)?;
            this.description = description;
            vm.barrier(this.pointer());
        }
        if code == ffi::SQLITE_DONE {
            if statement.is_dml {
                // SAFETY: an open database.
                this.row_count += unsafe { ffi::sqlite3_changes64(connection.db) };
            }
            statement::reset(statement);
            mark_used(statement);
        }
    }
    if !is_many {
        // SAFETY: an open database.
        let id = unsafe { ffi::sqlite3_last_insert_rowid(connection.db) };
        let id = vm.new_int(id);
        this.last_row_id = id;
        vm.barrier(this.pointer());
    }
    if !is_busy(statement) {
        drop_statement(vm, this);
    }
    Ok(())
}

fn mark_used(mut statement: This<Statement>) {
    statement.in_use = true;
}

fn is_busy(statement: This<Statement>) -> bool {
    // SAFETY: a statement that was not finalized, or null.
    !statement.raw.is_null() && unsafe { ffi::sqlite3_stmt_busy(statement.raw) != 0 }
}

fn next(vm: &mut Vm, mut this: ThisCursor) -> PyResult<Option<Value>> {
    let connection = check(vm, this)?;
    let Some(statement) = current(vm, this) else { return Ok(None) };
    this.is_locked = true;
    let row = fetch(vm, connection, statement, this.converters);
    this.is_locked = false;
    let row = row?;
    // A converter may have closed it.
    Connection::check_open(connection, vm)?;
    this.is_locked = true;
    let code = statement::step(vm, connection, statement);
    this.is_locked = false;
    match code {
        ffi::SQLITE_ROW => {}
        ffi::SQLITE_DONE => {
            if statement.is_dml {
                // SAFETY: an open database.
                this.row_count = unsafe { ffi::sqlite3_changes64(connection.db) };
            }
            drop_statement(vm, this);
        }
        code => {
            let raised = Connection::raise(connection, vm, code);
            drop_statement(vm, this);
            return Err(raised);
        }
    }
    if this.row_factory.is_none() {
        return Ok(Some(row));
    }
    vm.call(this.row_factory, &[this.value(), row]).map(Some)
}

fn fetch_rows(vm: &mut Vm, this: ThisCursor, limit: usize) -> PyResult {
    let rows = vm.new_list(&[])?;
    let mut n_rows = 0;
    while n_rows < limit {
        let Some(row) = next(vm, this)? else { break };
        vm.list_push(rows.as_ptr(), row)?;
        n_rows += 1;
        vm.answer_interrupt()?;
    }
    Ok(rows)
}

fn execute_script(vm: &mut Vm, this: ThisCursor, script: Str) -> PyResult {
    let connection = check(vm, this)?;
    let mut text = sql_text(vm, script)?;
    // SAFETY: an open database.
    let limit = unsafe { ffi::sqlite3_limit(connection.db, ffi::SQLITE_LIMIT_SQL_LENGTH, -1) };
    if text.len() > limit as usize {
        return Err(raise(vm, Kind::DataError, "query string is too large"));
    }
    if text.contains(&0) {
        return Err(vm.raise_value("embedded null character"));
    }
    if connection.is_legacy() && connection.is_in_transaction() {
        statement::run(vm, connection, c"COMMIT")?;
    }
    text.push(0);
    let mut at = 0;
    while text[at] != 0 {
        let db = Connection::enter(connection, vm);
        let mut raw = std::ptr::null_mut();
        let mut tail = std::ptr::null();
        // SAFETY: an open database, and text that ends with a zero byte; the statement is finalized here.
        let code = unsafe {
            let start = text[at..].as_ptr();
            let mut code = ffi::sqlite3_prepare_v2(db, start.cast(), -1, &mut raw, &mut tail);
            if code == ffi::SQLITE_OK {
                at += tail as usize - start as usize;
                if !raw.is_null() {
                    while ffi::sqlite3_step(raw) == ffi::SQLITE_ROW {}
                }
                code = ffi::sqlite3_finalize(raw);
            }
            code
        };
        if code != ffi::SQLITE_OK {
            return Err(Connection::raise(connection, vm, code));
        }
        vm.answer_interrupt()?;
        Connection::check_open(connection, vm)?;
    }
    Ok(this.value())
}

/// A new cursor of a connection, made by a factory.
pub fn make(vm: &mut Vm, connection: ThisConnection, factory: Option<Value>) -> PyResult {
    Connection::check(connection, vm)?;
    let factory = match factory {
        Some(factory) => factory,
        None => Value::object(vm.type_of_spec(&CURSOR)),
    };
    let made = vm.call(factory, &[connection.value()])?;
    let Some(mut cursor) = ThisCursor::of(vm, made) else {
        let given = vm.class_name(made);
        return Err(vm.raise_type(&format!("factory must return a cursor, not {given}")));
    };
    if !connection.row_factory.is_none() {
        cursor.row_factory = connection.row_factory;
        vm.barrier(cursor.pointer());
    }
    Ok(made)
}
