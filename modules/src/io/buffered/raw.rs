//! Calls of the stream below: direct ones where it is a file, methods where it is anything else.

use super::{Buffered, ThisBuffered};
use crate::io::call;
use crate::io::file_io::FileIo;
use stitch_runtime::builtins::types::{BYTEARRAY, MEMORYVIEW};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::{PyResult, Value, Vm};

impl Buffered {
    /// Reads bytes from raw that are there; `None` where there are none yet. The memory must not be the stream's: what runs
    /// meanwhile may close it.
    pub(super) fn raw_read(mut this: ThisBuffered, vm: &mut Vm, buffer: &mut [u8]) -> PyResult<Option<usize>> {
        let count = match this.file(vm) {
            Some(file) => FileIo::read_into(file, vm, buffer)?,
            None => read_by_method(vm, this.raw, buffer)?,
        };
        if let (Some(position), Some(count)) = (&mut this.raw_position, count) {
            *position += count as i64;
        }
        Ok(count)
    }

    /// Writes as many bytes as raw takes; `None` where it takes none now.
    pub(super) fn raw_write(mut this: ThisBuffered, vm: &mut Vm, data: &[u8]) -> PyResult<Option<usize>> {
        let count = match this.file(vm) {
            Some(file) => FileIo::write_some(file, vm, data)?,
            None => write_by_method(vm, this.raw, data)?,
        };
        if let (Some(position), Some(count)) = (&mut this.raw_position, count) {
            *position += count as i64;
        }
        Ok(count)
    }

    pub(super) fn raw_seek(mut this: ThisBuffered, vm: &mut Vm, offset: i64, whence: i32) -> PyResult<i64> {
        this.raw_position = None;
        let position = match this.file(vm) {
            Some(file) => FileIo::seek_to(file, vm, offset, whence)?,
            None => {
                let offset = vm.new_int(offset);
                let position = call(vm, this.raw, "seek", &[offset, Value::small_int(whence.into())])?;
                checked_position(vm, position)?
            }
        };
        this.raw_position = Some(position);
        Ok(position)
    }

    /// Raw's position, asked for anew.
    pub(super) fn raw_tell(mut this: ThisBuffered, vm: &mut Vm) -> PyResult<i64> {
        this.raw_position = None;
        let position = match this.file(vm) {
            Some(file) => FileIo::seek_to(file, vm, 0, libc::SEEK_CUR)?,
            None => {
                let position = call(vm, this.raw, "tell", &[])?;
                checked_position(vm, position)?
            }
        };
        this.raw_position = Some(position);
        Ok(position)
    }
}

fn checked_position(vm: &mut Vm, position: Value) -> PyResult<i64> {
    let position = vm.index_i64(position)?;
    if position < 0 {
        let message = format!("Raw stream returned invalid position {position}");
        return Err(vm.raise(vm.exceptions.OSError, &message));
    }
    Ok(position)
}

/// A count that a method gave; None: `None`.
fn checked_count(vm: &mut Vm, count: Value, limit: usize, method: &str) -> PyResult<Option<usize>> {
    if count.is_none() {
        return Ok(None);
    }
    let number = match vm.index_i64(count) {
        Ok(number) => number,
        Err(raised) if method == "write" => return Err(raised),
        Err(_) => {
            let cause = vm.take_exception();
            let raised = vm.raise(vm.exceptions.OSError, &format!("raw {method}() failed"));
            let error = vm.take_exception();
            let name = vm.intern("__cause__");
            vm.set_attr(error, name, cause)?;
            _ = raised;
            return Err(vm.raise_value_object(error));
        }
    };
    match usize::try_from(number) {
        Ok(number) if number <= limit => Ok(Some(number)),
        _ => {
            let message =
                format!("raw {method}() returned invalid length {number} (should have been between 0 and {limit})");
            Err(vm.raise(vm.exceptions.OSError, &message))
        }
    }
}

/// The method reads into memory of its own: it may keep it.
fn read_by_method(vm: &mut Vm, raw: Value, buffer: &mut [u8]) -> PyResult<Option<usize>> {
    let (class, len) = (Value::object(vm.type_of_spec(&BYTEARRAY)), vm.new_int_from_usize(buffer.len()));
    let memory = vm.call(class, &[len])?;
    let class = Value::object(vm.type_of_spec(&MEMORYVIEW));
    let view = vm.call(class, &[memory])?;
    let count = call(vm, raw, "readinto", &[view]);
    let error = if count.is_err() { Some(vm.take_exception()) } else { None };
    if call(vm, view, "release", &[]).is_err() {
        // Somebody has a view of the view.
        vm.clear_exception();
    }
    if let Some(error) = error {
        return Err(vm.raise_value_object(error));
    }
    let count = checked_count(vm, count?, buffer.len(), "readinto")?;
    if let Some(count) = count {
        let data = BytesLike::of(vm, memory)?;
        let count = count.min(data.len());
        buffer[..count].copy_from_slice(&data[..count]);
    }
    Ok(count)
}

fn write_by_method(vm: &mut Vm, raw: Value, data: &[u8]) -> PyResult<Option<usize>> {
    let copy = vm.new_bytes(data)?;
    let class = Value::object(vm.type_of_spec(&MEMORYVIEW));
    let view = vm.call(class, &[copy])?;
    let count = call(vm, raw, "write", &[view]);
    let error = if count.is_err() { Some(vm.take_exception()) } else { None };
    if call(vm, view, "release", &[]).is_err() {
        vm.clear_exception();
    }
    match error {
        Some(error) => Err(vm.raise_value_object(error)),
        None => checked_count(vm, count?, data.len(), "write"),
    }
}

/// The bytes that `read` or `readall` of a stream gave; `None`: None.
pub(super) fn bytes_or_none(vm: &mut Vm, data: Value, method: &str) -> PyResult<Option<This<BytesObject>>> {
    if data.is_none() {
        return Ok(None);
    }
    match This::<BytesObject>::of(vm, data) {
        Some(bytes) => Ok(Some(bytes)),
        None => Err(vm.raise_type(&format!("{method}() should return bytes"))),
    }
}
