//! `Connection`: a database.

use super::constants::{LEGACY_TRANSACTION_CONTROL, PARSE_COLNAMES, PARSE_DECLTYPES};
use super::error::{Kind, raise, raise_of, state};
use super::ffi;
use super::methods::{GETTERS, METHODS};
use super::statement;
use std::ffi::{CString, c_int};
use stitch_runtime::object::argument::{Keywords, Rest, Str, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct Connection {
    header: Header,
    /// Statements by their texts, the one used last at the end.
    pub statements: Value,
    /// What is called for functions, aggregates and collations, and the aggregates that are at work: a list.
    pub kept: Value,
    pub row_factory: Value,
    pub text_factory: Value,
    /// What begins a transaction where it is not told to, or None.
    pub isolation_level: Value,
    pub trace: Value,
    pub progress: Value,
    pub authorizer: Value,
    /// Weak references to blobs, in a list.
    pub blobs: Value,
    /// Null: it is closed, or was never open.
    pub db: *mut ffi::sqlite3,
    /// Whose call is under way, for callbacks.
    pub vm: *mut Vm,
    pub detect_types: i64,
    pub autocommit: i64,
    pub cache_size: usize,
    /// Places in `kept` that are free.
    pub free: Vec<usize>,
    thread: u64,
    checks_thread: bool,
    is_initialized: bool,
}

pub type ThisConnection = This<Connection>;

pub static CONNECTION: TypeSpec = TypeSpec {
    name: "Connection",
    module: "sqlite3",
    doc: "A database that is open.",
    layout: Some(Layout::of::<Connection>(9).finalized_by(|object| {
        // SAFETY: a dead object, whose database nobody else has.
        unsafe {
            let this = object.cast::<Connection>();
            super::close_when_unused(std::mem::replace(&mut (*this).db, std::ptr::null_mut()));
            (*this).free = Vec::new();
        }
    })),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots {
        call: slot(|vm: &mut Vm, this: ThisConnection, arguments: Arguments<'_>| -> PyResult {
            Connection::check(this, vm)?;
            let &[sql] = arguments.values else { return Err(vm.raise_type("a statement was expected")) };
            let Some(sql) = Str::of(vm, sql) else {
                let given = vm.class_name(sql);
                return Err(vm.raise_type(&format!("argument 1 must be str, not {given}")));
            };
            Ok(statement::prepare(vm, this, sql)?.value())
        }),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A connection that is yet to be opened.")),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Connection {
    const SPEC: &'static TypeSpec = &CONNECTION;
}

fn new(vm: &mut Vm, class: stitch_runtime::object::argument::ClassOf<Connection>, _: Rest, _: Keywords) -> PyResult {
    let statements = vm.new_dict();
    let kept = vm.new_list(&[])?;
    let blobs = vm.new_list(&[])?;
    let text_factory = Value::object(vm.class(stitch_runtime::object::types::BuiltinType::Str));
    vm.new_object(class.class, |header| Connection {
        header,
        statements,
        kept,
        row_factory: Value::NONE,
        text_factory,
        isolation_level: Value::NONE,
        trace: Value::NONE,
        progress: Value::NONE,
        authorizer: Value::NONE,
        blobs,
        db: std::ptr::null_mut(),
        vm: std::ptr::null_mut(),
        detect_types: 0,
        autocommit: LEGACY_TRANSACTION_CONTROL,
        cache_size: 128,
        free: Vec::new(),
        thread: 0,
        checks_thread: true,
        is_initialized: false,
    })
}

/// The thread that runs.
fn thread_ident() -> u64 {
    stitch_runtime::host::thread_handle() as u64
}

/// What `__init__` is given.
pub struct Options {
    pub timeout: f64,
    pub detect_types: i64,
    pub isolation_level: Option<Value>,
    pub checks_thread: bool,
    pub cached_statements: i64,
    pub is_uri: bool,
    pub autocommit: Value,
}

impl Connection {
    /// To be called before anything that may call back; gives the database.
    pub fn enter(mut this: ThisConnection, vm: &mut Vm) -> *mut ffi::sqlite3 {
        this.vm = vm;
        this.db
    }

    /// Raises what a call resulted in.
    pub fn raise(this: ThisConnection, vm: &mut Vm, code: c_int) -> Raised {
        raise_of(vm, this.db, code)
    }

    pub fn check_result(this: ThisConnection, vm: &mut Vm, code: c_int) -> PyResult<()> {
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(Connection::raise(this, vm, code)) }
    }

    pub fn check_thread(this: ThisConnection, vm: &mut Vm) -> PyResult<()> {
        let current = thread_ident();
        if !this.is_initialized || !this.checks_thread || this.thread == current {
            return Ok(());
        }
        let message = format!(
            "SQLite objects created in a thread can only be used in that same thread. The object was created in thread \
             id {} and this is thread id {current}.",
            this.thread
        );
        Err(raise(vm, Kind::ProgrammingError, &message))
    }

    /// ProgrammingError if it cannot be used, here or at all.
    pub fn check(this: ThisConnection, vm: &mut Vm) -> PyResult<()> {
        Connection::check_thread(this, vm)?;
        Connection::check_open(this, vm)
    }

    pub fn check_open(this: ThisConnection, vm: &mut Vm) -> PyResult<()> {
        if !this.is_initialized {
            return Err(raise(vm, Kind::ProgrammingError, "Base Connection.__init__ not called."));
        }
        if this.db.is_null() {
            return Err(raise(vm, Kind::ProgrammingError, "Cannot operate on a closed database."));
        }
        Ok(())
    }

    pub fn is_legacy(&self) -> bool {
        self.autocommit == LEGACY_TRANSACTION_CONTROL
    }

    pub fn is_in_transaction(&self) -> bool {
        // SAFETY: callers have checked that the database is open.
        unsafe { ffi::sqlite3_get_autocommit(self.db) == 0 }
    }

    pub fn parses_declared_types(&self) -> bool {
        self.detect_types & PARSE_DECLTYPES != 0
    }
    pub fn parses_column_names(&self) -> bool {
        self.detect_types & PARSE_COLNAMES != 0
    }

    /// Opens a database.
    pub fn open(mut this: ThisConnection, vm: &mut Vm, database: Value, options: Options) -> PyResult<()> {
        let path = vm.fs_path(database)?;
        let path = if vm.is_str(path) {
            vm.fs_encode(path)?
        } else {
            stitch_runtime::object::buffer::BytesLike::of(vm, path)?.to_vec()
        };
        let Ok(path) = CString::new(path) else { return Err(vm.raise_value("embedded null byte")) };
        if this.is_initialized {
            Connection::close_quietly(this, vm);
            this.is_initialized = false;
        }
        let isolation_level = match options.isolation_level {
            None => vm.new_str(""),
            Some(level) => level_of(vm, level)?,
        };
        let autocommit = autocommit_of(vm, options.autocommit)?;
        let mut db = std::ptr::null_mut();
        let flags = ffi::SQLITE_OPEN_READWRITE
            | ffi::SQLITE_OPEN_CREATE
            | if options.is_uri { ffi::SQLITE_OPEN_URI } else { 0 };
        // SAFETY: text that ends with a zero byte; what is opened is closed where there is an error.
        unsafe {
            let mut code = ffi::sqlite3_open_v2(path.as_ptr(), &mut db, flags, std::ptr::null());
            if code == ffi::SQLITE_OK {
                code = ffi::sqlite3_busy_timeout(db, (options.timeout * 1000.0) as c_int);
            }
            if code != ffi::SQLITE_OK {
                let raised = raise_of(vm, db, code);
                super::close_when_unused(db);
                return Err(raised);
            }
            // As the library is built elsewhere: foreign keys are not looked at unless that is asked for.
            ffi::sqlite3_db_config(db, ffi::SQLITE_DBCONFIG_ENABLE_FKEY, 0 as c_int, std::ptr::null_mut::<c_int>());
        }
        this.db = db;
        this.row_factory = Value::NONE;
        this.text_factory = Value::object(vm.class(stitch_runtime::object::types::BuiltinType::Str));
        this.detect_types = options.detect_types;
        this.isolation_level = isolation_level;
        this.autocommit = autocommit;
        this.cache_size = options.cached_statements.clamp(0, i64::from(i32::MAX)) as usize;
        this.thread = thread_ident();
        this.checks_thread = options.checks_thread;
        this.is_initialized = true;
        vm.barrier(this.pointer());
        if autocommit == 0 {
            statement::run(vm, this, c"BEGIN")?;
        }
        Ok(())
    }

    fn close_quietly(mut this: ThisConnection, vm: &mut Vm) {
        Connection::enter(this, vm);
        let statements = vm.new_dict();
        this.statements = statements;
        vm.barrier(this.pointer());
        let db = std::mem::replace(&mut this.db, std::ptr::null_mut());
        // SAFETY: opened before, or null; statements that are left keep it until they are gone.
        unsafe { super::close_when_unused(db) };
    }

    /// Closes it, with all that hangs on it.
    pub fn close(this: ThisConnection, vm: &mut Vm) -> PyResult<()> {
        Connection::check_thread(this, vm)?;
        if !this.is_initialized {
            return Err(raise(vm, Kind::ProgrammingError, "Base Connection.__init__ not called."));
        }
        if this.db.is_null() {
            return Ok(());
        }
        super::blob::close_all(vm, this)?;
        let mut result = Ok(());
        if this.autocommit == 0 && this.is_in_transaction() {
            result = statement::run(vm, this, c"ROLLBACK");
        }
        Connection::close_quietly(this, vm);
        result
    }

    /// A place for a value that SQLite refers to.
    pub fn keep(mut this: ThisConnection, vm: &mut Vm, value: Value) -> PyResult<usize> {
        match this.free.pop() {
            Some(place) => {
                vm.set_item(this.kept, Value::small_int(place as i64), value)?;
                Ok(place)
            }
            None => {
                let place = vm.len(this.kept)?;
                vm.list_push(this.kept.as_ptr(), value)?;
                Ok(place)
            }
        }
    }

    pub fn kept(this: ThisConnection, vm: &mut Vm, place: usize) -> Value {
        vm.get_item(this.kept, Value::small_int(place as i64)).unwrap_or(Value::NONE)
    }

    pub fn let_go(mut this: ThisConnection, vm: &mut Vm, place: usize) {
        if vm.set_item(this.kept, Value::small_int(place as i64), Value::NONE).is_ok() {
            this.free.push(place);
        }
    }
}

