//! `BytesIO`: a stream of bytes in memory.
//!
//! ```text
//!   raw.storage:  | a b c d e · · · |        the rest of the room is zero
//!                       ↑ position  ↑ room; `raw.len` bytes are the stream's
//! ```

use super::buffered_base::BUFFERED_IO_BASE;
use super::bytes_io_state::{get_state, set_state};
use super::size::Size;
use stitch_runtime::builtins::types::MEMORYVIEW;
use stitch_runtime::object::argument::{ClassOf, Keywords, OrNone, Rest, This, method};
use stitch_runtime::object::buffer::{BytesLike, Export, ExportCount, WritableBytes};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::raw::RawSequence;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct BytesIo {
    raw: RawSequence,
    exports: ExportCount,
    pub position: usize,
    is_closed: bool,
}

// SAFETY: `#[repr(C)]`, and a raw sequence begins with the header; all that derive from the type begin with it.
unsafe impl Object for BytesIo {
    const SPEC: &'static TypeSpec = &BYTES_IO;
}

pub static BYTES_IO: TypeSpec = TypeSpec {
    name: "BytesIO",
    module: "_io",
    doc: "A stream of bytes in memory.",
    base: Some(&BUFFERED_IO_BASE),
    layout: Some(Layout::of::<BytesIo>(1)),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots {
        iter: slot(|vm: &mut Vm, this: This<BytesIo>| {
            this.check_open(vm)?;
            Ok(this.value())
        }),
        next: slot(|vm: &mut Vm, mut this: This<BytesIo>| {
            this.check_open(vm)?;
            let line = this.take_line(usize::MAX);
            if line.is_empty() { Ok(None) } else { vm.new_bytes(line).map(Some) }
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<BytesIo>, _: Rest, _: Keywords| {
                let storage = vm.new_raw_storage(0)?;
                vm.new_object(class.class, |header: Header| BytesIo {
                    raw: RawSequence { header, storage, len: 0, kind: RawSequence::NO_NUMBERS },
                    exports: ExportCount::NONE,
                    position: 0,
                    is_closed: false,
                })
            },
        )
        .doc("A new stream."),
    ),
    methods: METHODS,
    getters: &[field("closed", |this: This<BytesIo>| this.is_closed).doc("Was it closed?")],
    ..TypeSpec::NEW
};

type ThisBytesIo = This<BytesIo>;

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, initial_bytes=b'')", |vm: &mut Vm, this: ThisBytesIo, initial: OrNone<Value>| {
        this.check_resizable(vm)?;
        BytesIo::start(this, vm, initial.0)
    })
    .doc("Has it hold bytes."),
    method("readable", "($self, /)", is_open).doc("Can it be read? Always."),
    method("writable", "($self, /)", is_open).doc("Can it be written? Always."),
    method("seekable", "($self, /)", is_open).doc("Can the position be moved? Always."),
    method("isatty", "($self, /)", |vm: &mut Vm, this: ThisBytesIo| this.check_open(vm).map(|()| false))
        .doc("Is it a terminal? Never."),
    method("flush", "($self, /)", |vm: &mut Vm, this: ThisBytesIo| this.check_open(vm)).doc("Does nothing."),
    method("close", "($self, /)", |vm: &mut Vm, mut this: ThisBytesIo| -> PyResult<()> {
        this.check_resizable(vm)?;
        if !this.is_closed {
            BytesIo::start(this, vm, None)?;
            this.is_closed = true;
        }
        Ok(())
    })
    .doc("Lets its bytes go."),
    method("getvalue", "($self, /)", |vm: &mut Vm, this: ThisBytesIo| {
        this.check_open(vm)?;
        vm.new_bytes(this.data())
    })
    .doc("All its bytes."),
    method("getbuffer", "($self, /)", |vm: &mut Vm, this: ThisBytesIo| -> PyResult {
        this.check_open(vm)?;
        let class = vm.type_of_spec(&VIEWED);
        let viewed = vm.new_object(class, |header| Viewed { header, stream: this.value() })?;
        let memoryview = Value::object(vm.type_of_spec(&MEMORYVIEW));
        vm.call(memoryview, &[viewed])
    })
    .doc("Its memory, which can be written to; it cannot be resized meanwhile."),
    method("read", "($self, size=-1, /)", read).doc("So many bytes, or all from the position on."),
    method("read1", "($self, size=-1, /)", read).doc("As read."),
    method("readline", "($self, size=-1, /)", |vm: &mut Vm, mut this: ThisBytesIo, size: Size| {
        this.check_open(vm)?;
        let line = this.take_line(size.of_available(usize::MAX));
        vm.new_bytes(line)
    })
    .doc("The next line with its end; nothing at the end."),
    method("readlines", "($self, size=None, /)", |vm: &mut Vm, mut this: ThisBytesIo, size: Size| -> PyResult {
        this.check_open(vm)?;
        let limit = size.0.filter(|&size| size > 0).map_or(usize::MAX, |size| size as usize);
        let list = vm.new_list(&[])?;
        let mut n_read = 0;
        while n_read < limit {
            let line = this.take_line(usize::MAX);
            if line.is_empty() {
                break;
            }
            n_read += line.len();
            let line = vm.new_bytes(line)?;
            vm.list_push(list.as_ptr(), line)?;
        }
        Ok(list)
    })
    .doc("Lines, until they are as long as the size together."),
    method("readinto", "($self, buffer, /)", |vm: &mut Vm, mut this: ThisBytesIo, mut buffer: WritableBytes| {
        this.check_open(vm)?;
        let data = this.take(buffer.len());
        let count = data.len();
        buffer[..count].copy_from_slice(data);
        buffer.finish(vm)?;
        Ok::<usize, stitch_runtime::Raised>(count)
    })
    .doc("Reads into a buffer; gives how many bytes there were."),
    method("write", "($self, b, /)", write).doc("Writes bytes; gives how many."),
    method("writelines", "($self, lines, /)", |vm: &mut Vm, this: ThisBytesIo, lines: Value| -> PyResult<()> {
        this.check_open(vm)?;
        let lines = vm.get_iter(lines)?;
        while let Some(line) = vm.iter_next(lines)? {
            write(vm, this, line)?;
        }
        Ok(())
    })
    .doc("Writes all that an iterable gives."),
    method("seek", "($self, pos, whence=0, /)", seek)
        .doc("Moves the position: from the beginning, from it, from the end."),
    method("tell", "($self, /)", |vm: &mut Vm, this: ThisBytesIo| {
        this.check_open(vm)?;
        Ok::<usize, stitch_runtime::Raised>(this.position)
    })
    .doc("The position."),
    method("truncate", "($self, size=None, /)", truncate).doc("Drops what is beyond a size, or the position."),
    method("__getstate__", "($self, /)", get_state).doc("Its bytes, position and attributes."),
    method("__setstate__", "($self, state, /)", set_state).doc("Becomes what __getstate__ told of."),
];

