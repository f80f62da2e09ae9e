//! What each instruction does. A handler takes the state before the instruction and gives the state after it.
//!
//! Safety, for all of them: the state describes a live frame of the VM and `ip` one of its instructions; the compiler's
//! stack effects (checked when code is decoded) keep `sp` inside the frame.

#![expect(clippy::missing_safety_doc, reason = "said once, above")]

pub mod arithmetic;
pub mod attributes;
pub mod calls;
pub mod containers;
pub mod control;
pub mod exceptions;
pub mod generators;
pub mod moves;
pub mod names;
pub mod resuming;
pub mod special;

use super::dispatch::State;
use super::frame::Frame;
use crate::value::Value;

impl State {
    #[inline(always)]
    pub unsafe fn arg(self) -> usize {
        // SAFETY: `ip` is an instruction.
        unsafe { (*self.ip).arg as usize }
    }
    /// The value `depth` places down from the top (1 is the top).
    #[inline(always)]
    pub unsafe fn peek(self, depth: usize) -> Value {
        // SAFETY: the handler's stack effect says that it is there.
        unsafe { *self.sp.sub(depth) }
    }
    #[inline(always)]
    pub unsafe fn local(self, slot: usize) -> *mut Value {
        // SAFETY: slots in arguments are checked when code is decoded.
        unsafe { Frame::slot(self.frame, slot) }
    }
    /// On to the next instruction.
    #[inline(always)]
    pub unsafe fn next(self) -> State {
        // SAFETY: the last instruction does not fall through.
        State { ip: unsafe { self.ip.add(1) }, ..self }
    }
    /// Pops `n`, pushes `value`, goes on.
    #[inline(always)]
    pub unsafe fn reduce(self, n: usize, value: Value) -> State {
        // SAFETY: as in `peek`.
        unsafe {
            let at = self.sp.sub(n);
            *at = value;
            State { ip: self.ip.add(1), sp: at.add(1), ..self }
        }
    }
    #[inline(always)]
    pub unsafe fn drop(self, n: usize) -> State {
        // SAFETY: as in `peek`.
        unsafe { State { ip: self.ip.add(1), sp: self.sp.sub(n), ..self } }
    }
    #[inline(always)]
    pub unsafe fn jump(self, index: usize) -> State {
        // SAFETY: jump targets are checked when code is decoded.
        unsafe { State { ip: (*(*self.frame).code).instructions.as_mut_ptr().add(index), ..self } }
    }
    /// On to the instruction whose distance in bytes stands in this one's second cache word.
    #[inline(always)]
    pub unsafe fn branch(self) -> State {
        // SAFETY: `build` put the distance to a checked target there.
        unsafe { State { ip: self.ip.byte_offset((*self.ip).cache[1] as isize), ..self } }
    }
    /// On behind a branch that is not taken, and behind the mark for it; the distance is in the first cache word.
    #[inline(always)]
    pub unsafe fn fall_through(self) -> State {
        // SAFETY: as in `branch`.
        unsafe { State { ip: self.ip.byte_add((*self.ip).cache[0] as usize), ..self } }
    }
    /// Makes the frame's place visible to whoever looks at it during a call.
    #[inline(always)]
    pub unsafe fn save(self) {
        // SAFETY: a live frame.
        unsafe {
            (*self.frame).ip = self.ip;
            (*self.frame).sp = self.sp;
        }
    }
    /// The instruction's name operand.
    #[inline(always)]
    pub unsafe fn name(self, index: usize) -> Value {
        // SAFETY: names are a tuple, and indices are checked when code is decoded.
        unsafe {
            let names = (*(*self.frame).code_object).names.as_ptr::<crate::object::layout::TupleObject>();
            *(&raw const (*names).items).cast::<Value>().add(index)
        }
    }
    /// The values on top, `n` of them.
    #[inline(always)]
    pub unsafe fn top<'a>(self, n: usize) -> &'a [Value] {
        // SAFETY: as in `peek`.
        unsafe { std::slice::from_raw_parts(self.sp.sub(n), n) }
    }
}

/// `match` on a result inside a handler: the value, or off to the exception's handler.
macro_rules! attempt {
    ($vm:ident, $state:ident, $result:expr) => {{
        $state.save();
        match $result {
            Ok(value) => value,
            Err(crate::vm::Raised) => return $crate::interp::unwind::raise($vm, $state),
        }
    }};
}
pub(crate) use attempt;
