//! `TextIOWrapper`: text over a stream of bytes.
//!
//! UTF-8, ASCII and Latin-1 are read and written in place, by slices of bytes (`ahead`): a line is found before it is decoded,
//! and the position in the file is known at any time. Other encodings, and bytes that are no text, go through a decoder in
//! Python (`decoded`), with cookies that say where it stood.

mod ahead;
mod codec;
mod decoded;
mod init;
mod position;
mod read;
mod write;

use super::base;
use super::buffered::{Buffered, ThisBuffered, chain};
use super::line_end::LineEnd;
use super::newlines::Seen;
use super::text_base::TEXT_IO_BASE;
use super::unflushed::Mark;
use super::{call, raise_closed, refuse_state};
use ahead::Ahead;
use codec::Plain;
use decoded::Decoded;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, Str, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct TextIo {
    header: Header,
    /// The stream below; unbound before `__init__`, and once it was given away.
    buffer: Value,
    encoding: Value,
    errors: Value,
    /// Objects of Python's codecs, where they are needed; else unbound.
    encoder: Value,
    decoder: Value,
    /// What the decoder gave last; unbound: nothing.
    decoded_text: Value,
    /// The bytes that it was made of, those that the decoder had kept back included; unbound: it is not known.
    decoded_from: Value,
    decoded: Decoded,
    ahead: Ahead,
    pending: Vec<u8>,
    chunk_bytes: usize,
    /// The encoding, where it is one that needs no decoder.
    plain: Option<Plain>,
    line_end: LineEnd,
    seen: Seen,
    state: State,
    flags: Flags,
    /// Where it may keep back what is written to a file.
    mark: Option<Mark>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Ready,
    Detached,
}

#[derive(Clone, Copy, Default)]
struct Flags {
    is_readable: bool,
    is_writable: bool,
    is_seekable: bool,
    /// Is the position told? Not while lines are iterated over.
    tells: bool,
    has_read1: bool,
    line_buffering: bool,
    write_through: bool,
    is_finalizing: bool,
    /// A decoder in Python is at work, although the encoding needs none.
    decodes: bool,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for TextIo {
    const SPEC: &'static TypeSpec = &TEXT_IO;
}

pub type ThisText = This<TextIo>;

/// How much is read at once.
const CHUNK_BYTES: usize = 8192;

pub static TEXT_IO: TypeSpec = TypeSpec {
    name: "TextIOWrapper",
    module: "_io",
    doc: "Text over a stream of bytes.",
    base: Some(&TEXT_IO_BASE),
    layout: Some(Layout::of::<TextIo>(7).finalized_by(|object| {
        // SAFETY: a dead object, which has its buffers for itself.
        unsafe {
            (*object.cast::<TextIo>()).ahead = Ahead::default();
            (*object.cast::<TextIo>()).pending = Vec::new();
            (*object.cast::<TextIo>()).mark = None;
        }
    })),
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    slots: Slots {
        repr: slot(write_repr),
        next: slot(read::next),
        finalize: Some(|vm, stream| {
            if let Some(mut this) = ThisText::of(vm, stream) {
                if this.state != State::Ready {
                    return Ok(());
                }
                this.flags.is_finalizing = true;
            }
            base::finalize(vm, stream)
        }),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<TextIo>, _: Rest, _: Keywords| {
                vm.new_object(class.class, |header| TextIo {
                    header,
                    buffer: Value::UNBOUND,
                    encoding: Value::UNBOUND,
                    errors: Value::UNBOUND,
                    encoder: Value::UNBOUND,
                    decoder: Value::UNBOUND,
                    decoded_text: Value::UNBOUND,
                    decoded_from: Value::UNBOUND,
                    decoded: Decoded::default(),
                    ahead: Ahead::default(),
                    pending: Vec::new(),
                    chunk_bytes: CHUNK_BYTES,
                    plain: None,
                    line_end: LineEnd::Translated,
                    seen: Seen::default(),
                    state: State::New,
                    flags: Flags::default(),
                    mark: None,
                })
            },
        )
        .doc("A new one."),
    ),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method(
        "__init__",
        "($self, /, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
        init::init,
    )
    .doc("Takes a stream of bytes, how text is encoded and lines end, and when it is written."),
    method(
        "reconfigure",
        "($self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)",
        init::reconfigure,
    )
    .doc("Changes what is given."),
    method("read", "($self, size=-1, /)", read::read).doc("So much text, or all that is to come."),
    method("readline", "($self, size=-1, /)", read::read_line).doc("The next line with its end; empty at the end."),
    method("write", "($self, text, /)", |vm: &mut Vm, this: ThisText, text: Value| -> PyResult<usize> {
        this.check_attached(vm)?;
        let Some(text) = Str::of(vm, text) else {
            let given = vm.class_name(text);
            return Err(vm.raise_type(&format!("write() argument must be str, not {given}")));
        };
        TextIo::write(this, vm, text)?;
        Ok(text.object().len)
    })
    .doc("Writes text; gives how much."),
    method("seek", "($self, cookie, whence=0, /)", position::seek).doc("Goes to where tell was, or the end."),
    method("tell", "($self, /)", position::tell).doc("A number by which seek gets back here."),
    method("truncate", "($self, pos=None, /)", |vm: &mut Vm, this: ThisText, size: Option<Value>| -> PyResult {
        this.check_attached(vm)?;
        call(vm, this.value(), "flush", &[])?;
        call(vm, this.buffer, "truncate", &[size.unwrap_or(Value::NONE)])
    })
    .doc("Gives the file a size."),
    method("flush", "($self, /)", |vm: &mut Vm, this: ThisText| TextIo::flush(this, vm))
        .doc("Writes what was kept back."),
    method("close", "($self, /)", close).doc("Flushes and closes it, with the stream below."),
    method("detach", "($self, /)", |vm: &mut Vm, mut this: ThisText| -> PyResult {
        this.check_attached(vm)?;
        call(vm, this.value(), "flush", &[])?;
        this.state = State::Detached;
        Ok(std::mem::replace(&mut this.buffer, Value::UNBOUND))
    })
    .doc("Gives the stream below away; nothing can be done with this one any more."),
    method("fileno", "($self, /)", |vm: &mut Vm, this: ThisText| ask(vm, this, "fileno")).doc("The descriptor."),
    method("seekable", "($self, /)", |vm: &mut Vm, this: ThisText| ask(vm, this, "seekable"))
        .doc("Can the position be moved?"),
    method("readable", "($self, /)", |vm: &mut Vm, this: ThisText| ask(vm, this, "readable")).doc("Can it be read?"),
    method("writable", "($self, /)", |vm: &mut Vm, this: ThisText| ask(vm, this, "writable")).doc("Can it be written?"),
    method("isatty", "($self, /)", |vm: &mut Vm, this: ThisText| ask(vm, this, "isatty")).doc("Is it a terminal?"),
    method("__getstate__", "($self, /)", refuse_state).doc("It cannot be pickled."),
];

