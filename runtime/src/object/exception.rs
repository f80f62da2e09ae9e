//! Exceptions: their classes, raising, tracebacks.
//!
//! An exception is an instance whose first five slots are reserved: those below, which have no names.

mod fields;

pub use fields::Fill;

use super::class::class_ref;
use super::layout::*;
use super::types::BuiltinType;
use crate::builtins::exception_fields::field;
use crate::interp::frame::Frame;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub const ARGS: usize = 0;
pub const TRACEBACK: usize = 1;
pub const CONTEXT: usize = 2;
pub const CAUSE: usize = 3;
pub const SUPPRESS_CONTEXT: usize = 4;
const RESERVED: usize = 5;

macro_rules! exception_classes {
    ($($name:ident($base:ident): $doc:literal;)*) => {
        /// The built-in exception classes.
        #[expect(non_snake_case, reason = "the names are Python's")]
        #[derive(Clone, Copy)]
        pub struct ExceptionClasses { pub BaseException: *mut TypeObject, $(pub $name: *mut TypeObject,)* }
        impl ExceptionClasses {
            pub const fn unset() -> ExceptionClasses {
                ExceptionClasses { BaseException: std::ptr::null_mut(), $($name: std::ptr::null_mut(),)* }
            }
            /// All, with their names.
            pub fn all(&self) -> Vec<(&'static str, *mut TypeObject)> {
                vec![("BaseException", self.BaseException), $((stringify!($name), self.$name),)*]
            }
        }
        impl Vm {
            pub(crate) fn make_exception_classes(&mut self) {
                self.exceptions.BaseException = self.make_base_exception();
                $(self.exceptions.$name = self.make_exception_class(stringify!($name), self.exceptions.$base, $doc);)*
            }
        }
    };
}

exception_classes! {
    Exception(BaseException): "The base of all exceptions that programs are meant to handle.";
    GeneratorExit(BaseException): "Raised inside a generator that is being closed.";
    KeyboardInterrupt(BaseException): "The user interrupted the program.";
    SystemExit(BaseException): "A request to end the program.";
    BaseExceptionGroup(BaseException): "Several exceptions together.";
    ExceptionGroup(BaseExceptionGroup): "Several exceptions together, each of them an Exception.";
    ArithmeticError(Exception): "The base of arithmetic errors.";
    FloatingPointError(ArithmeticError): "A floating-point operation failed.";
    OverflowError(ArithmeticError): "A result is too large to be had.";
    ZeroDivisionError(ArithmeticError): "A division by zero.";
    AssertionError(Exception): "An assertion does not hold.";
    AttributeError(Exception): "There is no such attribute.";
    BufferError(Exception): "A buffer cannot be had or changed.";
    EOFError(Exception): "The input ended where more was wanted.";
    ImportError(Exception): "A module, or a name in it, cannot be imported.";
    ModuleNotFoundError(ImportError): "There is no such module.";
    LookupError(Exception): "The base of errors of looking something up.";
    IndexError(LookupError): "An index is out of range.";
    KeyError(LookupError): "There is no such key.";
    MemoryError(Exception): "There is no memory left.";
    NameError(Exception): "There is no variable of that name.";
    UnboundLocalError(NameError): "A local variable has no value yet.";
    OSError(Exception): "A call into the operating system failed.";
    BlockingIOError(OSError): "An operation would have to wait.";
    ChildProcessError(OSError): "An operation on a child process failed.";
    ConnectionError(OSError): "The base of errors of connections.";
    BrokenPipeError(ConnectionError): "Nobody reads from the pipe or socket any more.";
    ConnectionAbortedError(ConnectionError): "A connection was aborted.";
    ConnectionRefusedError(ConnectionError): "A connection was refused.";
    ConnectionResetError(ConnectionError): "A connection was reset.";
    FileExistsError(OSError): "The file exists already.";
    FileNotFoundError(OSError): "There is no such file.";
    InterruptedError(OSError): "A signal interrupted the call.";
    IsADirectoryError(OSError): "A file was wanted, and it is a directory.";
    NotADirectoryError(OSError): "A directory was wanted, and it is none.";
    PermissionError(OSError): "The permission for it is missing.";
    ProcessLookupError(OSError): "There is no such process.";
    TimeoutError(OSError): "Time ran out.";
    ReferenceError(Exception): "The object of a weak reference is gone.";
    RuntimeError(Exception): "An error of no other kind.";
    NotImplementedError(RuntimeError): "A method is for subclasses to define.";
    PythonFinalizationError(RuntimeError): "Too late: the interpreter is shutting down.";
    RecursionError(RuntimeError): "Calls are nested too deeply.";
    StopIteration(Exception): "An iterator has no more items.";
    StopAsyncIteration(Exception): "An asynchronous iterator has no more items.";
    SyntaxError(Exception): "The source is not valid.";
    IndentationError(SyntaxError): "The indentation is not valid.";
    TabError(IndentationError): "Tabs and spaces are mixed in a way that can be read differently.";
    SystemError(Exception): "An error inside the interpreter.";
    TypeError(Exception): "A value of another type was wanted.";
    ValueError(Exception): "A value of the right type, but not a fitting one.";
    UnicodeError(ValueError): "The base of errors of encoding and decoding text.";
    UnicodeDecodeError(UnicodeError): "Bytes cannot be decoded.";
    UnicodeEncodeError(UnicodeError): "Text cannot be encoded.";
    UnicodeTranslateError(UnicodeError): "Text cannot be translated.";
    Warning(Exception): "The base of warnings.";
    BytesWarning(Warning): "A warning about bytes and text being mixed.";
    DeprecationWarning(Warning): "A warning about what will go away.";
    EncodingWarning(Warning): "A warning about encodings.";
    FutureWarning(Warning): "A warning about what will mean something else.";
    ImportWarning(Warning): "A warning about imports.";
    PendingDeprecationWarning(Warning): "A warning about what will be deprecated.";
    ResourceWarning(Warning): "A warning about how resources are used.";
    RuntimeWarning(Warning): "A warning about doubtful behaviour at run time.";
    SyntaxWarning(Warning): "A warning about doubtful syntax.";
    UnicodeWarning(Warning): "A warning about text.";
    UserWarning(Warning): "A warning of a program's own.";
}

