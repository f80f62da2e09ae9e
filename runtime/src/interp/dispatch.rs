//! Running instructions. A dispatcher dispatches; the meanings are in `handlers`.

use super::code::Instruction;
use super::frame::Frame;
use super::op::{HANDLERS, Op};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// Where tier 1 stands: about to run `ip` with the value stack's first free slot at `sp`.
///
/// `frame` null: the run is over, its outcome is in `vm.result` or `vm.exception`.
#[derive(Clone, Copy)]
pub struct State {
    pub ip: *mut Instruction,
    pub sp: *mut Value,
    pub frame: *mut Frame,
}

impl State {
    pub const OVER: State = State { ip: std::ptr::null_mut(), sp: std::ptr::null_mut(), frame: std::ptr::null_mut() };
}

macro_rules! define_match_loop {
    ($($name:ident = $handler:path;)*) => {
        use super::handlers as h;
        /// Runs until the run is over or the recorder is switched on.
        ///
        /// # Safety
        /// The state describes a live frame of this VM.
        #[inline(never)]
        unsafe fn run_match(vm: &mut Vm, mut state: State) -> State {
            $(#[expect(non_upper_case_globals, reason = "match arms named as the table names them")]
            const $name: u16 = Op::$name as u16;)*
            loop {
                // SAFETY: `ip` points into the instructions of the frame's code; handlers keep the state true.
                unsafe {
                    state = match (*state.ip).op {
                        $($name => $handler(vm, state),)*
                        _ => std::hint::unreachable_unchecked(),
                    };
                }
                if state.frame.is_null() {
                    return state;
                }
            }
        }
    };
}
crate::for_each_op!(define_match_loop);

impl Vm {
    /// Runs a frame that was just pushed, until it returns.
    pub fn run_call(&mut self, frame: *mut Frame) -> PyResult {
        // SAFETY: callers pass a frame from `push_call`.
        unsafe {
            (*frame).flags |= Frame::ENTRY;
            (*frame).previous = self.frame;
            self.frame = frame;
            self.depth += 1;
            self.run(State { ip: (*frame).ip, sp: (*frame).sp, frame })
        }
    }

    /// Runs from a state until its entry frame is left.
    ///
    /// # Safety
    /// The state describes a live frame of this VM; a frame at or below it is an entry frame.
    pub unsafe fn run(&mut self, mut state: State) -> PyResult {
        loop {
            // SAFETY: the caller's promise.
            unsafe {
                state = run_match(self, state);
            }
            // A handler that switches the recorder on ends the loop, too.
            if let Some(resume_at) = self.jit.resume_at.take() {
                // SAFETY: the state that the handler would have gone on with.
                state = unsafe { crate::trace::record_until_done(self, resume_at, HANDLERS) };
            }
            if state.frame.is_null() {
                return if self.exception.is_unbound() { Ok(self.result) } else { Err(Raised) };
            }
        }
    }
}