impl BytesIo {
    pub fn data(&self) -> &[u8] {
        &self.raw.room()[..self.raw.len]
    }

    pub fn check_open(&self, vm: &mut Vm) -> PyResult<()> {
        if self.is_closed { Err(super::raise_closed(vm)) } else { Ok(()) }
    }

    pub fn check_resizable(&self, vm: &mut Vm) -> PyResult<()> {
        vm.check_resizable(&self.exports)
    }

    /// Has it hold the bytes of an object alone, its position at the beginning.
    pub fn start(mut this: ThisBytesIo, vm: &mut Vm, initial: Option<Value>) -> PyResult<()> {
        (this.raw.len, this.position, this.is_closed) = (0, 0, false);
        let storage = vm.new_raw_storage(0)?;
        this.raw.storage = storage;
        vm.barrier(this.pointer());
        if let Some(initial) = initial {
            write(vm, this, initial)?;
            this.position = 0;
        }
        Ok(())
    }

    /// Moves the position over at most so many bytes.
    fn take(&mut self, count: usize) -> &[u8] {
        let start = self.position.min(self.raw.len);
        let end = start + count.min(self.raw.len - start);
        if end > start {
            self.position = end;
        }
        &self.data()[start..end]
    }

    /// Moves the position over the line there, or so much of it.
    fn take_line(&mut self, limit: usize) -> &[u8] {
        let rest = &self.data()[self.position.min(self.raw.len)..];
        let len = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        self.take(len.min(limit))
    }

