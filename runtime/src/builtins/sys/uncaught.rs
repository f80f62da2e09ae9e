//! Exceptions that nobody catches are shown by the library's `traceback`, and by text of our own where that cannot be had: in a
//! machine without the library, and where memory or the program's own modules do not allow it.

use crate::embed::format_exception;
use crate::object::argument::This;
use crate::object::exception::TRACEBACK;
use crate::object::layout::{CodeObject, TracebackObject};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// A source that is no file: tracebacks show its lines.
pub struct ShownSource {
    pub filename: String,
    pub text: String,
    /// Has the library been told of it?
    pub is_registered: bool,
}

impl Vm {
    /// Writes an exception to `sys.stderr`, with its traceback.
    pub(crate) fn show_exception(&mut self, exception: Value) {
        // The library would turn to stdout.
        if matches!(self.standard_stream("stderr"), Ok(None)) {
            return;
        }
        self.clear_exception();
        if self.library.is_some() {
            match self.show_by_library(exception) {
                Ok(()) => return,
                Err(_) => self.clear_exception(),
            }
        }
        let text = format_exception(self, exception);
        self.write_error(&text);
    }

    /// Writes an exception to a stream, with its traceback.
    pub fn show_exception_on(&mut self, exception: Value, file: Value) -> PyResult<()> {
        if self.library.is_some() {
            match self.show_on_by_library(exception, file) {
                Ok(()) => return Ok(()),
                Err(_) => self.clear_exception(),
            }
        }
        let (text, write) = (format_exception(self, exception), self.intern("write"));
        let text = self.new_str(&text);
        self.call_method(file, write, &[text]).map(|_| ())
    }

    fn show_on_by_library(&mut self, exception: Value, file: Value) -> PyResult<()> {
        self.register_sources(exception)?;
        let print = self.library_function("traceback", "print_exception")?;
        let (class, traceback) = (Value::object(self.class_of(exception)), self.exception_slot(exception, TRACEBACK));
        let traceback = if traceback.is_object() { traceback } else { Value::NONE };
        self.call(print, &[class, exception, traceback, Value::NONE, file]).map(|_| ())
    }

    fn show_by_library(&mut self, exception: Value) -> PyResult<()> {
        self.register_sources(exception)?;
        let print = self.library_function("traceback", "_print_exception_bltin")?;
        self.call(print, &[exception]).map(|_| ())
    }

    fn library_function(&mut self, module: &str, name: &str) -> PyResult {
        let (module, name) = (self.import_dotted(module)?, self.intern(name));
        self.get_attr(module, name)
    }

    /// Tells `linecache` of the sources that are no files, by the code that the exception went through first.
    fn register_sources(&mut self, exception: Value) -> PyResult<()> {
        let Some(entry) = This::<TracebackObject>::of(self, self.exception_slot(exception, TRACEBACK)) else {
            return Ok(());
        };
        let code = This::<CodeObject>::expect(self, entry.code);
        let filename = self.string_of(code.filename);
        let Some(at) = self.sources.iter().position(|source| source.filename == filename && !source.is_registered)
        else {
            return Ok(());
        };
        let register = self.library_function("linecache", "_register_code")?;
        self.sources[at].is_registered = true;
        let text = self.new_str(&self.sources[at].text.clone());
        self.call(register, &[code.value(), text, code.filename]).map(|_| ())
    }
}
