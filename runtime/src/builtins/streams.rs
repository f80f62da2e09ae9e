//! The standard streams. A crate of native modules makes them; the VM's own functions write to them without a call of a method.

use crate::object::argument::Str;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// How the standard streams are opened.
#[derive(Clone, Debug, Default)]
pub struct StreamOptions {
    /// Output and error are written at once.
    pub is_unbuffered: bool,
    /// `None`: UTF-8.
    pub encoding: Option<String>,
    /// Of input and output; `None`: strict.
    pub errors: Option<String>,
}

/// What the module `_io` does for the VM.
pub trait Streams: Sync {
    /// The stream of text of a standard descriptor: 0, 1 or 2; None where that is closed.
    fn open_standard(&self, vm: &mut Vm, fd: i32, options: &StreamOptions) -> PyResult;
    /// The function `open`.
    fn open_function(&self, vm: &mut Vm) -> PyResult;
    /// Is it a stream that the methods below are for?
    fn knows(&self, vm: &mut Vm, stream: Value) -> bool;
    fn write(&self, vm: &mut Vm, stream: Value, text: Str) -> PyResult<()>;
    fn write_ascii(&self, vm: &mut Vm, stream: Value, text: &[u8]) -> PyResult<()>;
    fn flush(&self, vm: &mut Vm, stream: Value) -> PyResult<()>;
}

/// Something to write to.
#[derive(Clone, Copy)]
pub enum Target {
    /// A stream that `Vm::streams` knows.
    Known(&'static dyn Streams, Value),
    /// Anything with `write`.
    Other(Value),
}

impl Target {
    pub fn of(vm: &mut Vm, stream: Value) -> Target {
        let streams = vm.streams;
        match streams {
            Some(streams) if streams.knows(vm, stream) => Target::Known(streams, stream),
            _ => Target::Other(stream),
        }
    }

    pub fn write(self, vm: &mut Vm, text: Str) -> PyResult<()> {
        match self {
            Target::Known(streams, stream) => streams.write(vm, stream, text),
            Target::Other(stream) => vm.call_method(stream, vm.names.write, &[text.value()]).map(drop),
        }
    }

    pub fn write_ascii(self, vm: &mut Vm, text: &[u8]) -> PyResult<()> {
        match self {
            Target::Known(streams, stream) => streams.write_ascii(vm, stream, text),
            Target::Other(stream) => {
                let text = vm.str_from_latin1(text);
                vm.call_method(stream, vm.names.write, &[text]).map(drop)
            }
        }
    }

    pub fn flush(self, vm: &mut Vm) -> PyResult<()> {
        match self {
            Target::Known(streams, stream) => streams.flush(vm, stream),
            Target::Other(stream) => vm.call_method(stream, vm.names.flush, &[]).map(drop),
        }
    }
}

const NAMES: [[&str; 2]; 3] = [["stdin", "__stdin__"], ["stdout", "__stdout__"], ["stderr", "__stderr__"]];

impl Vm {
    /// Opens the standard streams. They live as long as the VM, and are never closed by it.
    pub fn open_streams(&mut self, streams: &'static dyn Streams, options: &StreamOptions) -> PyResult<()> {
        self.streams = Some(streams);
        let sys = self.import_dotted("sys")?;
        for (fd, names) in (0..).zip(NAMES) {
            let stream = streams.open_standard(self, fd, options)?;
            self.roots.push(stream);
            for name in names {
                self.set_module_entry(sys, name, stream);
            }
        }
        let (name, open, builtins) = (self.intern("open"), streams.open_function(self)?, self.builtins);
        self.dict_set_name(builtins, name, open);
        Ok(())
    }

    /// A stream of `sys`; `None` where it was set to None.
    pub fn standard_stream(&mut self, name: &str) -> PyResult<Option<Value>> {
        let key = self.intern(name);
        match self.sys_entry(key) {
            Some(stream) if stream.is_none() => Ok(None),
            Some(stream) => Ok(Some(stream)),
            None => Err(self.raise_runtime(&format!("lost sys.{name}"))),
        }
    }

    /// Writes to `sys.stderr`, wherever that leads; errors are of no interest.
    pub fn write_error(&mut self, text: &str) {
        let Ok(Some(stream)) = self.standard_stream("stderr") else {
            return self.clear_exception();
        };
        self.flush_quietly("stdout");
        let text = self.new_str(text);
        let target = Target::of(self, stream);
        let written = self.text_of(text).and_then(|text| target.write(self, text)).and_then(|()| target.flush(self));
        if written.is_err() {
            self.clear_exception();
        }
    }

    fn flush_quietly(&mut self, name: &str) {
        if self.flush_standard(name).is_err() {
            self.clear_exception();
        }
    }

    /// Flushes a stream of `sys`, if it is open.
    fn flush_standard(&mut self, name: &str) -> PyResult<()> {
        let key = self.intern(name);
        let Some(stream) = self.sys_entry(key).filter(|stream| !stream.is_none()) else { return Ok(()) };
        let closed = self.intern("closed");
        let is_closed = match self.get_attr_opt(stream, closed)? {
            Some(closed) => self.is_true(closed)?,
            None => false,
        };
        if is_closed { Ok(()) } else { Target::of(self, stream).flush(self) }
    }

    /// At the end of a program: what was written gets where it is to go. False: some of it cannot.
    pub fn flush_standard_streams(&mut self) -> bool {
        let mut is_written = true;
        if let Err(Raised) = self.flush_standard("stdout") {
            self.write_unraisable("Exception ignored while flushing sys.stdout", Value::NONE);
            is_written = false;
        }
        if self.flush_standard("stderr").is_err() {
            self.clear_exception();
            is_written = false;
        }
        is_written
    }
}
