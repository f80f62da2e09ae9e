//! `FileIO`: a descriptor as a stream; each call is one of the system's.

mod open;

use super::mode::FileMode;
use super::raw_base::RAW_IO_BASE;
use super::size::Size;
use super::unflushed::{self, Touched};
use super::{DEFAULT_BUFFER_BYTES, base, raise_unsupported, refuse_state};
use crate::posix::OrRaise;
use stitch_runtime::host::{HostResult, descriptor, fs, terminal};
use stitch_runtime::object::argument::{ClassOf, Index, Keywords, Rest, This, method};
use stitch_runtime::object::buffer::{BytesLike, WritableBytes};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::raw::NewBytes;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct FileIo {
    header: Header,
    /// −1: closed, or not yet open.
    fd: i32,
    mode: FileMode,
    closes_fd: bool,
    /// Once it is known.
    seekable: Option<bool>,
    /// What the system likes to be read at once.
    block_bytes: i64,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for FileIo {
    const SPEC: &'static TypeSpec = &FILE_IO;
}

type ThisFile = This<FileIo>;

pub static FILE_IO: TypeSpec = TypeSpec {
    name: "FileIO",
    module: "_io",
    doc: "An open file as a stream of bytes, with nothing in between.",
    base: Some(&RAW_IO_BASE),
    layout: Some(Layout::of::<FileIo>(0)),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots { repr: slot(write_repr), finalize: Some(finalize), ..Slots::NONE },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<FileIo>, _: Rest, _: Keywords| {
                vm.new_object(class.class, |header| FileIo {
                    header,
                    fd: -1,
                    mode: FileMode::default(),
                    closes_fd: true,
                    seekable: None,
                    block_bytes: DEFAULT_BUFFER_BYTES as i64,
                })
            },
        )
        .doc("A new one, not open yet."),
    ),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method("__init__", "($self, /, file, mode='r', closefd=True, opener=None)", open::init)
        .doc("Opens a path, or takes a descriptor."),
    method("close", "($self, /)", close).doc("Closes the descriptor, if it is to."),
    method("read", "($self, size=-1, /)", read).doc("At most so many bytes; None where there are none yet."),
    method("readall", "($self, /)", read_all).doc("All that is to come."),
    method("readinto", "($self, buffer, /)", |vm: &mut Vm, this: ThisFile, mut buffer: WritableBytes| -> PyResult {
        let count = FileIo::read_into(this, vm, &mut buffer);
        buffer.finish(vm)?;
        count_or_none(vm, count?)
    })
    .doc("Reads into a buffer; gives how many bytes there were."),
    method("write", "($self, b, /)", |vm: &mut Vm, this: ThisFile, data: BytesLike| -> PyResult {
        let count = FileIo::write_some(this, vm, &data)?;
        // A signal may have cut it short: its handler runs before anything else does.
        vm.answer_signals()?;
        count_or_none(vm, count)
    })
    .doc("Writes bytes; gives how many the system took."),
    method("seek", "($self, pos, whence=0, /)", |vm: &mut Vm, this: ThisFile, offset: Index, whence: Option<i32>| {
        FileIo::seek_to(this, vm, offset.0, whence.unwrap_or(0))
    })
    .doc("Moves the position."),
    method("tell", "($self, /)", |vm: &mut Vm, this: ThisFile| FileIo::seek_to(this, vm, 0, libc::SEEK_CUR))
        .doc("The position."),
    method("truncate", "($self, size=None, /)", |vm: &mut Vm, this: ThisFile, size: Size| -> PyResult<i64> {
        let fd = this.open(vm)?;
        if !this.mode.writes {
            return Err(raise_unsupported(vm, "File not open for writing"));
        }
        let size = match size.0 {
            Some(size) => size,
            None => descriptor::seek(fd, 0, libc::SEEK_CUR).or_raise(vm)?,
        };
        vm.wait_for(|| fs::truncate_descriptor(fd, size))?.or_raise(vm)?;
        Ok(size)
    })
    .doc("Gives the file a size; the position stays."),
    method("seekable", "($self, /)", |vm: &mut Vm, mut this: ThisFile| -> PyResult<bool> {
        let fd = this.open(vm)?;
        let seekable = this.seekable.unwrap_or_else(|| descriptor::seek(fd, 0, libc::SEEK_CUR).is_ok());
        this.seekable = Some(seekable);
        Ok(seekable)
    })
    .doc("Can the position be moved?"),
    method("readable", "($self, /)", |vm: &mut Vm, this: ThisFile| this.open(vm).map(|_| this.mode.reads))
        .doc("Was it opened for reading?"),
    method("writable", "($self, /)", |vm: &mut Vm, this: ThisFile| this.open(vm).map(|_| this.mode.writes))
        .doc("Was it opened for writing?"),
    method("fileno", "($self, /)", |vm: &mut Vm, this: ThisFile| this.open(vm)).doc("The descriptor."),
    method("isatty", "($self, /)", |vm: &mut Vm, this: ThisFile| this.open(vm).map(terminal::is_terminal))
        .doc("Is it a terminal?"),
    method("_dealloc_warn", "($self, source, /)", |vm: &mut Vm, this: ThisFile, source: Value| {
        warn_of_unclosed(vm, this, source);
    })
    .doc("Warns of a file that nobody closed."),
    method("__getstate__", "($self, /)", refuse_state).doc("It cannot be pickled."),
];

