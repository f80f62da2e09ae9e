//! `_IOBase`: what all streams have in common.

use super::size::Size;
use super::{call, raise_closed, raise_unsupported};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, method};
use stitch_runtime::object::buffer::BytesLike;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::BytesObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{DICT_GETTER, Layout, Object, TypeSpec, getter};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct IoBase {
    header: Header,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for IoBase {
    const SPEC: &'static TypeSpec = &IO_BASE;
}

pub static IO_BASE: TypeSpec = TypeSpec {
    name: "_IOBase",
    module: "_io",
    doc: "What all streams have in common: they are closed, flushed, and give their lines.",
    layout: Some(Layout::of::<IoBase>(0)),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots {
        iter: Some(|vm, stream| {
            check_open(vm, stream)?;
            Ok(stream)
        }),
        next: Some(|vm, stream| {
            let line = call(vm, stream, "readline", &[])?;
            Ok(vm.is_true(line)?.then_some(line))
        }),
        finalize: Some(finalize),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<IoBase>, _: Rest, _: Keywords| {
                vm.new_object(class.class, |header| IoBase { header })
            },
        )
        .doc("A new stream."),
    ),
    methods: METHODS,
    getters: &[
        getter("closed", |vm, stream| is_marked_closed(vm, stream).map(Value::bool)).doc("Was it closed?"),
        DICT_GETTER,
    ],
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, *args, **kwargs)", |_: Value, _: Rest, _: Keywords| ()).doc("Takes anything."),
    method("seek", "($self, offset, whence=0, /)", |vm: &mut Vm, _: Value, _: Value, _: Option<Value>| -> PyResult {
        Err(raise_unsupported(vm, "seek"))
    })
    .doc("Moves the position."),
    method("tell", "($self, /)", |vm: &mut Vm, stream: Value| {
        call(vm, stream, "seek", &[Value::small_int(0), Value::small_int(1)])
    })
    .doc("The position."),
    method("truncate", "($self, size=None, /)", |vm: &mut Vm, _: Value, _: Option<Value>| -> PyResult {
        Err(raise_unsupported(vm, "truncate"))
    })
    .doc("Gives it another size."),
    method("flush", "($self, /)", |vm: &mut Vm, stream: Value| -> PyResult<()> {
        if is_marked_closed(vm, stream)? { Err(raise_closed(vm)) } else { Ok(()) }
    })
    .doc("Writes what was kept back."),
    method("close", "($self, /)", close).doc("Flushes and closes it; it can be called more than once."),
    method("seekable", "($self, /)", |_: Value| false).doc("Can the position be moved?"),
    method("readable", "($self, /)", |_: Value| false).doc("Can it be read?"),
    method("writable", "($self, /)", |_: Value| false).doc("Can it be written?"),
    method("_checkClosed", "($self, /)", check_open).doc("ValueError where it is closed."),
    method("_checkSeekable", "($self, /)", |vm: &mut Vm, stream: Value| {
        check_able(vm, stream, "seekable", "File or stream is not seekable.")
    })
    .doc("An error where it is not seekable."),
    method("_checkReadable", "($self, /)", |vm: &mut Vm, stream: Value| {
        check_able(vm, stream, "readable", "File or stream is not readable.")
    })
    .doc("An error where it is not readable."),
    method("_checkWritable", "($self, /)", |vm: &mut Vm, stream: Value| {
        check_able(vm, stream, "writable", "File or stream is not writable.")
    })
    .doc("An error where it is not writable."),
    method("fileno", "($self, /)", |vm: &mut Vm, _: Value| -> PyResult { Err(raise_unsupported(vm, "fileno")) })
        .doc("The descriptor."),
    method("isatty", "($self, /)", |vm: &mut Vm, stream: Value| check_open(vm, stream).map(|()| false))
        .doc("Is it a terminal?"),
    method("__enter__", "($self, /)", |vm: &mut Vm, stream: Value| check_open(vm, stream).map(|()| stream))
        .doc("The stream itself."),
    method("__exit__", "($self, /, *exc)", |vm: &mut Vm, stream: Value, _: Rest| call(vm, stream, "close", &[]))
        .doc("Closes it."),
    method("readline", "($self, size=-1, /)", read_line).doc("The next line with its end; nothing at the end."),
    method("readlines", "($self, hint=-1, /)", read_lines).doc("Lines, until they are longer than the hint together."),
    method("writelines", "($self, lines, /)", |vm: &mut Vm, stream: Value, lines: Value| -> PyResult<()> {
        check_open(vm, stream)?;
        let lines = vm.get_iter(lines)?;
        while let Some(line) = vm.iter_next(lines)? {
            call(vm, stream, "write", &[line])?;
        }
        Ok(())
    })
    .doc("Writes all that an iterable gives."),
];

