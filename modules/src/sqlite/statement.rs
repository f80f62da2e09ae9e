//! Prepared statements, and those that a connection keeps for their texts.

use super::connection::Connection;
use super::error::{Kind, raise, raise_of};
use super::ffi;
use std::ffi::c_int;
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Vm};

#[repr(C)]
pub struct Statement {
    header: Header,
    /// Null: there is nothing to do.
    pub raw: *mut ffi::sqlite3_stmt,
    /// It changes rows.
    pub is_dml: bool,
    /// A cursor has it.
    pub in_use: bool,
}

pub static STATEMENT: TypeSpec = TypeSpec {
    name: "Statement",
    module: "sqlite3",
    doc: "A statement that was made ready.",
    layout: Some(Layout::of::<Statement>(0).finalized_by(|object| {
        // SAFETY: a dead object, whose statement nobody else has; the database lives on until its last statement is gone.
        unsafe {
            let this = object.cast::<Statement>();
            ffi::sqlite3_finalize(std::mem::replace(&mut (*this).raw, std::ptr::null_mut()));
        }
    })),
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Statement {
    const SPEC: &'static TypeSpec = &STATEMENT;
}

/// Text behind spaces and comments; `None`: there is nothing more.
pub fn skip_blank(mut sql: &[u8]) -> Option<&[u8]> {
    loop {
        match sql {
            [] | [0, ..] => return None,
            [b' ' | b'\t' | b'\n' | b'\r' | 0x0C, rest @ ..] => sql = rest,
            [b'-', b'-', rest @ ..] => sql = &rest[memchr::memchr(b'\n', rest)? + 1..],
            [b'/', b'*', rest @ ..] => sql = &rest[memchr::memmem::find(rest, b"*/")? + 2..],
            _ => return Some(sql),
        }
    }
}

fn is_dml(sql: &[u8]) -> bool {
    let Some(sql) = skip_blank(sql) else { return false };
    let words: [&[u8]; 4] = [b"insert", b"update", b"delete", b"replace"];
    words.iter().any(|word| sql.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
}

/// The text of a statement, as UTF-8.
pub fn sql_text(vm: &mut Vm, sql: Str) -> PyResult<Vec<u8>> {
    let view = sql.view();
    if !view.all(|point| char::from_u32(point).is_some()) {
        // Raises what is wrong with it.
        let encode = vm.intern("encode");
        vm.call_method(sql.value(), encode, &[])?;
    }
    Ok(view.to_wtf8())
}

/// Makes a statement ready.
pub fn prepare(vm: &mut Vm, connection: This<Connection>, sql: Str) -> PyResult<This<Statement>> {
    let mut text = sql_text(vm, sql)?;
    let db = Connection::enter(connection, vm);
    // SAFETY: an open database.
    let limit = unsafe { ffi::sqlite3_limit(db, ffi::SQLITE_LIMIT_SQL_LENGTH, -1) };
    if text.len() > limit as usize {
        return Err(raise(vm, Kind::DataError, "query string is too large"));
    }
    if text.contains(&0) {
        return Err(raise(vm, Kind::ProgrammingError, "the query contains a null character"));
    }
    let len = text.len();
    text.push(0);
    let mut raw = std::ptr::null_mut();
    let mut tail = std::ptr::null();
    // SAFETY: an open database, and text that ends with a zero byte.
    let code = unsafe { ffi::sqlite3_prepare_v2(db, text.as_ptr().cast(), len as c_int + 1, &mut raw, &mut tail) };
    if code != ffi::SQLITE_OK {
        return Err(Connection::raise(connection, vm, code));
    }
    let tail = if tail.is_null() { len } else { tail as usize - text.as_ptr() as usize };
    if skip_blank(&text[tail.min(len)..len]).is_some() {
        // SAFETY: just prepared, and nobody else's.
        unsafe { ffi::sqlite3_finalize(raw) };
        return Err(raise(vm, Kind::ProgrammingError, "You can only execute one statement at a time."));
    }
    let is_dml = is_dml(&text[..len]);
    let class = vm.type_of_spec(&STATEMENT);
    let made = vm.new_object(class, |header| Statement { header, raw, is_dml, in_use: false });
    match made {
        Ok(made) => Ok(This::expect(vm, made)),
        Err(raised) => {
            // SAFETY: as above.
            unsafe { ffi::sqlite3_finalize(raw) };
            Err(raised)
        }
    }
}

/// The statement of a text: one that was used before, or a new one.
pub fn cached(vm: &mut Vm, connection: This<Connection>, sql: Str) -> PyResult<This<Statement>> {
    let cache = connection.statements;
    if let Some(entry) = vm.dict_entry(cache, sql.value())? {
        let found = vm.table(cache).value_at(entry);
        let found = This::<Statement>::expect(vm, found);
        if !found.in_use {
            vm.dict_move_entry(cache, entry, true)?;
            return Ok(found);
        }
        return prepare(vm, connection, sql);
    }
    let statement = prepare(vm, connection, sql)?;
    if connection.cache_size > 0 {
        while vm.table(cache).len >= connection.cache_size {
            let Some(first) = vm.dict_first(cache) else { break };
            vm.dict_remove_entry(cache, first);
        }
        vm.dict_set(cache, sql.value(), statement.value())?;
    }
    Ok(statement)
}

/// One step: SQLite's result.
pub fn step(vm: &mut Vm, connection: This<Connection>, mut this: This<Statement>) -> c_int {
    if this.raw.is_null() {
        return ffi::SQLITE_DONE;
    }
    Connection::enter(connection, vm);
    this.in_use = true;
    // SAFETY: a statement of an open database.
    unsafe { ffi::sqlite3_step(this.raw) }
}

/// The statement can be used anew.
pub fn reset(mut this: This<Statement>) {
    this.in_use = false;
    if !this.raw.is_null() {
        // SAFETY: a statement that was not finalized.
        unsafe { ffi::sqlite3_reset(this.raw) };
    }
}

/// Runs a statement of which nothing is wanted.
pub fn run(vm: &mut Vm, connection: This<Connection>, sql: &std::ffi::CStr) -> PyResult<()> {
    let db = Connection::enter(connection, vm);
    let mut raw = std::ptr::null_mut();
    // SAFETY: an open database and text that ends with a zero byte; the statement is finalized in the end.
    let code = unsafe {
        let mut code = ffi::sqlite3_prepare_v2(db, sql.as_ptr(), -1, &mut raw, std::ptr::null_mut());
        if code == ffi::SQLITE_OK {
            ffi::sqlite3_step(raw);
            code = ffi::sqlite3_finalize(raw);
        }
        code
    };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(raise_of(vm, db, code)) }
}
