//! What all buffered streams over one raw stream have.

use super::{Buffered, State, ThisBuffered};
use crate::io::base::{self, check_able};
use crate::io::size::Size;
use crate::io::{call, raise_unsupported, refuse_state};
use stitch_runtime::object::argument::method;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::spec::{GetSetRow, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub(super) const METHODS: [NativeRow; 10] = [
    method("close", "($self, /)", |vm: &mut Vm, this: ThisBuffered| Buffered::close(this, vm))
        .doc("Flushes and closes it, with the raw stream."),
    method("detach", "($self, /)", |vm: &mut Vm, mut this: ThisBuffered| -> PyResult {
        this.check_ready(vm)?;
        call(vm, this.value(), "flush", &[])?;
        this.state = State::Detached;
        Ok(std::mem::replace(&mut this.raw, Value::UNBOUND))
    })
    .doc("Gives the raw stream away; nothing can be done with this one any more."),
    method("seek", "($self, target, whence=0, /)", seek).doc("Moves the position."),
    method("tell", "($self, /)", |vm: &mut Vm, this: ThisBuffered| Buffered::tell(this, vm)).doc("The position."),
    method("truncate", "($self, pos=None, /)", truncate).doc("Gives the file a size; the position stays."),
    method("seekable", "($self, /)", |vm: &mut Vm, this: ThisBuffered| ask(vm, this, "seekable"))
        .doc("Can the position be moved?"),
    method("fileno", "($self, /)", |vm: &mut Vm, this: ThisBuffered| ask(vm, this, "fileno")).doc("The descriptor."),
    method("isatty", "($self, /)", |vm: &mut Vm, this: ThisBuffered| ask(vm, this, "isatty")).doc("Is it a terminal?"),
    method("_dealloc_warn", "($self, source, /)", |vm: &mut Vm, this: ThisBuffered, source: Value| {
        warn_of_unclosed(vm, this, source);
    })
    .doc("Warns of a stream that nobody closed."),
    method("__getstate__", "($self, /)", refuse_state).doc("It cannot be pickled."),
];

pub(super) const GETTERS: &[GetSetRow] = &[
    field("raw", |this: ThisBuffered| if this.raw.is_unbound() { Value::NONE } else { this.raw })
        .doc("The stream below."),
    field("closed", |vm: &mut Vm, this: ThisBuffered| -> PyResult {
        this.check_ready(vm)?;
        attribute(vm, this, "closed")
    })
    .doc("Was it closed?"),
    field("name", |vm: &mut Vm, this: ThisBuffered| -> PyResult {
        this.check_ready(vm)?;
        attribute(vm, this, "name")
    })
    .doc("What the raw stream is called."),
    field("mode", |vm: &mut Vm, this: ThisBuffered| -> PyResult {
        this.check_ready(vm)?;
        attribute(vm, this, "mode")
    })
    .doc("How the raw stream was opened."),
    field("_finalizing", |this: ThisBuffered| this.is_finalizing).doc("Is it being finalized?"),
];

fn attribute(vm: &mut Vm, this: ThisBuffered, name: &str) -> PyResult {
    let name = vm.intern(name);
    vm.get_attr(this.raw, name)
}

/// What a method of the raw stream gives.
pub(super) fn ask(vm: &mut Vm, this: ThisBuffered, method: &str) -> PyResult {
    this.check_ready(vm)?;
    call(vm, this.raw, method, &[])
}

impl Buffered {
    pub fn tell(this: ThisBuffered, vm: &mut Vm) -> PyResult<i64> {
        this.check_ready(vm)?;
        let position = Buffered::raw_tell(this, vm)?;
        Ok((position - this.unread().len() as i64 + this.pending.len() as i64).max(0))
    }

    pub fn seek(mut this: ThisBuffered, vm: &mut Vm, target: i64, whence: i32) -> PyResult<i64> {
        Buffered::check_open(this, vm, "seek of closed file")?;
        if this.file(vm).is_none() {
            check_able(vm, this.raw, "seekable", "File or stream is not seekable.")?;
        }
        // Within what was read ahead nothing has to be asked of raw.
        if whence != libc::SEEK_END && !this.ahead.is_empty() && this.pending.is_empty() {
            let end = match this.raw_position {
                Some(position) => position,
                None => Buffered::raw_tell(this, vm)?,
            };
            let here = end - this.unread().len() as i64;
            let offset = if whence == libc::SEEK_SET { target - here } else { target };
            if offset >= -(this.at as i64) && offset <= this.unread().len() as i64 {
                this.at = (this.at as i64 + offset) as usize;
                // Devices tell positions that are not true.
                return Ok((here + offset).max(0));
            }
        }
        Buffered::alone(this, vm, |vm| {
            Buffered::write_pending(this, vm)?;
            let unread = this.unread().len() as i64;
            let target = if whence == libc::SEEK_CUR { target - unread } else { target };
            let position = Buffered::raw_seek(this, vm, target, whence)?;
            let mut this = this;
            this.forget_ahead();
            Ok(position)
        })
    }

    pub fn close(mut this: ThisBuffered, vm: &mut Vm) -> PyResult<()> {
        if Buffered::is_closed(this, vm)? {
            return Ok(());
        }
        if this.is_finalizing {
            warn_of_unclosed(vm, this, this.value());
        }
        let flushed = call(vm, this.value(), "flush", &[]);
        let error = if flushed.is_err() { Some(vm.take_exception()) } else { None };
        // Who writes meanwhile finds it closed.
        let closed = Buffered::alone(this, vm, |vm| call(vm, this.raw, "close", &[]).map(drop));
        (this.ahead, this.pending, this.at) = (Vec::new(), Vec::new(), 0);
        if closed.is_ok() {
            this.mark = None;
        }
        chain(vm, error, closed)
    }
}

/// The outcome of a step that was done although the one before failed, with an error that is the other's context then.
pub fn chain(vm: &mut Vm, error: Option<Value>, outcome: PyResult<()>) -> PyResult<()> {
    match (error, outcome) {
        (None, outcome) => outcome,
        (Some(error), Ok(())) => Err(vm.raise_value_object(error)),
        (Some(error), Err(Raised)) => {
            let second = vm.take_exception();
            let name = vm.intern("__context__");
            vm.set_attr(second, name, error)?;
            Err(vm.raise_value_object(second))
        }
    }
}

/// Has raw warn that nobody closed the stream which `source` is.
fn warn_of_unclosed(vm: &mut Vm, this: ThisBuffered, source: Value) {
    if this.state == State::Ready && call(vm, this.raw, "_dealloc_warn", &[source]).is_err() {
        vm.clear_exception();
    }
}

pub(super) fn finalize(vm: &mut Vm, stream: Value) -> PyResult<()> {
    if let Some(mut this) = ThisBuffered::of(vm, stream) {
        if this.state != State::Ready {
            return Ok(());
        }
        this.is_finalizing = true;
    }
    base::finalize(vm, stream)
}

fn seek(vm: &mut Vm, this: ThisBuffered, target: Value, whence: Option<i32>) -> PyResult<i64> {
    let whence = whence.unwrap_or(0);
    this.check_ready(vm)?;
    // Holes and data can be looked for, too.
    if !(0..=2).contains(&whence) && whence != libc::SEEK_HOLE && whence != libc::SEEK_DATA {
        return Err(vm.raise_value(&format!("whence value {whence} unsupported")));
    }
    Buffered::check_open(this, vm, "seek of closed file")?;
    check_able(vm, this.raw, "seekable", "File or stream is not seekable.")?;
    let target = vm.index_i64(target)?;
    Buffered::seek(this, vm, target, whence)
}

fn truncate(vm: &mut Vm, mut this: ThisBuffered, size: Size) -> PyResult {
    Buffered::check_open(this, vm, "truncate of closed file")?;
    if vm.is_of_spec(this.value(), &super::BUFFERED_READER) {
        return Err(raise_unsupported(vm, "truncate"));
    }
    Buffered::alone(this, vm, |vm| {
        Buffered::settle(this, vm)?;
        this.raw_position = None;
        let size = size.0.map_or(Value::NONE, |size| vm.new_int(size));
        call(vm, this.raw, "truncate", &[size])
    })
}

pub(super) fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisBuffered) -> PyResult<()> {
    let (class, name) = (vm.class_name(this.value()), vm.intern("name"));
    let name = match vm.get_attr_opt(this.value(), name) {
        Ok(name) => name,
        Err(Raised) if vm.exception_matches(vm.exceptions.ValueError) => {
            vm.clear_exception();
            None
        }
        Err(raised) => return Err(raised),
    };
    match name {
        None => out.push_str(&format!("<{class}>")),
        Some(name) => {
            out.push_str(&format!("<{class} name="));
            crate::io::write_repr_inside(vm, out, this.value(), name)?;
            out.push_str(">");
        }
    }
    Ok(())
}

impl Buffered {
    /// Can it be read, be written, be moved? `None`: that is raw's to say, which is no file.
    pub fn abilities(this: ThisBuffered, vm: &mut Vm) -> PyResult<Option<[bool; 3]>> {
        this.check_ready(vm)?;
        let Some(file) = this.file(vm) else { return Ok(None) };
        let seeks = ask(vm, this, "seekable")?;
        let mode = file.mode();
        // A stream that keeps back cannot be read, whatever its file can, and the other way round.
        let spec = vm.exact_spec(this.value());
        let is = |other| spec.is_some_and(|spec| std::ptr::eq(spec, other));
        let reads = mode.reads && !is(&super::BUFFERED_WRITER);
        let writes = mode.writes && !is(&super::BUFFERED_READER);
        Ok(Some([reads, writes, vm.is_true(seeks)?]))
    }
}
