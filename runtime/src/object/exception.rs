//! Exceptions: their classes, raising, tracebacks.
//!
//! An exception is an instance whose first five slots are reserved: those below, which have no names.

mod classes;
mod fields;

pub use classes::{ExceptionClasses, kinds};
pub use fields::Fields;

use super::argument::This;
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

/// What a new exception has in its reserved slots.
pub const fn initial_slots(arguments: Value) -> [Value; RESERVED] {
    [arguments, Value::NONE, Value::NONE, Value::NONE, Value::FALSE]
}

impl Vm {
    /// Gives instances of BaseException the slots that all exceptions have.
    pub(in crate::object) fn make_base_exception(&mut self) -> *mut TypeObject {
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
        for (slot, value) in initial_slots(arguments).into_iter().enumerate() {
            // SAFETY: instances of exception classes have the reserved slots.
            unsafe { self.store_slot(exception, slot, value) };
        }
        Ok(exception)
    }

    /// A reserved slot of an exception: a bug of what is none.
    pub fn exception_slot(&self, exception: Value, slot: usize) -> Value {
        assert!(self.is_exception(exception), "only exceptions have these slots");
        // SAFETY: exceptions have the reserved slots.
        unsafe { *self.slot_address(exception, slot) }
    }
    pub fn set_exception_slot(&mut self, exception: Value, slot: usize, value: Value) {
        assert!(self.is_exception(exception), "only exceptions have these slots");
        // SAFETY: as above.
        unsafe { self.store_slot(exception, slot, value) };
    }
    pub fn is_exception(&self, value: Value) -> bool {
        value.is_object() && class_ref(self.class_of(value)).flags & TypeObject::EXCEPTION != 0
    }
    pub fn is_exception_class(&self, value: Value) -> bool {
        self.is_a::<TypeObject>(value) && class_ref(value.as_ptr()).flags & TypeObject::EXCEPTION != 0
    }

    /// Raises an exception object, which keeps the context that it has.
    pub fn raise_value_object(&mut self, exception: Value) -> Raised {
        if self.exception_slot(exception, CONTEXT).is_none() {
            self.set_context(exception);
        }
        self.exception = exception;
        Raised
    }

    /// Raises an exception object as `raise` does: its context is what is being handled now, whatever it was.
    pub(crate) fn raise_anew(&mut self, exception: Value) -> Raised {
        self.set_context(exception);
        self.exception = exception;
        Raised
    }

    /// The context of an exception that is about to be raised: what is being handled.
    pub(crate) fn set_context(&mut self, exception: Value) {
        let handled = self.handled;
        if !handled.is_none() && handled != exception {
            self.break_context_cycle(exception, handled);
            self.set_exception_slot(exception, CONTEXT, handled);
        }
    }

    /// As `raise error from cause`, where the cause was raised meanwhile.
    pub(crate) fn set_cause(&mut self, error: Value, cause: Value) {
        self.set_exception_slot(error, CAUSE, cause);
        self.set_exception_slot(error, CONTEXT, cause);
        self.set_exception_slot(error, SUPPRESS_CONTEXT, Value::TRUE);
    }

    /// Before `exception` gets the context `handled`: takes it out of that chain. The chain may be a cycle already, which
    /// shows when the exception that was met after a power of two of steps is met again.
    fn break_context_cycle(&mut self, exception: Value, handled: Value) {
        let (mut at, mut met) = (handled, handled);
        let (mut steps, mut limit) = (0_u64, 1);
        while !at.is_none() {
            let next = self.exception_slot(at, CONTEXT);
            if next == exception {
                self.set_exception_slot(at, CONTEXT, Value::NONE);
                return;
            }
            if next == met {
                return;
            }
            steps += 1;
            if steps == limit {
                (met, limit) = (next, limit * 2);
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
    /// Adds a note to the pending exception.
    pub fn note_on_exception(&mut self, text: &str) -> Raised {
        let exception = self.take_exception();
        let (method, note) = (self.intern("add_note"), self.new_str(text));
        match self.call_method(exception, method, &[note]) {
            Ok(_) => {
                self.exception = exception;
                Raised
            }
            Err(raised) => raised,
        }
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
        let message = format!("name '{}' is not defined", self.string_of(name));
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
        let (code, globals, index) =
            unsafe { ((*frame).code_object, (*frame).globals, Frame::instruction_index(frame)) };
        // SAFETY: a live frame's code object.
        unsafe { self.add_traceback_of(exception, code, globals, index) };
    }

    /// The newest entry of an exception's traceback.
    pub(crate) fn newest_entry(&mut self, exception: Value) -> Option<This<TracebackObject>> {
        let entry = self.exception_slot(exception, TRACEBACK);
        This::of(self, entry)
    }

    /// Adds an entry for an instruction of a code object that runs with these globals.
    ///
    /// # Safety
    /// The code object is alive.
    pub(crate) unsafe fn add_traceback_of(
        &mut self,
        exception: Value,
        code: *mut CodeObject,
        globals: Value,
        index: usize,
    ) -> This<TracebackObject> {
        // SAFETY: a live code object, whose code lives as long.
        let line = unsafe { &*(*code).code }.positions().get(index).map_or(-1, |p| p.line);
        let next = self.exception_slot(exception, TRACEBACK);
        let entry = self.make(BuiltinType::Traceback, |header| TracebackObject {
            header,
            next,
            code: Value::object(code),
            globals,
            frame: Value::UNBOUND,
            variables: Value::UNBOUND,
            outer: Value::UNBOUND,
            instruction: index as u32,
            line,
            is_over: false,
        });
        self.set_exception_slot(exception, TRACEBACK, entry);
        if let Some(mut inner) = This::<TracebackObject>::of(self, next).filter(|inner| inner.is_over)
            && inner.outer.is_unbound()
        {
            inner.outer = entry;
            self.barrier(inner.pointer());
        }
        This::expect(self, entry)
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
                self.repr_or_unknown(value),
                self.repr_or_unknown(Value::object(self.class_of(exception)))
            );
            return Err(self.raise_type(&message));
        }
        Err(self.raise_type("exceptions must derive from BaseException"))
    }
}