const GETTERS: &[GetSetRow] = &[
    field("closed", |this: ThisFile| this.fd < 0).doc("Was it closed?"),
    field("closefd", |this: ThisFile| this.closes_fd).doc("Does closing it close the descriptor?"),
    field("mode", |this: ThisFile| this.mode.name()).doc("How it was opened."),
    field("_blksize", |this: ThisFile| this.block_bytes).doc("What the system likes to be read at once."),
];

impl FileIo {
    /// The descriptor; ValueError where it is closed.
    fn open(&self, vm: &mut Vm) -> PyResult<i32> {
        if self.fd < 0 { Err(vm.raise_value("I/O operation on closed file")) } else { Ok(self.fd) }
    }

    pub fn is_closed(&self) -> bool {
        self.fd < 0
    }

    /// Reads bytes that are there; `None` where there are none yet.
    pub fn read_into(this: ThisFile, vm: &mut Vm, buffer: &mut [u8]) -> PyResult<Option<usize>> {
        let fd = this.readable(vm)?;
        unflushed::settle(vm, Touched::Descriptor(fd));
        let count = vm.wait_for(|| descriptor::read(fd, buffer))?;
        if would_block(&count) { Ok(None) } else { count.or_raise(vm).map(Some) }
    }

    /// Writes as many bytes as the system takes; `None` where it takes none now.
    pub fn write_some(this: ThisFile, vm: &mut Vm, data: &[u8]) -> PyResult<Option<usize>> {
        let fd = this.open(vm)?;
        if !this.mode.writes {
            return Err(raise_unsupported(vm, "File not open for writing"));
        }
        if vm.out.keep(fd, data) {
            return Ok(Some(data.len()));
        }
        let count = vm.wait_for(|| descriptor::write(fd, data))?;
        if would_block(&count) { Ok(None) } else { count.or_raise(vm).map(Some) }
    }

    pub fn seek_to(this: ThisFile, vm: &mut Vm, offset: i64, whence: i32) -> PyResult<i64> {
        let fd = this.open(vm)?;
        descriptor::seek(fd, offset, whence).or_raise(vm)
    }

    /// Is it open, and for writing?
    pub fn is_writable(&self) -> bool {
        self.fd >= 0 && self.mode.writes
    }

    pub fn descriptor(&self) -> Option<i32> {
        (self.fd >= 0).then_some(self.fd)
    }

    pub fn block_bytes(&self) -> i64 {
        self.block_bytes
    }

    /// The mode, as its attribute has it.
    pub fn mode(&self) -> FileMode {
        self.mode
    }

    fn readable(&self, vm: &mut Vm) -> PyResult<i32> {
        let fd = self.open(vm)?;
        if self.mode.reads { Ok(fd) } else { Err(raise_unsupported(vm, "File not open for reading")) }
    }
}

/// Is it the error of a file that has nothing to give, or takes nothing, at the moment?
fn would_block<T>(result: &HostResult<T>) -> bool {
    matches!(result, Err(error) if error.errno == libc::EAGAIN)
}