const GETTERS: &[GetSetRow] = &[
    field("buffer", |vm: &mut Vm, this: ThisText| this.check_ready(vm).map(|()| or_none(this.buffer)))
        .doc("The stream below."),
    field("encoding", |vm: &mut Vm, this: ThisText| this.check_ready(vm).map(|()| or_none(this.encoding)))
        .doc("How text is encoded."),
    field("errors", |vm: &mut Vm, this: ThisText| this.check_ready(vm).map(|()| or_none(this.errors)))
        .doc("What is done about errors of the encoding."),
    field("newlines", |vm: &mut Vm, this: ThisText| -> PyResult {
        this.check_attached(vm)?;
        TextIo::newlines(this, vm)
    })
    .doc("The line ends that were read."),
    field("line_buffering", |vm: &mut Vm, this: ThisText| this.check_ready(vm).map(|()| this.flags.line_buffering))
        .doc("Is each line written at once?"),
    field("write_through", |vm: &mut Vm, this: ThisText| this.check_ready(vm).map(|()| this.flags.write_through))
        .doc("Is everything handed on at once?"),
    field("closed", |vm: &mut Vm, this: ThisText| -> PyResult { attribute(vm, this, "closed") }).doc("Was it closed?"),
    field("name", |vm: &mut Vm, this: ThisText| -> PyResult { attribute(vm, this, "name") })
        .doc("What the stream below is called."),
    field("_finalizing", |this: ThisText| this.flags.is_finalizing).doc("Is it being finalized?"),
    field("_CHUNK_SIZE", |vm: &mut Vm, this: ThisText| this.check_attached(vm).map(|()| this.chunk_bytes))
        .set_by(|vm: &mut Vm, mut this: ThisText, size: Option<Value>| -> PyResult<()> {
            this.check_attached(vm)?;
            let Some(size) = size else { return Err(vm.raise_attribute("cannot delete attribute")) };
            match usize::try_from(vm.index_i64(size)?) {
                Ok(size) if size > 0 => this.chunk_bytes = size,
                _ => return Err(vm.raise_value("a strictly positive integer is required")),
            }
            Ok(())
        })
        .doc("How many bytes are read at once."),
];

