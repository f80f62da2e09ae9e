//! Frames.
//!
//! ```text
//!   | Frame (header) | locals, cells, frees | value stack … |
//!   ^ frame          ^ slot 0               ^ slot n_localsplus
//! ```
//!
//! Frames of functions lie on the thread's data stack one behind the other; a generator's lies in the generator. Each
//! knows its caller.

use super::code::{Code, Instruction};
use crate::object::layout::{CodeObject, GeneratorObject};
use crate::uop::CallKind;
use crate::value::Value;

#[repr(C)]
pub struct Frame {
    pub previous: *mut Frame,
    pub code_object: *mut CodeObject,
    pub code: *mut Code,
    /// Unbound for module and class bodies.
    pub function: Value,
    pub globals: Value,
    pub builtins: Value,
    /// The mapping of a module's or class's names; unbound in functions.
    pub locals: Value,
    /// The instruction being executed when the frame calls something; where it goes on when resumed.
    pub ip: *mut Instruction,
    /// Top of the value stack while the frame is not the running one.
    pub sp: *mut Value,
    /// The generator that owns the frame, or null.
    pub generator: *mut GeneratorObject,
    pub flags: u64,
}

impl Frame {
    /// Returning from it leaves the interpreter's run loop.
    pub const ENTRY: u64 = 1;
    /// It runs a class's `__init__`: its result is dropped and the instance given instead (slot on the caller's stack).
    pub const INIT: u64 = 2;
    /// It runs a special method: the caller's instruction, whose operands are on its stack, makes its result of the answer.
    pub const OPERATOR: u64 = 4;
    /// It has a frame object, which takes over what is left of it when it ends.
    pub const HAS_OBJECT: u64 = 8;
    /// What a call of this kind, from a frame, is marked with.
    pub fn flags_of(kind: CallKind) -> u64 {
        match kind {
            CallKind::Plain => 0,
            CallKind::Init => Self::INIT,
            CallKind::Operator => Self::OPERATOR,
        }
    }
    /// The first slot's word index from the frame's address.
    pub const WORDS: usize = size_of::<Frame>() / 8;

    /// # Safety
    /// `frame` is a live frame and `slot < frame_slots()` of its code.
    #[inline(always)]
    pub unsafe fn slot(frame: *mut Frame, slot: usize) -> *mut Value {
        // SAFETY: the slots follow the header.
        unsafe { frame.cast::<Value>().add(Self::WORDS + slot) }
    }
    /// # Safety
    /// `frame` is a live frame.
    #[inline(always)]
    pub unsafe fn stack_base(frame: *mut Frame) -> *mut Value {
        // SAFETY: the caller's promise.
        unsafe { Self::slot(frame, (*(*frame).code).n_localsplus) }
    }
    /// # Safety
    /// `frame` is a live frame.
    pub unsafe fn instruction_index(frame: *mut Frame) -> usize {
        // SAFETY: `ip` points into the instructions of the frame's code.
        unsafe { (*frame).ip.offset_from((*(*frame).code).instructions.as_ptr()) as usize }
    }
}