fn count_or_none(vm: &mut Vm, count: Option<usize>) -> PyResult {
    Ok(count.map_or(Value::NONE, |count| vm.new_int_from_usize(count)))
}

/// Memory of the system's for so many bytes.
fn room(vm: &mut Vm, len: usize) -> PyResult<Vec<u8>> {
    let mut room = Vec::new();
    if room.try_reserve_exact(len).is_err() {
        return Err(vm.raise_memory());
    }
    room.resize(len, 0);
    Ok(room)
}

fn read(vm: &mut Vm, this: ThisFile, size: Size) -> PyResult {
    let fd = this.readable(vm)?;
    let Some(size) = size.0.and_then(|size| usize::try_from(size).ok()) else {
        return super::call(vm, this.value(), "readall", &[]);
    };
    let mut buffer = room(vm, size)?;
    let count = vm.wait_for(|| descriptor::read(fd, &mut buffer))?;
    if would_block(&count) {
        return Ok(Value::NONE);
    }
    let count = count.or_raise(vm)?;
    vm.new_bytes(&buffer[..count])
}

/// Room for what is left of a regular file and a byte more, by which its end is seen.
fn likely_bytes(fd: i32) -> usize {
    let left = |size: i64| Some(size - descriptor::seek(fd, 0, libc::SEEK_CUR).ok()?);
    match fs::status(fd).ok().and_then(|status| left(status.st_size)) {
        Some(left) if left > 0 => (left as usize).saturating_add(1),
        _ => DEFAULT_BUFFER_BYTES,
    }
}

pub fn read_all(vm: &mut Vm, this: ThisFile) -> PyResult {
    let fd = this.open(vm)?;
    let (mut all, mut n_read) = (NewBytes::with_room(vm, likely_bytes(fd))?, 0);
    loop {
        let room = all.room().len();
        if n_read == room {
            all.grow(vm, room + room.max(DEFAULT_BUFFER_BYTES))?;
        }
        let free = &mut all.room()[n_read..];
        let count = vm.wait_for(|| descriptor::read(fd, free))?;
        if would_block(&count) {
            return if n_read == 0 { Ok(Value::NONE) } else { all.finish(vm, n_read) };
        }
        match count.or_raise(vm)? {
            0 => return all.finish(vm, n_read),
            count => n_read += count,
        }
    }
}

/// Closes the descriptor even where what the base does fails.
fn close(vm: &mut Vm, mut this: ThisFile) -> PyResult<()> {
    let base = base::close(vm, this.value());
    let fd = std::mem::replace(&mut this.fd, -1);
    if fd < 0 || !this.closes_fd {
        return base;
    }
    let closed = descriptor::close(fd);
    base?;
    match closed {
        // It is closed all the same.
        Err(error) if error.errno == libc::EINTR => Ok(()),
        closed => closed.or_raise(vm),
    }
}

/// Warns that nobody closed the stream which `source` is.
fn warn_of_unclosed(vm: &mut Vm, this: ThisFile, source: Value) {
    if this.fd < 0 || !this.closes_fd {
        return;
    }
    let shown = vm.repr_or_unknown(source);
    if vm.warn(vm.exceptions.ResourceWarning, &format!("unclosed file {shown}")).is_err() {
        vm.write_unraisable(&format!("Exception ignored while finalizing file {shown}"), Value::NONE);
    }
}

fn finalize(vm: &mut Vm, stream: Value) -> PyResult<()> {
    if let Some(this) = ThisFile::of(vm, stream) {
        if this.fd < 0 {
            return Ok(());
        }
        warn_of_unclosed(vm, this, stream);
    }
    base::finalize(vm, stream)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisFile) -> PyResult<()> {
    let class = vm.class_name(this.value());
    if this.fd < 0 {
        out.push_str(&format!("<{class} [closed]>"));
        return Ok(());
    }
    let closes = if this.closes_fd { "True" } else { "False" };
    let name = vm.intern("name");
    match vm.get_attr_opt(this.value(), name)? {
        Some(name) => {
            out.push_str(&format!("<{class} name="));
            super::write_repr_inside(vm, out, this.value(), name)?;
        }
        None => out.push_str(&format!("<{class} fd={}", this.fd)),
    }
    out.push_str(&format!(" mode='{}' closefd={closes}>", this.mode.name()));
    Ok(())
}