    /// Sees to room for so many bytes.
    fn reserve(mut this: ThisBytesIo, vm: &mut Vm, wanted: usize) -> PyResult<()> {
        if wanted <= this.raw.room().len() {
            return Ok(());
        }
        let storage = vm.new_raw_storage(wanted + wanted / 2 + 64)?;
        let len = this.raw.len;
        let old = std::mem::replace(&mut this.raw.storage, storage);
        let kept = This::<stitch_runtime::object::layout::BytesObject>::of(vm, old).expect("storage is bytes");
        this.raw.room_mut()[..len].copy_from_slice(&kept.data()[..len]);
        vm.barrier(this.pointer());
        Ok(())
    }
}

fn is_open(vm: &mut Vm, this: ThisBytesIo) -> PyResult<bool> {
    this.check_open(vm).map(|()| true)
}

fn read(vm: &mut Vm, mut this: ThisBytesIo, size: Size) -> PyResult {
    this.check_open(vm)?;
    let data = this.take(size.of_available(usize::MAX));
    vm.new_bytes(data)
}

fn write(vm: &mut Vm, mut this: ThisBytesIo, data: Value) -> PyResult<usize> {
    this.check_open(vm)?;
    this.check_resizable(vm)?;
    let data = BytesLike::of(vm, data)?;
    // Asking for the bytes may have closed it, or given its own memory out.
    this.check_open(vm)?;
    this.check_resizable(vm)?;
    if data.is_empty() {
        return Ok(0);
    }
    let (start, old_len) = (this.position, this.raw.len);
    let Some(end) = start.checked_add(data.len()) else { return Err(vm.raise_memory()) };
    BytesIo::reserve(this, vm, end)?;
    let room = this.raw.room_mut();
    if start > old_len {
        room[old_len..start].fill(0);
    }
    room[start..end].copy_from_slice(&data);
    this.raw.len = old_len.max(end);
    this.position = end;
    Ok(data.len())
}

fn seek(vm: &mut Vm, mut this: ThisBytesIo, offset: Value, whence: Option<i32>) -> PyResult<usize> {
    this.check_open(vm)?;
    let offset = vm.index_i64(offset)?;
    let from = match whence.unwrap_or(0) {
        0 if offset < 0 => return Err(vm.raise_value(&format!("negative seek value {offset}"))),
        0 => 0,
        1 => this.position,
        2 => this.raw.len,
        other => return Err(vm.raise_value(&format!("invalid whence ({other}, should be 0, 1 or 2)"))),
    };
    let Some(position) = (from as i64).checked_add(offset) else {
        return Err(vm.raise_overflow("new position too large"));
    };
    this.position = position.max(0) as usize;
    Ok(this.position)
}

fn truncate(vm: &mut Vm, mut this: ThisBytesIo, size: Size) -> PyResult<usize> {
    this.check_open(vm)?;
    this.check_resizable(vm)?;
    let size = match size.0 {
        None => this.position,
        Some(size) if size < 0 => return Err(vm.raise_value(&format!("negative size value {size}"))),
        Some(size) => size as usize,
    };
    this.raw.len = this.raw.len.min(size);
    Ok(size)
}

/// What a memoryview of a stream's bytes is of.
#[repr(C)]
struct Viewed {
    header: Header,
    stream: Value,
}

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Viewed {
    const SPEC: &'static TypeSpec = &VIEWED;
}

pub static VIEWED: TypeSpec = TypeSpec {
    name: "_BytesIOBuffer",
    module: "_io",
    doc: "The memory of a BytesIO.",
    layout: Some(Layout::of::<Viewed>(1)),
    slots: Slots {
        buffer: Some(|vm, value, _| {
            let this = This::<Viewed>::of(vm, value).expect("a slot gets an object of its type");
            let mut stream = ThisBytesIo::of(vm, this.stream).expect("what is viewed is a BytesIO");
            let len = stream.raw.len;
            let export = Export::items(value, stream.raw.room_mut().as_mut_ptr(), len, "B", 1);
            // SAFETY: the count lies in the stream, which the owner keeps alive.
            Ok(unsafe { export.counted_by(&stream.exports) })
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};
