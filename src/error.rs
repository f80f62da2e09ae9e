//! What goes wrong.

use std::fmt;
use std::rc::Rc;

use stitch_runtime::embed::keeper::Closed;
use stitch_runtime::{Raised, Value, Vm};

use crate::context::Context;
use crate::object::Object;

/// What most of this crate gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An exception: one that a program raised and did not catch, or one to be raised.
    Exception,
    /// The program wants the process to exit with this status (SystemExit).
    Exit(u8),
    /// The program has used up its time or its fuel.
    LimitReached,
    /// The machine has been dropped.
    Gone,
    /// The machine is in the midst of something: it was called from a conversion or a destructor at a time when it cannot be.
    Busy,
    /// The machine panicked, which is a bug of stitch. It cannot be used any more.
    Broken,
    /// The object belongs to another machine.
    OtherMachine,
    /// The thread has less than 512 KiB of native stack left.
    NoStack,
}

/// An entry of a traceback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// As it was compiled: a path, or a name such as `<string>`.
    pub file: String,
    /// Counted from 1; 0 where it is not known.
    pub line: u32,
    /// The function's name; `<module>` outside of functions.
    pub function: String,
}

/// What went wrong: an exception with its traceback, or a misuse of this crate.
///
/// ```
/// let machine = stitch::Machine::new()?;
/// let error = machine.exec("def f(x):\n    return 1 / x\n\nf(0)").unwrap_err();
/// assert_eq!(error.class(), "ZeroDivisionError");
/// assert_eq!(error.message(), "division by zero");
/// let lines: Vec<_> = error.frames().iter().map(|frame| (frame.function.as_str(), frame.line)).collect();
/// assert_eq!(lines, [("<module>", 4), ("f", 2)]);
/// assert!(error.traceback().ends_with("ZeroDivisionError: division by zero\n"));
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone)]
pub struct Error(Box<Parts>);

#[derive(Clone)]
struct Parts {
    kind: ErrorKind,
    class: String,
    message: String,
    traceback: String,
    frames: Vec<Frame>,
    exception: Option<Object>,
}

impl Error {
    /// An exception to be raised: of a built-in class by its name, or RuntimeError where there is no such exception.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// machine.function("check", |n: i64| {
    ///     if n < 0 { Err(stitch::Error::new("ValueError", "negative")) } else { Ok(n) }
    /// })?;
    /// machine.exec("try: check(-1)\nexcept ValueError as error: text = str(error)")?;
    /// assert_eq!(machine.get("text")?.extract::<String>()?, "negative");
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn new(class: &str, message: impl Into<String>) -> Error {
        Error::of_kind(ErrorKind::Exception, class, message.into())
    }

    /// TypeError.
    pub fn type_error(message: impl Into<String>) -> Error {
        Error::new("TypeError", message)
    }

    /// ValueError.
    pub fn value_error(message: impl Into<String>) -> Error {
        Error::new("ValueError", message)
    }

    fn of_kind(kind: ErrorKind, class: &str, message: String) -> Error {
        let class = class.to_owned();
        Error(Box::new(Parts { kind, class, message, traceback: String::new(), frames: Vec::new(), exception: None }))
    }

