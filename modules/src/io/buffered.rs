//! Streams of bytes over raw ones, which read ahead and keep back what is written.
//!
//! ```text
//!   ahead:    | read, and given out | read ahead … |          raw's position is at the end of it
//!                                   at
//!   pending:  | written, and kept back … |                    raw's position is where it will be written
//! ```
//!
//! Of the two at most one has anything in it: before it is written to, a stream goes back over what it read ahead, and before
//! it is read, it writes what it kept back.

mod common;
mod pair;
mod random;
mod raw;
mod reader;
mod writer;

pub use common::chain;
pub use pair::BUFFERED_PAIR;
pub use random::BUFFERED_RANDOM;
pub use reader::BUFFERED_READER;
pub use writer::BUFFERED_WRITER;

use super::file_io::{FILE_IO, FileIo};
use super::unflushed::{self, Mark};
use super::{DEFAULT_BUFFER_BYTES, base};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Buffered {
    header: Header,
    /// The stream below; unbound before `__init__`, and once it was given away.
    raw: Value,
    ahead: Vec<u8>,
    at: usize,
    pending: Vec<u8>,
    /// How much is read ahead, or kept back.
    size_bytes: usize,
    /// Raw's position, where it is known.
    raw_position: Option<i64>,
    state: State,
    /// The thread for which something goes on in raw, which may get back here.
    holder: Option<u64>,
    is_finalizing: bool,
    /// Where it may keep back what is written to a file.
    mark: Option<Mark>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Ready,
    Detached,
}

// SAFETY: `#[repr(C)]` with the header first; the four types have it for their memory.
unsafe impl Object for Buffered {
    const SPEC: &'static TypeSpec = &BUFFERED_READER;
    const ALSO: &'static [&'static TypeSpec] = &[&BUFFERED_WRITER, &BUFFERED_RANDOM];
}

pub type ThisBuffered = This<Buffered>;

const LAYOUT: Layout = Layout::of::<Buffered>(1).finalized_by(|object| {
    // SAFETY: a dead object, which has its buffers for itself.
    unsafe {
        (*object.cast::<Buffered>()).ahead = Vec::new();
        (*object.cast::<Buffered>()).pending = Vec::new();
        (*object.cast::<Buffered>()).mark = None;
    }
});

fn new(vm: &mut Vm, class: *mut TypeObject) -> PyResult {
    vm.new_object(class, |header| Buffered {
        header,
        raw: Value::UNBOUND,
        ahead: Vec::new(),
        at: 0,
        pending: Vec::new(),
        size_bytes: DEFAULT_BUFFER_BYTES,
        raw_position: None,
        state: State::New,
        holder: None,
        is_finalizing: false,
        mark: None,
    })
}

impl Buffered {
    /// The exact object of one of the types that a value is.
    pub fn exact(vm: &Vm, value: Value) -> Option<ThisBuffered> {
        let spec = vm.exact_spec(value)?;
        let specs = [&BUFFERED_READER, &BUFFERED_WRITER, &BUFFERED_RANDOM];
        if specs.iter().any(|known| std::ptr::eq(*known, spec)) { ThisBuffered::of(vm, value) } else { None }
    }

    /// Takes a stream to lie on.
    fn start(mut this: ThisBuffered, vm: &mut Vm, raw: Value, size: Option<i64>) -> PyResult<()> {
        let size = size.unwrap_or(DEFAULT_BUFFER_BYTES as i64);
        this.state = State::New;
        if size <= 0 {
            return Err(vm.raise_value("buffer size must be strictly positive"));
        }
        // That much is asked for as it is needed; what can never be had is told of now.
        if Vec::<u8>::new().try_reserve_exact(size as usize).is_err() {
            return Err(vm.raise_memory());
        }
        (this.ahead, this.pending, this.at) = (Vec::new(), Vec::new(), 0);
        (this.size_bytes, this.raw, this.raw_position) = (size as usize, raw, None);
        this.state = State::Ready;
        if this.mark.is_none() && this.file(vm).is_some_and(|file| file.is_writable()) {
            this.mark = Some(unflushed::note(vm, this.pointer().cast()));
        }
        vm.barrier(this.pointer());
        Ok(())
    }

    fn check_ready(&self, vm: &mut Vm) -> PyResult<()> {
        match self.state {
            State::Ready => Ok(()),
            State::Detached => Err(vm.raise_value("raw stream has been detached")),
            State::New => Err(vm.raise_value("I/O operation on uninitialized object")),
        }
    }

    /// Raw, where it is a file with no class of Python's.
    fn file(&self, vm: &Vm) -> Option<This<FileIo>> {
        let is_file = vm.exact_spec(self.raw).is_some_and(|spec| std::ptr::eq(spec, &FILE_IO));
        if is_file { This::<FileIo>::of(vm, self.raw) } else { None }
    }

    pub fn is_closed(this: ThisBuffered, vm: &mut Vm) -> PyResult<bool> {
        this.check_ready(vm)?;
        match this.file(vm) {
            Some(file) => Ok(file.is_closed()),
            None => base::is_closed(vm, this.raw),
        }
    }

    /// ValueError where it is closed: the message says what cannot be done.
    fn check_open(this: ThisBuffered, vm: &mut Vm, message: &str) -> PyResult<()> {
        if Buffered::is_closed(this, vm)? { Err(vm.raise_value(message)) } else { Ok(()) }
    }

    /// Was something written that is not handed on yet?
    pub fn keeps_back(&self) -> bool {
        self.state == State::Ready && !self.pending.is_empty()
    }

    /// The descriptor of the file that it lies on.
    pub fn descriptor(this: ThisBuffered, vm: &Vm) -> Option<i32> {
        this.file(vm).and_then(|file| file.descriptor())
    }

    /// What was read ahead.
    fn unread(&self) -> &[u8] {
        &self.ahead[self.at..]
    }

    fn forget_ahead(&mut self) {
        self.ahead.clear();
        self.at = 0;
    }

    /// Has raw to itself while `work` is done, which may run Python code; other threads wait.
    fn alone<T>(mut this: ThisBuffered, vm: &mut Vm, work: impl FnOnce(&mut Vm) -> PyResult<T>) -> PyResult<T> {
        while let Some(holder) = this.holder
            && holder != vm.thread_number()
            && vm.is_thread(holder)
            && !vm.is_finalizing
        {
            vm.wait_on(this.pointer() as usize, None)?;
        }
        if this.holder == Some(vm.thread_number()) {
            let shown = vm.repr(this.value())?;
            let shown = vm.string_of(shown);
            return Err(vm.raise_runtime(&format!("reentrant call inside {shown}")));
        }
        this.holder = Some(vm.thread_number());
        let done = work(vm);
        this.holder = None;
        vm.wake(this.pointer() as usize);
        done
    }

    /// Writes what was kept back, and goes back over what was read ahead.
    fn settle(this: ThisBuffered, vm: &mut Vm) -> PyResult<()> {
        Buffered::write_pending(this, vm)?;
        Buffered::rewind(this, vm)
    }

    /// Goes back over what was read ahead.
    fn rewind(mut this: ThisBuffered, vm: &mut Vm) -> PyResult<()> {
        let unread = this.unread().len();
        if unread > 0 {
            Buffered::raw_seek(this, vm, -(unread as i64), libc::SEEK_CUR)?;
        }
        this.forget_ahead();
        Ok(())
    }
}