impl Vm {
    fn make_exception_class(&mut self, text: &str, base: *mut TypeObject, doc: &str) -> *mut TypeObject {
        let name = self.intern(text);
        let namespace = self.new_dict();
        let doc = self.new_str(doc);
        self.dict_set_name(namespace, self.names.__doc__, doc);
        let bases: &[Value] = if base == self.exceptions.BaseExceptionGroup {
            &[Value::object(base), Value::object(self.exceptions.Exception)]
        } else {
            &[Value::object(base)]
        };
        let class =
            self.new_class(self.class(BuiltinType::Type), name, bases, namespace).expect("exception classes are sound");
        class_ref(class).flags = TypeObject::EXCEPTION | TypeObject::IMMUTABLE | TypeObject::HAS_DICT;
        self.roots.push(Value::object(class));
        self.add_fields(class, text);
        class
    }

    /// Gives instances of BaseException the slots that all exceptions have.
    fn make_base_exception(&mut self) -> *mut TypeObject {
        let class = self.class(BuiltinType::BaseException);
        let reserved = vec![Value::UNBOUND; RESERVED];
        let shape = self.shapes.add_root(class, BuiltinType::BaseException, RESERVED as u16 + 2, reserved, RESERVED);
        class_ref(class).instance_shape = shape;
        class_ref(class).flags |= TypeObject::EXCEPTION | TypeObject::HAS_DICT;
        class
    }

    /// An exception object with these arguments, and with the fields that they are of a built-in class.
    pub fn new_exception(&mut self, class: *mut TypeObject, arguments: &[Value]) -> PyResult<Value> {
        let exception = self.new_bare_exception(class, arguments)?;
        if class_ref(class).solid != self.exceptions.BaseException {
            self.fill_fields(exception, arguments)?;
        }
        Ok(exception)
    }

    /// An exception object with these arguments, whose fields are not set.
    pub fn new_bare_exception(&mut self, class: *mut TypeObject, arguments: &[Value]) -> PyResult<Value> {
        let exception = self.new_instance(class)?;
        let arguments = self.new_tuple(arguments);
        let initial = [arguments, Value::NONE, Value::NONE, Value::NONE, Value::FALSE];
        for (slot, value) in initial.into_iter().enumerate() {
            // SAFETY: instances of exception classes have the reserved slots.
            unsafe { self.store_slot(exception, slot, value) };
        }
        Ok(exception)
    }

    /// A reserved slot of an exception.
    pub fn exception_slot(&self, exception: Value, slot: usize) -> Value {
        // SAFETY: callers pass exceptions, which have the reserved slots.
        unsafe { *self.slot_address(exception, slot) }
    }
    pub fn set_exception_slot(&mut self, exception: Value, slot: usize, value: Value) {
        // SAFETY: as above.
        unsafe { self.store_slot(exception, slot, value) };
    }
    pub fn is_exception(&self, value: Value) -> bool {
        value.is_object() && class_ref(self.class_of(value)).flags & TypeObject::EXCEPTION != 0
    }
    pub fn is_exception_class(&self, value: Value) -> bool {
        self.has_layout(value, BuiltinType::Type) && class_ref(value.as_ptr()).flags & TypeObject::EXCEPTION != 0
    }

    /// Raises an exception object.
    pub fn raise_value_object(&mut self, exception: Value) -> Raised {
        let handled = self.handled;
        if !handled.is_none() && handled != exception && self.exception_slot(exception, CONTEXT).is_none() {
            self.break_context_cycle(exception, handled);
            self.set_exception_slot(exception, CONTEXT, handled);
        }
        self.exception = exception;
        Raised
    }