/// An isolation level as it is kept; ValueError where there is no such.
pub fn level_of(vm: &mut Vm, level: Value) -> PyResult {
    if level.is_none() {
        return Ok(level);
    }
    let Some(text) = Str::of(vm, level) else {
        return Err(vm.raise_type("isolation_level must be str or None"));
    };
    let text = text.text();
    if text.contains('\0') {
        return Err(vm.raise_value("embedded null character"));
    }
    let known = ["", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"].into_iter().find(|known| known.eq_ignore_ascii_case(&text));
    match known {
        Some(known) => Ok(vm.new_str(known)),
        None => Err(vm.raise_value("isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")),
    }
}

/// True, False or the way from before there was such an argument.
pub fn autocommit_of(vm: &mut Vm, value: Value) -> PyResult<i64> {
    if value.is_bool() {
        return Ok(value.as_bool().into());
    }
    if value.is_int() && value.as_int() == LEGACY_TRANSACTION_CONTROL {
        return Ok(LEGACY_TRANSACTION_CONTROL);
    }
    Err(vm.raise_value("autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL"))
}

/// Begins a transaction as the isolation level says, before rows are changed.
pub fn begin(vm: &mut Vm, this: ThisConnection) -> PyResult<()> {
    let level = Str::of(vm, this.isolation_level).map_or(String::new(), Str::text);
    let sql = match level.as_str() {
        "DEFERRED" => c"BEGIN DEFERRED",
        "IMMEDIATE" => c"BEGIN IMMEDIATE",
        "EXCLUSIVE" => c"BEGIN EXCLUSIVE",
        _ => c"BEGIN ",
    };
    statement::run(vm, this, sql)
}

/// Are exceptions of callbacks told of?
pub fn tells_of_callbacks(vm: &mut Vm) -> bool {
    state(vm).tells_of_callbacks
}
