//! Telling of exceptions, as frames are unwound.

use super::Event;
use super::places::LineStart;
use super::tell::Here;
use crate::bytecode::Opcode;
use crate::interp::dispatch::State;
use crate::interp::frame::Frame;
use crate::value::Value;
use crate::vm::{Raised, Vm};

impl Vm {
    /// A frame that is left by a RERAISE stands where the exception was raised first.
    ///
    /// # Safety
    /// As for `tell_of_exception`.
    unsafe fn go_back_to_raise(frame: *mut Frame) {
        // SAFETY: the caller's promise; a RERAISE has what its argument says on the stack.
        unsafe {
            let code = &mut *(*frame).code;
            let decoded = code.original[Frame::instruction_index(frame)];
            if decoded.opcode != Opcode::Reraise || decoded.arg == 0 {
                return;
            }
            let place = *(*frame).sp.sub(1 + decoded.arg as usize);
            if place.is_int() && (place.as_int() as usize) < code.instructions.len() {
                (*frame).ip = code.instructions.as_mut_ptr().add(place.as_int() as usize);
            }
        }
    }

    /// Tells of the pending exception, at a frame's instruction. What a callback raises takes its place.
    ///
    /// # Safety
    /// The frame is the running one, and knows its instruction and the top of its stack.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn tell_of_exception(&mut self, event: Event, frame: *mut Frame) {
        // SAFETY: the caller's promise.
        unsafe {
            let tools = self.watchers.tools_for(event);
            if tools == 0 || self.is_telling || (*(*frame).code).is_hidden() {
                return;
            }
            if event == Event::PyUnwind {
                Self::go_back_to_raise(frame);
            }
            let here = Here::of(frame, Frame::instruction_index(frame));
            let exception = self.take_exception();
            match self.tell(tools, event, here, &[here.offset(), exception]) {
                Ok(()) => self.exception = exception,
                Err(Raised) if event == Event::PyUnwind => {}
                Err(Raised) => self.add_traceback(self.exception, frame),
            }
        }
    }

    /// The pending exception is handled in a frame, from an instruction on.
    ///
    /// # Safety
    /// As for `tell_of_exception`.
    #[cold]
    #[inline(never)]
    pub(crate) unsafe fn tell_of_handler(&mut self, frame: *mut Frame, target: u32) {
        // SAFETY: the caller's promise.
        unsafe {
            let raised_at = Frame::instruction_index(frame);
            let here = Here::of(frame, target as usize);
            if here.line_start() != LineStart::No {
                let positions = (*(*frame).code).positions();
                let line = |index: usize| positions.get(index).map_or(-1, |position| position.line);
                let starts = line(raised_at) != line(target as usize);
                let is_turned = starts != (here.line_start() == LineStart::Falling);
                self.turned_at = is_turned.then_some((frame as usize, target as usize));
            }
            let tools = self.watchers.tools_for(Event::ExceptionHandled);
            if tools == 0 || self.is_telling {
                return;
            }
            let exception = self.take_exception();
            if self.tell(tools, Event::ExceptionHandled, here, &[here.offset(), exception]).is_ok() {
                self.exception = exception;
            }
        }
    }

    /// An exception is thrown into a generator, which is at `state`; gives what is to be raised there.
    pub(crate) fn tell_of_throw(&mut self, state: State, exception: Value) -> Value {
        let tools = self.watchers.tools_for(Event::PyThrow);
        if tools == 0 || self.is_telling {
            return exception;
        }
        // SAFETY: callers pass the state in the generator's frame, which was just entered.
        let here = unsafe {
            state.save();
            Here::of(state.frame, Frame::instruction_index(state.frame))
        };
        match self.tell(tools, Event::PyThrow, here, &[here.offset(), exception]) {
            Ok(()) => exception,
            Err(Raised) => self.take_exception(),
        }
    }
}