fn or_none(value: Value) -> Value {
    if value.is_unbound() { Value::NONE } else { value }
}

fn attribute(vm: &mut Vm, this: ThisText, name: &str) -> PyResult {
    this.check_attached(vm)?;
    let name = vm.intern(name);
    vm.get_attr(this.buffer, name)
}

fn ask(vm: &mut Vm, this: ThisText, method: &str) -> PyResult {
    this.check_attached(vm)?;
    call(vm, this.buffer, method, &[])
}

impl TextIo {
    /// The exact object of the type that a value is.
    #[inline]
    pub fn exact(vm: &Vm, value: Value) -> Option<ThisText> {
        let is_exact = vm.exact_spec(value).is_some_and(|spec| std::ptr::eq(spec, &TEXT_IO));
        if is_exact { ThisText::of(vm, value) } else { None }
    }

    fn check_ready(&self, vm: &mut Vm) -> PyResult<()> {
        match self.state {
            State::New => Err(vm.raise_value("I/O operation on uninitialized object")),
            State::Ready | State::Detached => Ok(()),
        }
    }

    fn check_attached(&self, vm: &mut Vm) -> PyResult<()> {
        match self.state {
            State::Ready => Ok(()),
            State::New => Err(vm.raise_value("I/O operation on uninitialized object")),
            State::Detached => Err(vm.raise_value("underlying buffer has been detached")),
        }
    }

    /// The stream below, where it is one of ours with no class of Python's.
    #[inline]
    fn own_buffer(&self, vm: &Vm) -> Option<ThisBuffered> {
        Buffered::exact(vm, self.buffer)
    }

    /// The stream of ours below, and whether it or this one keeps back what was written.
    pub fn kept_back(this: ThisText, vm: &Vm) -> Option<(ThisBuffered, bool)> {
        let buffer = this.own_buffer(vm).filter(|_| this.state == State::Ready)?;
        Some((buffer, !this.pending.is_empty() || buffer.keeps_back()))
    }

    fn check_open(this: ThisText, vm: &mut Vm) -> PyResult<()> {
        this.check_attached(vm)?;
        let is_closed = match (TextIo::exact(vm, this.value()), this.own_buffer(vm)) {
            (Some(_), Some(buffer)) => Buffered::is_closed(buffer, vm)?,
            _ => base::is_closed(vm, this.value())?,
        };
        if is_closed { Err(raise_closed(vm)) } else { Ok(()) }
    }

    pub fn flush(mut this: ThisText, vm: &mut Vm) -> PyResult<()> {
        TextIo::check_open(this, vm)?;
        this.flags.tells = this.flags.is_seekable;
        TextIo::write_pending(this, vm)?;
        match this.own_buffer(vm) {
            Some(buffer) if this.flags.is_writable => Buffered::flush(buffer, vm),
            _ => call(vm, this.buffer, "flush", &[]).map(drop),
        }
    }
}

fn close(vm: &mut Vm, mut this: ThisText) -> PyResult<()> {
    this.check_attached(vm)?;
    if base::is_closed(vm, this.value())? {
        return Ok(());
    }
    if this.state == State::Detached {
        return Ok(());
    }
    if this.flags.is_finalizing && call(vm, this.buffer, "_dealloc_warn", &[this.value()]).is_err() {
        vm.clear_exception();
    }
    let flushed = call(vm, this.value(), "flush", &[]);
    let error = if flushed.is_err() { Some(vm.take_exception()) } else { None };
    let closed = call(vm, this.buffer, "close", &[]).map(drop);
    if error.is_none() && closed.is_ok() {
        this.mark = None;
    }
    chain(vm, error, closed)
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisText) -> PyResult<()> {
    this.check_ready(vm)?;
    let class = vm.class_name(this.value());
    out.push_str(&format!("<{class}"));
    for name in ["name", "mode"] {
        let key = vm.intern(name);
        let found = match vm.get_attr_opt(this.value(), key) {
            Err(Raised) if vm.exception_matches(vm.exceptions.ValueError) => {
                vm.clear_exception();
                None
            }
            found => found?,
        };
        if let Some(found) = found {
            out.push_str(&format!(" {name}="));
            super::write_repr_inside(vm, out, this.value(), found)?;
        }
    }
    let encoding = vm.repr(or_none(this.encoding))?;
    out.push_str(&format!(" encoding={}>", vm.string_of(encoding)));
    Ok(())
}