/// The attribute that a stream has once `_IOBase.close` was called.
const MARK: &str = "__IOBase_closed";

fn is_marked_closed(vm: &mut Vm, stream: Value) -> PyResult<bool> {
    let name = vm.intern(MARK);
    Ok(vm.get_attr_opt(stream, name)?.is_some())
}

/// Does the stream say that it is closed?
pub fn is_closed(vm: &mut Vm, stream: Value) -> PyResult<bool> {
    let name = vm.intern("closed");
    let closed = vm.get_attr(stream, name)?;
    vm.is_true(closed)
}

pub fn check_open(vm: &mut Vm, stream: Value) -> PyResult<()> {
    if is_closed(vm, stream)? { Err(raise_closed(vm)) } else { Ok(()) }
}

pub fn check_able(vm: &mut Vm, stream: Value, method: &str, message: &str) -> PyResult {
    let answer = call(vm, stream, method, &[])?;
    if answer == Value::TRUE { Ok(answer) } else { Err(raise_unsupported(vm, message)) }
}

/// Closed it is even where flushing it fails.
pub fn close(vm: &mut Vm, stream: Value) -> PyResult<()> {
    if is_marked_closed(vm, stream)? {
        return Ok(());
    }
    let flushed = call(vm, stream, "flush", &[]);
    let error = if flushed.is_err() { Some(vm.take_exception()) } else { None };
    let name = vm.intern(MARK);
    let marked = vm.set_attr(stream, name, Value::TRUE);
    match error {
        Some(error) => Err(vm.raise_value_object(error)),
        None => marked,
    }
}

/// A stream that nobody closed is closed as it dies; errors then are told to `sys.unraisablehook`. One that cannot say whether it
/// is closed was never made ready, so that there is nothing to close.
pub fn finalize(vm: &mut Vm, stream: Value) -> PyResult<()> {
    let is_open = match is_closed(vm, stream) {
        Ok(is_closed) => !is_closed,
        Err(_) => {
            vm.clear_exception();
            false
        }
    };
    if is_open && call(vm, stream, "close", &[]).is_err() {
        let message = format!("Exception ignored while finalizing file {}", vm.repr_or_unknown(stream));
        vm.write_unraisable(&message, Value::NONE);
    }
    Ok(())
}

fn bytes_read(vm: &mut Vm, data: Value, method: &str) -> PyResult<This<BytesObject>> {
    match This::<BytesObject>::of(vm, data) {
        Some(bytes) => Ok(bytes),
        None => {
            let message = format!("{method}() should have returned a bytes object, not '{}'", vm.class_name(data));
            Err(vm.raise(vm.exceptions.OSError, &message))
        }
    }
}

/// A line of what `read` gives, byte by byte where there is no `peek`.
fn read_line(vm: &mut Vm, stream: Value, size: Size) -> PyResult {
    let limit = size.0.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX);
    let name = vm.intern("peek");
    let peek = vm.get_attr_opt(stream, name)?;
    let mut line = Vec::new();
    while line.len() < limit {
        let mut count = 1;
        if let Some(peek) = peek {
            let ahead = vm.call(peek, &[Value::small_int(1)])?;
            let ahead = bytes_read(vm, ahead, "peek")?;
            let ahead = &ahead.data()[..ahead.data().len().min(limit - line.len())];
            if !ahead.is_empty() {
                count = ahead.iter().position(|&byte| byte == b'\n').map_or(ahead.len(), |at| at + 1);
            }
        }
        let data = call(vm, stream, "read", &[Value::small_int(count as i64)])?;
        let data = bytes_read(vm, data, "read")?;
        line.extend_from_slice(data.data());
        if data.data().is_empty() || line.ends_with(b"\n") {
            break;
        }
    }
    vm.new_bytes(&line)
}

pub fn read_lines(vm: &mut Vm, stream: Value, hint: Size) -> PyResult {
    let list = vm.new_list(&[])?;
    let limit = hint.0.filter(|&hint| hint > 0).unwrap_or(i64::MAX) as usize;
    let lines = vm.get_iter(stream)?;
    let mut n_read = 0usize;
    while let Some(line) = vm.iter_next(lines)? {
        vm.list_push(list.as_ptr(), line)?;
        n_read = n_read.saturating_add(vm.len(line)?);
        if n_read > limit {
            break;
        }
    }
    Ok(list)
}

/// The bytes that a method of a stream gave.
pub fn given_bytes(vm: &mut Vm, data: Value, method: &str) -> PyResult<BytesLike> {
    bytes_read(vm, data, method)?;
    BytesLike::of(vm, data)
}

/// Is it a bytes object?
pub fn is_bytes(vm: &Vm, value: Value) -> bool {
    vm.is_a::<BytesObject>(value)
}
