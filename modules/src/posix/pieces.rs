//! Reading into and writing of several buffers at once.

use super::OrRaise;
use stitch_runtime::host::descriptor::{self, Piece};
use stitch_runtime::object::argument::{Index, This, method};
use stitch_runtime::object::buffer::{Export, Request};
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("readv", "(fd, buffers, /)", |vm: &mut Vm, fd: i32, buffers: Value| read(vm, fd, "readv", buffers, None, 0))
        .doc("Reads into several buffers, one after the other; gives how many bytes there were."),
    method(
        "preadv",
        "(fd, buffers, offset, flags=0, /)",
        |vm: &mut Vm, fd: i32, buffers: Value, offset: Index, flags: Option<i32>| {
            read(vm, fd, "preadv", buffers, Some(offset.0), flags.unwrap_or(0))
        },
    )
    .doc("Reads into several buffers at an offset."),
    method("writev", "(fd, buffers, /)", |vm: &mut Vm, fd: i32, buffers: Value| {
        write(vm, fd, "writev", buffers, None, 0)
    })
    .doc("Writes several buffers, one after the other; gives how many bytes were written."),
    method(
        "pwritev",
        "(fd, buffers, offset, flags=0, /)",
        |vm: &mut Vm, fd: i32, buffers: Value, offset: Index, flags: Option<i32>| {
            write(vm, fd, "pwritev", buffers, Some(offset.0), flags.unwrap_or(0))
        },
    )
    .doc("Writes several buffers at an offset."),
];

fn read(vm: &mut Vm, fd: i32, function: &str, buffers: Value, offset: Option<i64>, flags: i32) -> PyResult<usize> {
    with_pieces(vm, function, buffers, Request::WRITABLE, |vm, pieces| {
        vm.wait_for(|| {
            // SAFETY: the exports, which can be written, are held.
            unsafe { descriptor::read_pieces(fd, pieces, offset, flags) }
        })?
        .or_raise(vm)
    })
}

fn write(vm: &mut Vm, fd: i32, function: &str, buffers: Value, offset: Option<i64>, flags: i32) -> PyResult<usize> {
    with_pieces(vm, function, buffers, Request::SIMPLE, |vm, pieces| {
        vm.wait_for(|| {
            // SAFETY: the exports are held.
            unsafe { descriptor::write_pieces(fd, pieces, offset, flags) }
        })?
        .or_raise(vm)
    })
}

/// Has the memory of buffers, which a sequence gives, stay where it is while something is done with it.
pub(crate) fn with_pieces<T>(
    vm: &mut Vm,
    function: &str,
    buffers: Value,
    request: Request,
    act: impl FnOnce(&mut Vm, &[Piece]) -> PyResult<T>,
) -> PyResult<T> {
    let list = match vm.is_sequence(buffers) {
        true => vm.collect(buffers)?,
        false => return Err(vm.raise_type(&format!("{function}() arg 2 must be a sequence"))),
    };
    let Some(list) = This::<ListObject>::of(vm, list) else { return Err(vm.raise_type("a sequence is needed")) };
    // The list of views, which is a local, keeps what the exports refer to.
    let views = vm.new_list(&[])?;
    let mut exports: Vec<Export> = Vec::with_capacity(list.len);
    let mut outcome = Ok(());
    for at in 0..list.len {
        let view = vm.new_memory_view(list.items()[at]);
        let export = view.and_then(|view| {
            vm.list_push(views.as_ptr(), view)?;
            vm.export(view, request)
        });
        match export {
            Ok(export) => exports.push(export),
            Err(raised) => {
                outcome = Err(raised);
                break;
            }
        }
    }
    let pieces: Vec<Piece> =
        exports.iter().map(|export| Piece { iov_base: export.data.cast(), iov_len: export.len_bytes }).collect();
    let outcome = outcome.and_then(|()| act(vm, &pieces));
    drop(exports);
    let exception = outcome.is_err().then(|| vm.take_exception());
    if let Some(views) = This::<ListObject>::of(vm, views) {
        let release = vm.intern("release");
        for &view in views.items() {
            vm.call_method(view, release, &[])?;
        }
    }
    match exception {
        Some(exception) => Err(vm.raise_value_object(exception)),
        None => outcome,
    }
}