    /// Before `exception` gets the context `handled`: takes it out of that chain.
    fn break_context_cycle(&mut self, exception: Value, handled: Value) {
        let mut at = handled;
        while !at.is_none() {
            let next = self.exception_slot(at, CONTEXT);
            if next == exception {
                self.set_exception_slot(at, CONTEXT, Value::NONE);
                return;
            }
            at = next;
        }
    }

    pub fn raise_with(&mut self, class: *mut TypeObject, arguments: &[Value]) -> Raised {
        match self.new_exception(class, arguments) {
            Ok(exception) => self.raise_value_object(exception),
            Err(raised) => raised,
        }
    }
    pub fn raise(&mut self, class: *mut TypeObject, message: &str) -> Raised {
        let message = self.new_str(message);
        self.raise_with(class, &[message])
    }
    /// As `raise`, with one field set.
    pub fn raise_with_field(&mut self, class: *mut TypeObject, message: &str, field: usize, value: Value) -> Raised {
        let raised = self.raise(class, message);
        // Where there was no memory for it, it is another one.
        if self.exception_matches(class) {
            self.set_exception_field(self.exception, field, value);
        }
        raised
    }
    pub fn raise_type(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.TypeError, message)
    }
    pub fn raise_value(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.ValueError, message)
    }
    pub fn raise_index(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.IndexError, message)
    }
    pub fn raise_attribute(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.AttributeError, message)
    }
    pub fn raise_name(&mut self, name: Value) -> Raised {
        let message = format!("name '{}' is not defined", super::string::str_to_string(name));
        self.raise_with_field(self.exceptions.NameError, &message, field::NAME_NAME, name)
    }
    pub fn raise_key(&mut self, key: Value) -> Raised {
        self.raise_with(self.exceptions.KeyError, &[key])
    }
    pub fn raise_zero_division(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.ZeroDivisionError, message)
    }
    pub fn raise_overflow(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.OverflowError, message)
    }
    pub fn raise_runtime(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.RuntimeError, message)
    }
    pub fn raise_not_implemented(&mut self, message: &str) -> Raised {
        self.raise(self.exceptions.NotImplementedError, message)
    }
    pub fn raise_memory(&mut self) -> Raised {
        self.raise_with(self.exceptions.MemoryError, &[])
    }
    pub fn raise_recursion(&mut self) -> Raised {
        // Making and handling the exception needs a little of what is nearly used up.
        let limit = std::mem::replace(&mut self.native_stack_limit, 0);
        let raised = self.raise(self.exceptions.RecursionError, "maximum recursion depth exceeded");
        self.native_stack_limit = limit;
        raised
    }
    pub fn raise_stop_iteration(&mut self, value: Value) -> Raised {
        if value.is_none() {
            self.raise_with(self.exceptions.StopIteration, &[])
        } else {
            self.raise_with(self.exceptions.StopIteration, &[value])
        }
    }

    /// Takes the pending exception.
    pub fn take_exception(&mut self) -> Value {
        std::mem::replace(&mut self.exception, Value::UNBOUND)
    }
    pub fn clear_exception(&mut self) {
        self.exception = Value::UNBOUND;
    }
    /// Is the pending exception an instance of the class?
    pub fn exception_matches(&self, class: *mut TypeObject) -> bool {
        !self.exception.is_unbound() && self.is_instance(self.exception, class)
    }

    /// The value of a StopIteration.
    pub fn stop_iteration_value(&self, exception: Value) -> Value {
        self.exception_field(exception, field::STOP_VALUE).unwrap_or(Value::NONE)
    }

    /// Adds a traceback entry for the frame that the exception passes.
    pub fn add_traceback(&mut self, exception: Value, frame: *mut Frame) {
        // SAFETY: a live frame of live code.
        if unsafe { (*(*frame).code).is_hidden() } {
            return;
        }
        // SAFETY: a live frame, whose `ip` was saved.
        let (code, index) = unsafe { ((*frame).code_object, Frame::instruction_index(frame)) };
        // SAFETY: a live code object.
        let line = unsafe { &*(*frame).code }.positions.get(index).map_or(-1, |p| p.line);
        let next = self.exception_slot(exception, TRACEBACK);
        let entry = self.make(BuiltinType::Traceback, |header| TracebackObject {
            header,
            next,
            code: Value::object(code),
            instruction: index as u32,
            line,
        });
        self.set_exception_slot(exception, TRACEBACK, entry);
    }

    /// What `raise x` raises: an exception object, or an instance made of a class.
    pub fn exception_from(&mut self, value: Value) -> PyResult<Value> {
        if self.is_exception(value) {
            return Ok(value);
        }
        if self.is_exception_class(value) {
            let exception = self.call(value, &[])?;
            if self.is_exception(exception) {
                return Ok(exception);
            }
            let message = format!(
                "calling {} should have returned an instance of BaseException, not {}",
                self.type_name(value.as_ptr()),
                self.class_name(exception)
            );
            return Err(self.raise_type(&message));
        }
        Err(self.raise_type("exceptions must derive from BaseException"))
    }
}