    pub(crate) fn other_machine() -> Error {
        Error::of_kind(ErrorKind::OtherMachine, "RuntimeError", "the object belongs to another machine".into())
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The name of the exception's class, with its module where that is neither `builtins` nor `__main__`. Of a misuse:
    /// `RuntimeError`.
    pub fn class(&self) -> &str {
        &self.0.class
    }

    /// `str` of the exception.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The traceback as text, with what the exception came from, as CPython prints it. It ends with a newline.
    pub fn traceback(&self) -> String {
        if self.0.traceback.is_empty() {
            let Parts { class, message, .. } = &*self.0;
            return if message.is_empty() { format!("{class}\n") } else { format!("{class}: {message}\n") };
        }
        self.0.traceback.clone()
    }

    /// The entries of the traceback, the outermost first.
    pub fn frames(&self) -> &[Frame] {
        &self.0.frames
    }

    /// The exception object, where there is one.
    pub fn exception(&self) -> Option<&Object> {
        self.0.exception.as_ref()
    }

    /// Is it an exception of a class of this name, or of one that derives from it?
    pub fn is(&self, class: &str) -> bool {
        let derives = |exception: &Object| exception.is_instance(&exception.context().builtin(class)?);
        self.0.class == class || self.0.exception.as_ref().is_some_and(|it| derives(it).unwrap_or(false))
    }

    /// Takes the exception that a VM raised.
    pub(crate) fn take(context: &Context, vm: &mut Vm) -> Error {
        let exception = vm.take_exception();
        let class = vm.full_class_name(exception);
        let class = class.strip_prefix("__main__.").map_or(class.clone(), str::to_owned);
        let message = vm.str_string(exception).unwrap_or_else(|Raised| "<exception str() failed>".into());
        vm.clear_exception();
        let kind = match class.as_str() {
            _ if vm.is_instance(exception, vm.exceptions.SystemExit) => ErrorKind::Exit(vm.status_of_exit(exception)),
            "stitch.LimitReached" => ErrorKind::LimitReached,
            _ => ErrorKind::Exception,
        };
        let frames = vm.traceback_entries(exception).into_iter();
        let frames = frames.map(|(file, function, line)| Frame { file, function, line }).collect();
        let traceback = vm.exception_text(exception);
        vm.clear_exception();
        Error(Box::new(Parts { kind, class, message, traceback, frames, exception: Some(context.keep(exception)) }))
    }

    /// Raises it in a VM, as the same object where it is an exception of that.
    pub(crate) fn raise(self, context: &Context, vm: &mut Vm) -> Raised {
        if let Some(exception) = self.0.exception.as_ref().filter(|it| Rc::ptr_eq(&it.context().0, &context.0)) {
            return vm.raise_value_object(exception.value());
        }
        let named = vm.builtin(&self.0.class);
        let class = if vm.is_exception_class(named) { named } else { vm.builtin("RuntimeError") };
        let message = if self.0.message.is_empty() { None } else { Some(vm.new_str(&self.0.message)) };
        let arguments: &[Value] = message.as_slice();
        match vm.call(class, arguments) {
            Ok(exception) if vm.is_exception(exception) => vm.raise_value_object(exception),
            Ok(_) => vm.raise_runtime(&self.0.message),
            Err(raised) => raised,
        }
    }

    /// With text in front of the message: where it went wrong.
    pub(crate) fn at(mut self, place: &str) -> Error {
        self.0.message = format!("{place}: {}", self.0.message);
        (self.0.exception, self.0.traceback) = (None, String::new());
        self
    }
}

impl From<Closed> for Error {
    fn from(closed: Closed) -> Error {
        let (kind, message) = match closed {
            Closed::Gone => (ErrorKind::Gone, "the machine is gone"),
            Closed::Busy => (ErrorKind::Busy, "the machine is busy"),
            Closed::Broken => (ErrorKind::Broken, "the machine has panicked, which is a bug of stitch"),
            Closed::NoStack => (ErrorKind::NoStack, "the thread has too little stack left"),
        };
        Error::of_kind(kind, "RuntimeError", message.into())
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        Error::new("OSError", error.to_string())
    }
}

impl From<String> for Error {
    fn from(message: String) -> Error {
        Error::new("RuntimeError", message)
    }
}

impl From<&str> for Error {
    fn from(message: &str) -> Error {
        Error::new("RuntimeError", message)
    }
}

/// The class and the message.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.class)?;
        if self.0.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.0.message) }
    }
}

/// The traceback, for programs whose `main` gives the error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.traceback().trim_end())
    }
}

impl std::error::Error for Error {}
