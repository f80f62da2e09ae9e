//! The functions of `sys.settrace` and `sys.setprofile`: each thread has its own, and they are told of in their own words.

use super::tell::Here;
use super::{Event, EventSet, PROFILE, TRACE};
use crate::object::argument::This;
use crate::object::exception::TRACEBACK;
use crate::object::layout::{FrameObject, NativeFunction};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// What trace functions are told of.
const TRACED: EventSet = EventSet::of(&[
    Event::PyStart,
    Event::PyResume,
    Event::PyThrow,
    Event::PyReturn,
    Event::PyYield,
    Event::PyUnwind,
    Event::Raise,
    Event::StopIteration,
    Event::Line,
    Event::Jump,
]);
/// What profile functions are told of.
const PROFILED: EventSet = EventSet::of(&[
    Event::PyStart,
    Event::PyResume,
    Event::PyThrow,
    Event::PyReturn,
    Event::PyYield,
    Event::PyUnwind,
    Event::Call,
]);

/// What functions are called for, as they are given it.
#[derive(Clone, Copy)]
pub enum Word {
    Call,
    Line,
    Return,
    Exception,
    Opcode,
    NativeCall,
    NativeReturn,
    NativeException,
}

/// By the words' numbers.
const TEXTS: [&str; N_WORDS] = ["call", "line", "return", "exception", "opcode", "c_call", "c_return", "c_exception"];
pub const N_WORDS: usize = 8;

impl Vm {
    /// Sets the running thread's trace function; unbound: none.
    pub(crate) fn set_trace(&mut self, function: Value) {
        self.thread.trace = function;
        self.functions_changed();
    }

    /// Sets the running thread's profile function; unbound: none.
    pub(crate) fn set_profile(&mut self, function: Value) {
        self.thread.profile = function;
        self.functions_changed();
    }

    /// Sets the trace function of every thread.
    pub(crate) fn set_trace_of_all(&mut self, function: Value) {
        self.threads.parked_mut().for_each(|thread| thread.trace = function);
        self.set_trace(function);
    }

    /// Sets the profile function of every thread.
    pub(crate) fn set_profile_of_all(&mut self, function: Value) {
        self.threads.parked_mut().for_each(|thread| thread.profile = function);
        self.set_profile(function);
    }

    /// Has code be watched for the functions that threads have.
    pub(crate) fn functions_changed(&mut self) {
        let is_traced =
            !self.thread.trace.is_unbound() || self.threads.parked().iter().any(|thread| !thread.trace.is_unbound());
        let is_profiled = !self.thread.profile.is_unbound()
            || self.threads.parked().iter().any(|thread| !thread.profile.is_unbound());
        if self.watchers.words[0].is_unbound() {
            self.watchers.words = TEXTS.map(|text| self.intern(text));
        }
        self.set_watched_events(TRACE, if is_traced { TRACED } else { EventSet::default() });
        self.set_watched_events(PROFILE, if is_profiled { PROFILED } else { EventSet::default() });
    }

    /// Has a frame's trace function be called at each instruction of its code, or no more.
    pub(crate) fn trace_instructions(&mut self, mut frame: This<FrameObject>, is_traced: bool) {
        frame.traces_instructions = is_traced;
        // SAFETY: a frame object's code is a code object.
        let code = unsafe { (*frame.code.as_ptr::<crate::object::layout::CodeObject>()).code };
        let events = if is_traced { EventSet::of(&[Event::Instruction]) } else { EventSet::default() };
        self.set_local_events(TRACE, code, events);
    }

    /// Tells the running thread's trace or profile function of an event.
    pub(super) fn tell_function(&mut self, tool: usize, event: Event, here: Here, arguments: &[Value]) -> PyResult<()> {
        if tool == PROFILE {
            return self.tell_profile(event, here, arguments);
        }
        if self.thread.trace.is_unbound() {
            return Ok(());
        }
        self.tell_trace(event, here, arguments)
    }

