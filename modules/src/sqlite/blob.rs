//! `Blob`: one value of a database as a file.

use super::connection::{Connection, ThisConnection};
use super::error::{Kind, raise, raise_of};
use super::ffi;
use std::ffi::{CString, c_int};
use stitch_runtime::object::argument::{Str, This, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::SliceObject;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Blob {
    header: Header,
    connection: Value,
    /// Null: it is closed.
    raw: *mut ffi::sqlite3_blob,
    offset: usize,
}

type ThisBlob = This<Blob>;

pub static BLOB: TypeSpec = TypeSpec {
    name: "Blob",
    module: "sqlite3",
    doc: "One value of a database as a file.",
    layout: Some(Layout::of::<Blob>(1).finalized_by(|object| {
        // SAFETY: a dead object, whose handle nobody else has.
        unsafe {
            let this = object.cast::<Blob>();
            ffi::sqlite3_blob_close(std::mem::replace(&mut (*this).raw, std::ptr::null_mut()));
        }
    })),
    is_weakly_referable: true,
    slots: Slots {
        len: slot(|vm: &mut Vm, this: ThisBlob| {
            check(vm, this)?;
            Ok(this.len())
        }),
        get_item: slot(get_item),
        set_item: slot(set_item),
        ..Slots::NONE
    },
    methods: &[
        method("close", "($self, /)", |vm: &mut Vm, mut this: ThisBlob| -> PyResult<()> {
            let connection = ThisConnection::expect(vm, this.connection);
            Connection::check(connection, vm)?;
            close(&mut this);
            Ok(())
        })
        .doc("It cannot be used any more."),
        method("read", "($self, length=-1, /)", |vm: &mut Vm, mut this: ThisBlob, length: Option<i32>| -> PyResult {
            check(vm, this)?;
            let left = this.len() - this.offset.min(this.len());
            let n = length.filter(|&length| length >= 0).map_or(left, |length| left.min(length as usize));
            let data = read(vm, this, this.offset, n)?;
            this.offset += n;
            vm.new_bytes(&data)
        })
        .doc("So many bytes, or all that are left."),
        method("write", "($self, data, /)", |vm: &mut Vm, mut this: ThisBlob, data: BytesLike| -> PyResult<()> {
            check(vm, this)?;
            write(vm, this, this.offset, &data)?;
            this.offset += data.len();
            Ok(())
        })
        .doc("Writes bytes; the value's length cannot change."),
        method("seek", "($self, offset, origin=0, /)", seek).doc("Moves the position."),
        method("tell", "($self, /)", |vm: &mut Vm, this: ThisBlob| -> PyResult<usize> {
            check(vm, this)?;
            Ok(this.offset)
        })
        .doc("The position."),
        method("__enter__", "($self, /)", |vm: &mut Vm, this: ThisBlob| -> PyResult {
            check(vm, this)?;
            Ok(this.value())
        })
        .doc("The blob itself."),
        method(
            "__exit__",
            "($self, type, val, tb, /)",
            |vm: &mut Vm, mut this: ThisBlob, _: Value, _: Value, _: Value| -> PyResult<()> {
                check(vm, this)?;
                close(&mut this);
                Ok(())
            },
        )
        .doc("Closes it."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Blob {
    const SPEC: &'static TypeSpec = &BLOB;
}

impl Blob {
    fn len(&self) -> usize {
        // SAFETY: callers have checked that it is open.
        unsafe { ffi::sqlite3_blob_bytes(self.raw) as usize }
    }
}

fn close(this: &mut Blob) {
    // SAFETY: open, or null.
    unsafe { ffi::sqlite3_blob_close(std::mem::replace(&mut this.raw, std::ptr::null_mut())) };
}

fn check(vm: &mut Vm, this: ThisBlob) -> PyResult<()> {
    let connection = ThisConnection::expect(vm, this.connection);
    Connection::check(connection, vm)?;
    if this.raw.is_null() {
        return Err(raise(vm, Kind::ProgrammingError, "Cannot operate on a closed blob."));
    }
    Ok(())
}

/// `Connection.blobopen`.
pub fn open(
    vm: &mut Vm,
    connection: ThisConnection,
    table: Str,
    column: Str,
    row: i64,
    is_read_only: bool,
    name: &str,
) -> PyResult {
    Connection::check(connection, vm)?;
    let mut texts = Vec::new();
    for text in [name.to_string(), table.text(), column.text()] {
        let Ok(text) = CString::new(text) else { return Err(vm.raise_value("embedded null character")) };
        texts.push(text);
    }
    let db = Connection::enter(connection, vm);
    let mut raw = std::ptr::null_mut();
    // SAFETY: an open database, and texts that end with zero bytes.
    let code = unsafe {
        let (name, table, column) = (texts[0].as_ptr(), texts[1].as_ptr(), texts[2].as_ptr());
        ffi::sqlite3_blob_open(db, name, table, column, row, c_int::from(!is_read_only), &mut raw)
    };
    if code != ffi::SQLITE_OK {
        return Err(raise_of(vm, db, code));
    }
    let class = vm.type_of_spec(&BLOB);
    let blob = vm.new_object(class, |header| Blob { header, connection: connection.value(), raw, offset: 0 })?;
    let blobs = connection.blobs;
    // Those that are closed are of no interest any more.
    let old = vm.items_of(blobs).to_vec();
    let mut n_open = 0;
    for blob in old {
        if ThisBlob::expect(vm, blob).raw.is_null() {
            continue;
        }
        vm.set_item(blobs, Value::small_int(n_open), blob)?;
        n_open += 1;
    }
    vm.list_splice(blobs.as_ptr(), n_open as usize, vm.items_of(blobs).len(), &[])?;
    vm.list_push(blobs.as_ptr(), blob)?;
    Ok(blob)
}

/// Closes all blobs of a connection.
pub fn close_all(vm: &mut Vm, connection: ThisConnection) -> PyResult<()> {
    for &blob in vm.items_of(connection.blobs) {
        close(&mut ThisBlob::expect(vm, blob));
    }
    vm.list_splice(connection.blobs.as_ptr(), 0, vm.items_of(connection.blobs).len(), &[])
}

fn raise_blob(vm: &mut Vm, this: ThisBlob, code: c_int) -> stitch_runtime::Raised {
    let connection = ThisConnection::expect(vm, this.connection);
    raise_of(vm, connection.db, code)
}

fn read(vm: &mut Vm, this: ThisBlob, offset: usize, n: usize) -> PyResult<Vec<u8>> {
    let mut data = vec![0; n];
    // SAFETY: an open blob and room for so many bytes.
    let code = unsafe { ffi::sqlite3_blob_read(this.raw, data.as_mut_ptr().cast(), n as c_int, offset as c_int) };
    if code == ffi::SQLITE_OK { Ok(data) } else { Err(raise_blob(vm, this, code)) }
}

fn write(vm: &mut Vm, this: ThisBlob, offset: usize, data: &[u8]) -> PyResult<()> {
    if data.len() > this.len() - offset.min(this.len()) {
        return Err(vm.raise_value("data longer than blob length"));
    }
    // SAFETY: an open blob and so many bytes.
    let code = unsafe { ffi::sqlite3_blob_write(this.raw, data.as_ptr().cast(), data.len() as c_int, offset as c_int) };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(raise_blob(vm, this, code)) }
}

fn seek(vm: &mut Vm, mut this: ThisBlob, offset: i32, origin: Option<i32>) -> PyResult<()> {
    check(vm, this)?;
    let len = this.len() as i64;
    let from = match origin.unwrap_or(0) {
        0 => 0,
        1 => this.offset as i64,
        2 => len,
        _ => return Err(vm.raise_value("'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END")),
    };
    let position = from + i64::from(offset);
    if position > i64::from(i32::MAX) {
        return Err(vm.raise_overflow("seek offset results in offset overflow"));
    }
    if !(0..=len).contains(&position) {
        return Err(vm.raise_value("offset out of blob range"));
    }
    this.offset = position as usize;
    Ok(())
}

fn index(vm: &mut Vm, this: ThisBlob, key: Value) -> PyResult<usize> {
    let index = vm.index_i64(key)?;
    let len = this.len() as i64;
    let at = if index < 0 { index + len } else { index };
    if !(0..len).contains(&at) {
        return Err(vm.raise_index("Blob index out of range"));
    }
    Ok(at as usize)
}

fn get_item(vm: &mut Vm, this: ThisBlob, key: Value) -> PyResult {
    check(vm, this)?;
    if vm.is_index(key) {
        let at = index(vm, this, key)?;
        let data = read(vm, this, at, 1)?;
        return Ok(Value::small_int(data[0].into()));
    }
    let Some(slice) = This::<SliceObject>::of(vm, key) else {
        return Err(vm.raise_type("Blob indices must be integers"));
    };
    let range = vm.slice_indices(slice, this.len())?;
    check(vm, this)?;
    let data = read(vm, this, 0, this.len())?;
    let part: Vec<u8> = range.positions().map(|at| data[at]).collect();
    vm.new_bytes(&part)
}

fn set_item(vm: &mut Vm, this: ThisBlob, key: Value, value: Option<Value>) -> PyResult<()> {
    check(vm, this)?;
    let is_index = vm.is_index(key);
    let Some(value) = value else {
        let what = if is_index { "item" } else { "slice" };
        return Err(vm.raise_type(&format!("Blob doesn't support {what} deletion")));
    };
    if is_index {
        let at = index(vm, this, key)?;
        if !vm.is_int_like(value) {
            let given = vm.class_name(value);
            return Err(vm.raise_type(&format!("'{given}' object cannot be interpreted as an integer")));
        }
        let byte = vm.int_to_i64(value).and_then(|word| u8::try_from(word).ok());
        let Some(byte) = byte else { return Err(vm.raise_value("byte must be in range(0, 256)")) };
        return write(vm, this, at, &[byte]);
    }
    let Some(slice) = This::<SliceObject>::of(vm, key) else {
        return Err(vm.raise_type("Blob indices must be integers"));
    };
    let range = vm.slice_indices(slice, this.len())?;
    let new = BytesLike::of(vm, value)?;
    check(vm, this)?;
    let places: Vec<usize> = range.positions().collect();
    if new.len() != places.len() {
        return Err(vm.raise_index("Blob slice assignment is wrong size"));
    }
    let mut data = read(vm, this, 0, this.len())?;
    for (&at, &byte) in places.iter().zip(new.iter()) {
        data[at] = byte;
    }
    write(vm, this, 0, &data)
}