    fn tell_trace(&mut self, event: Event, here: Here, arguments: &[Value]) -> PyResult<()> {
        let last = arguments.last().copied().unwrap_or(Value::NONE);
        match event {
            Event::PyStart | Event::PyResume | Event::PyThrow => {
                let (function, frame) = (self.thread.trace, self.frame_object_at(here.frame));
                self.call_trace(function, frame, Word::Call, Value::NONE)
            }
            Event::PyReturn | Event::PyYield => self.call_local_trace(here, Word::Return, last),
            Event::PyUnwind => self.call_local_trace(here, Word::Return, Value::NONE),
            Event::Raise | Event::StopIteration => {
                // Where a generator has returned nothing, no exception would have been seen.
                let is_silent = event == Event::StopIteration && self.stop_iteration_value(last).is_none();
                if is_silent || self.traced_frame(here).is_none() {
                    return Ok(());
                }
                let class = Value::object(self.class_of(last));
                let traceback = self.exception_slot(last, TRACEBACK);
                let traceback = if traceback.is_object() { traceback } else { Value::NONE };
                let what = self.new_tuple(&[class, last, traceback]);
                self.call_local_trace(here, Word::Exception, what)
            }
            Event::Line => self.trace_line(here),
            // A line that is jumped back to from itself begins anew.
            Event::Jump if here.jumps_back_on_line() => self.trace_line(here),
            Event::Instruction if self.traced_frame(here).is_some_and(|frame| frame.traces_instructions) => {
                self.call_local_trace(here, Word::Opcode, Value::NONE)
            }
            _ => Ok(()),
        }
    }

    fn trace_line(&mut self, here: Here) -> PyResult<()> {
        match self.traced_frame(here) {
            Some(frame) if frame.traces_lines => self.call_trace(frame.trace, frame.value(), Word::Line, Value::NONE),
            _ => Ok(()),
        }
    }

    /// The frame's object, if it has a trace function.
    fn traced_frame(&mut self, here: Here) -> Option<This<FrameObject>> {
        let frame = self.known_object_at(here.frame)?;
        (!frame.trace.is_none()).then_some(frame)
    }

    fn call_local_trace(&mut self, here: Here, what: Word, argument: Value) -> PyResult<()> {
        match self.traced_frame(here) {
            Some(frame) => self.call_trace(frame.trace, frame.value(), what, argument),
            None => Ok(()),
        }
    }

    /// Calls a trace function for a frame, whose function from then on is what it gives. One that raises is not called again.
    fn call_trace(&mut self, function: Value, frame: Value, what: Word, argument: Value) -> PyResult<()> {
        let what = self.watchers.words[what as usize];
        let answer = self.call(function, &[frame, what, argument]);
        let mut frame = This::<FrameObject>::expect(self, frame);
        match answer {
            Ok(answer) if answer.is_none() || answer == frame.trace => {}
            Ok(answer) => {
                frame.trace = answer;
                self.barrier(frame.pointer());
            }
            Err(Raised) => {
                frame.trace = Value::NONE;
                self.set_trace(Value::UNBOUND);
                return Err(Raised);
            }
        }
        Ok(())
    }

    fn tell_profile(&mut self, event: Event, here: Here, arguments: &[Value]) -> PyResult<()> {
        if self.thread.profile.is_unbound() {
            return Ok(());
        }
        let last = arguments.last().copied().unwrap_or(Value::NONE);
        let (what, argument) = match event {
            Event::PyStart | Event::PyResume | Event::PyThrow => (Word::Call, Value::NONE),
            Event::PyReturn | Event::PyYield => (Word::Return, last),
            Event::PyUnwind => (Word::Return, Value::NONE),
            Event::Call | Event::CReturn | Event::CRaise => {
                let &[_, callee, first] = arguments else { return Ok(()) };
                let Some(native) = self.as_profiled(callee, first)? else { return Ok(()) };
                match event {
                    Event::Call => (Word::NativeCall, native),
                    Event::CReturn => (Word::NativeReturn, native),
                    _ => (Word::NativeException, native),
                }
            }
            _ => return Ok(()),
        };
        let (frame, what) = (self.frame_object_at(here.frame), self.watchers.words[what as usize]);
        let function = self.thread.profile;
        match self.call(function, &[frame, what, argument]) {
            Ok(_) => Ok(()),
            Err(Raised) => {
                self.set_profile(Value::UNBOUND);
                Err(Raised)
            }
        }
    }

    /// A native function as profile functions are told of it: methods are bound. `None`: it is none.
    pub fn as_profiled(&mut self, callee: Value, first: Value) -> PyResult<Option<Value>> {
        if self.is_exact(callee, BuiltinType::NativeFunction) {
            // SAFETY: an exact native function; bindings live as long as the VM.
            let is_method = unsafe {
                let native = &*callee.as_ptr::<NativeFunction>();
                native.owner.is_unbound() && (*native.binding).has_self
            };
            if !is_method {
                return Ok(Some(callee));
            }
        } else if !self.is_exact(callee, BuiltinType::NativeMethod) {
            return Ok(None);
        }
        if first == self.watchers.missing {
            return Ok(None);
        }
        let (get, class) = (self.intern("__get__"), Value::object(self.class_of(first)));
        self.call_method(callee, get, &[first, class]).map(Some)
    }
}
